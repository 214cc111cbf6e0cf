using System.Reflection;

namespace Sweeps.Silo;

/// <summary>The program's version, with the revision it was built from.</summary>
public static class ProgramVersion
{
    /// <summary><c>0.1.0+revision</c>: that of the program that was started, which alone is compiled anew for each
    /// revision.</summary>
    public static string Text { get; } =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "unknown";
}

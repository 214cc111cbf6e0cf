using System.Reflection;

namespace Sweeps.Silo;

/// <summary>The program's version, with the revision it was built from.</summary>
public static class SiloVersion
{
    /// <summary><c>0.1.0+revision</c>.</summary>
    public static string Text { get; } =
        typeof(SiloVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "0";
}

using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Sweeps.Client.Machine;

/// <summary>Versions: the program, the runtime, the system, the packages that do the work.</summary>
internal static class ProgramCheck
{
    public static IEnumerable<Finding> Run()
    {
        var version = typeof(ProgramCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        yield return new("program", "sweeps", version?.InformationalVersion ?? "unknown");
        yield return new("program", ".NET", RuntimeInformation.FrameworkDescription);
        yield return new(
            "program", "system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return new("program", "Orleans", Version(typeof(global::Orleans.IGrainWithStringKey).Assembly));
        yield return new("program", "TorchSharp", Version(typeof(torch).Assembly));
    }

    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', ' ')[0].TrimEnd('.')
        ?? assembly.GetName().Version?.ToString(3) ?? "unknown";
}

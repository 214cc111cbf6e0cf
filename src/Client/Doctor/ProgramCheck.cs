using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Sweeps.Client.Doctor;

/// <summary>Versions: the program, the runtime, the system, and whether packages or compat/ are used.</summary>
internal static class ProgramCheck
{
    public static IEnumerable<Finding> Run()
    {
        var version = typeof(ProgramCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        yield return new("program", "sweeps", version?.InformationalVersion ?? "unknown");
        yield return new("program", ".NET", RuntimeInformation.FrameworkDescription);
        yield return new(
            "program", "system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return new("program", "Orleans", Origin(typeof(global::Orleans.IGrainWithStringKey).Assembly));
        yield return new("program", "TorchSharp", Origin(typeof(torch).Assembly));
    }

    // The stand-ins under compat/ are built with this program and carry its product name.
    private static string Origin(Assembly assembly)
    {
        var own = typeof(ProgramCheck).Assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product;
        return assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product == own
            ? "compat, built with this program: the package is lacking or does not load here"
            : $"package {assembly.GetName().Version?.ToString(3)}";
    }
}

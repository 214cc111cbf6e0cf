using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Sweeps.Build.Torch;
using Sweeps.Silo;
using Sweeps.Store;
using TorchSharp;

namespace Sweeps.Client.Machine;

/// <summary>Versions: the program, the runtime, the system, the packages that do the work.</summary>
internal static class ProgramCheck
{
    public static IEnumerable<Finding> Run()
    {
        yield return new("program", "sweeps", ProgramVersion.Text);
        yield return new("program", ".NET", RuntimeInformation.FrameworkDescription);
        yield return new(
            "program", "system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return new("program", "Orleans", Version(typeof(global::Orleans.IGrainWithStringKey).Assembly));
        yield return new("program", "TorchSharp", Version(typeof(torch).Assembly));
        foreach (var (name, loaded) in StoreProbe.Libraries())
            yield return new("program", name, loaded);
    }

    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+', ' ')[0].TrimEnd('.')
        ?? assembly.GetName().Version?.ToString(3) ?? "unknown";
}

/// <summary>libtorch and its binding, as really loaded by this process.</summary>
internal static class LibraryCheck
{
    private const string NewestVersion = "GLIBCXX_3.4.32"; // Of libstdc++: TorchSharp's library was built with GCC 13.
    private const string Reinstall = "remove src/Client/bin and build again; it needs glibc 2.34 or newer on Linux";

    public static IReadOnlyList<Finding> Run()
    {
        try
        {
            // Loads the library: a damaged or unsuitable one throws here.
            using var probe = torch.ones(2, 2);
            return [Torch(), .. Binding()];
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException
            or NotSupportedException or BadImageFormatException or EntryPointNotFoundException)
        {
            var cause = error is TypeInitializationException { InnerException: { } inner } ? inner : error;
            return [new("libtorch", "library", cause.Message, FindingStatus.Missing, Reinstall)];
        }
    }

    private static Finding Torch()
    {
        var path = Loaded("libtorch_cpu").FirstOrDefault() ?? Loaded("torch").FirstOrDefault() ?? "path unknown";
        return new("libtorch", "library", $"{torch.__version__}, {path}");
    }

    // On Linux the build marks a copy of the library where the system's libstdc++ is older than the library's.
    private static IEnumerable<Finding> Binding()
    {
        if (Loaded("libLibTorchSharp.so").FirstOrDefault() is not { } path)
            yield break;
        var need = new ElfLibrary(File.ReadAllBytes(path)).Find(NewestVersion);
        yield return new("libtorch", "binding", need is { IsWeak: true }
            ? $"{path}, marked by the build to load without {NewestVersion}, of which it uses no symbol"
            : path);
    }

    private static IEnumerable<string> Loaded(string part)
    {
        using var process = Process.GetCurrentProcess();
        return
        [
            .. process.Modules.Cast<ProcessModule>()
                .Select(module => module.FileName ?? string.Empty)
                .Where(path => Path.GetFileName(path).Contains(part, StringComparison.OrdinalIgnoreCase))
                .Select(path => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path),
        ];
    }
}

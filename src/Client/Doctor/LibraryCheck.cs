using System.Diagnostics;
using TorchSharp;

namespace Sweeps.Client.Doctor;

/// <summary>libtorch and the BLAS under it: what was really loaded, asked of the process itself.</summary>
internal static class LibraryCheck
{
    private const string MendTorch =
        "sudo apt-get install -y libtorch-dev libopenblas0-pthread g++; remove .build, which remembers the choice; "
        + "start ./sweeps again";

    private const string MendBlas = "sudo apt-get install -y libopenblas0-pthread";
    private static readonly string[] s_goodBlas = ["openblas", "mkl", "accelerate", "blis"];

    public static IReadOnlyList<Finding> Run()
    {
        try
        {
            // Loads the library; what is wrong with it shows here.
            using var probe = torch.ones(2, 2);
            return [Torch(), Blas()];
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException
            or NotSupportedException or BadImageFormatException or EntryPointNotFoundException)
        {
            var cause = error is TypeInitializationException { InnerException: { } inner } ? inner : error;
            return [new("libtorch", "library", cause.Message, FindingStatus.Missing, MendTorch)];
        }
    }

    private static Finding Torch()
    {
        var path = Loaded("libtorch_cpu").FirstOrDefault() ?? Loaded("torch").FirstOrDefault() ?? "place unknown";
        return new("libtorch", "library", $"{torch.__version__}, {path}");
    }

    private static Finding Blas()
    {
        var loaded = Loaded("blas").Concat(Loaded("mkl_")).Distinct().ToList();
        if (loaded.Count == 0)
            return new("libtorch", "BLAS", "built into libtorch");
        var good = loaded.Find(path => s_goodBlas.Any(
            name => path.Contains(name, StringComparison.OrdinalIgnoreCase)));
        return good is not null
            ? new("libtorch", "BLAS", good)
            : new("libtorch", "BLAS", $"{loaded[0]}: the plain one, many times slower", FindingStatus.Poor, MendBlas);
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

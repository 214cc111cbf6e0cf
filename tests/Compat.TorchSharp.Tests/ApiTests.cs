using System.Diagnostics;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

public class ApiTests
{
    /// <summary>Whatever compiles against compat/TorchSharp has to compile against the package.</summary>
    [SharedFolderFact]
    public void PublicApi_OfTheAssemblyInUse_IsPartOfTheRealOne()
    {
        var work = Directory.CreateTempSubdirectory("apilist");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(SharedFolder.Path!, "tools", "apilist")))
                File.WriteAllBytes(Path.Combine(work.FullName, Path.GetFileName(file)), File.ReadAllBytes(file));
            var built = Dotnet(
                work.FullName, "build", "-o", "out", "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false");
            Assert.True(built.ExitCode == 0, built.Output);

            var listing = Path.Combine(SharedFolder.Path!, "api", "torchsharp-0.106.txt");
            var check = Dotnet(
                work.FullName, Path.Combine("out", "apilist.dll"), "check", Path.GetFullPath(listing),
                typeof(Tensor).Assembly.Location);
            Assert.True(check.ExitCode == 0, check.Output);
        }
        finally
        {
            work.Delete(true);
        }
    }

    private static (int ExitCode, string Output) Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the test host was told about itself is not for another program's build.
        foreach (var name in start.Environment.Keys.Where(
            key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}

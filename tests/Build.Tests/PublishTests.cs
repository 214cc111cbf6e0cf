using System.Text.Json;
using Sweeps.Build.Torch;
using Sweeps.Tests;

namespace Sweeps.Build.Tests;

/// <summary>What <c>dotnet publish</c> makes runs alone, away from the checkout; and libtorch lies on the disk
/// once.</summary>
[Trait("Speed", "slow")]
public sealed class PublishTests
{
    private const string Sweep = """
        data: {name: digits, samples: 200}
        architectures: [linear]
        parameters: {learning_rate: 0.01, batch_size: 20}
        folds: 2
        epochs: 1
        """;

    [Fact]
    [Trait("Speed", "nightly")]
    public async Task Publish_AwayFromTheCheckout_TrainsAndNamesItsLibraries()
    {
        var folder = Directory.CreateTempSubdirectory("sweeps-publish-").FullName;
        try
        {
            var program = Path.Combine(folder, "program");
            var publish = await Shell.RunAsync(
                "dotnet",
                ["publish", "src/Client", "-c", "Release", "-o", program, "--no-restore", "--nologo", "-v", "quiet"],
                deadline: TimeSpan.FromMinutes(10));
            Assert.True(publish.ExitCode == 0, publish.All);
            await File.WriteAllTextAsync(Path.Combine(folder, "tiny.yaml"), Sweep);

            var result = await JsonAsync(folder, program, "run", "tiny.yaml", "--json");
            Assert.Equal("completed", result.GetProperty("state").GetString());
            Assert.Equal(3, result.GetProperty("unique").GetInt64());
            CheckLibraries(await JsonAsync(folder, program, "doctor", "--json"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Build_OfTwoPrograms_HoldsLibtorchOnce()
    {
        if (OperatingSystem.IsWindows())
            return; // No 'stat'; the setting is the same.
        var configuration = Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name;
        var copies = new[] { "src/Client", "tests/Training.Host" }
            .Select(project => RepositoryRoot.Combine(project, "bin", configuration, "net10.0", "runtimes"))
            .Select(folder => Directory.GetFiles(folder, "libtorch_cpu.*", SearchOption.AllDirectories).Single())
            .ToArray();

        var files = await Shell.RunAsync("stat", ["-L", "-c", "%d:%i", .. copies]);

        Assert.Single(files.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
    }

    private static void CheckLibraries(JsonElement doctor)
    {
        Assert.StartsWith("10.4.2", Value(doctor, "Orleans"));
        Assert.StartsWith("0.107", Value(doctor, "TorchSharp"));
        Assert.StartsWith("2.10", Value(doctor, "library"));
        if (!OperatingSystem.IsLinux())
            return;
        var binding = Value(doctor, "binding");
        var path = binding.Split(',')[0];
        var marked = new ElfLibrary(File.ReadAllBytes(path)).Find("GLIBCXX_3.4.32") is { IsWeak: true };
        Assert.Equal(marked, binding.Contains("marked", StringComparison.Ordinal));
        Assert.Equal(
            marked,
            !File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(MarkTests.PackageLibrary)));
    }

    private static string Value(JsonElement doctor, string name) =>
        doctor.GetProperty("findings").EnumerateArray()
            .First(finding => finding.GetProperty("name").GetString() == name
                && finding.GetProperty("area").GetString() is "program" or "libtorch")
            .GetProperty("value").GetString()!;

    private static async Task<JsonElement> JsonAsync(string folder, string program, params string[] arguments)
    {
        var result = await Shell.RunAsync("dotnet", [Path.Combine(program, "sweeps.dll"), .. arguments], folder);
        Assert.True(result.ExitCode == 0, result.All);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}

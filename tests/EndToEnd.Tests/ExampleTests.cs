using System.Text.RegularExpressions;
using Sweeps.Tests;

namespace Sweeps.EndToEnd.Tests;

/// <summary>Every file in examples/ runs from beginning to end, shortened by overrides; on stand-in data where it
/// asks for a download.</summary>
[Trait("Speed", "slow")]
public sealed partial class ExampleTests
{
    public static TheoryData<string> Files { get; } =
        new(Directory.GetFiles(RepositoryRoot.Combine("examples"), "*.yaml").Select(file => Path.GetFileName(file)!)
            .Order());

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Example_Shortened_RunsToItsAnswer(string file)
    {
        using var folder = new TemporaryFolder();
        StandInData.Write(Path.Combine(folder.Path, "data"));
        var path = await PrepareAsync(folder.Path, file);
        var samples = file.StartsWith("csv", StringComparison.Ordinal) ? "data.samples=60" : "data.samples=120";
        string[] shorter = ["--set", "epochs=1", "--set", samples, "--data-dir", Path.Combine(folder.Path, "data")];

        var result = await SweepsProcess.RunJsonAsync(folder.Path, ["run", path, .. shorter]);

        Assert.Equal("completed", result.GetProperty("state").GetString());
        Assert.Equal(
            result.GetProperty("planned").GetInt64(),
            result.GetProperty("unique").GetInt64() + result.GetProperty("stopped").GetInt64());
        var results = Directory.GetDirectories(Path.Combine(folder.Path, ".sweeps", "results")).Single();
        var csv = await File.ReadAllLinesAsync(Path.Combine(results, "results.csv"));
        Assert.Contains("mean_test_score", csv[0]);
        Assert.True(File.Exists(Path.Combine(results, "model.safetensors")));
    }

    /// <summary>A copy of the file beside its data, after the command that it asks for first, shortened.</summary>
    private static async Task<string> PrepareAsync(string folder, string file)
    {
        var examples = Directory.CreateDirectory(Path.Combine(folder, "examples")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(examples, "data"), RepositoryRoot.Combine("examples", "data"));
        var path = Path.Combine(examples, file);
        File.Copy(RepositoryRoot.Combine("examples", file), path);
        if (First().Match(await File.ReadAllTextAsync(path)) is { Success: true } first)
        {
            var command = first.Groups[1].Value
                .Replace("--epochs 5", "--epochs 1 --samples 200", StringComparison.Ordinal);
            await SweepsProcess.RunJsonAsync(folder, command.Split(' '));
        }

        return path;
    }

    [GeneratedRegex("(?m)^# First: sweeps (.*)$")]
    private static partial Regex First();
}

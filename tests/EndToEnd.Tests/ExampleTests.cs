using Sweeps.Tests;

namespace Sweeps.EndToEnd.Tests;

/// <summary>Every file in examples/ runs from beginning to end, shortened by overrides; on stand-in data where it
/// asks for a download.</summary>
[Trait("Speed", "slow")]
public sealed class ExampleTests
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
        var path = RepositoryRoot.Combine("examples", file);
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
}

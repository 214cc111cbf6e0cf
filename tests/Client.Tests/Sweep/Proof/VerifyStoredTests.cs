using Sweeps.Core;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Tests.Sweep.Proof;

/// <summary>What lies beside the log is altered in a copy of an honest sweep's store; verify must find it.</summary>
public sealed class VerifyStoredTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>, IDisposable
{
    private readonly Workplace _copy = new();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public async Task Verify_ModelOfOtherWeights_IsFound()
    {
        await AlterAsync(async store =>
        {
            var model = Assert.Single(
                await store.Artifacts.ListAsync("tiny"), one => one.Key.Name == ArtifactKey.Model);
            var bytes = await store.Artifacts.ReadAsync(model.Digest);
            bytes[^1] ^= 1;
            var saved = await store.Artifacts.SaveAsync(
                model.Key, model.Attempt + 1, model.Epoch, new MemoryStream(bytes));
            Assert.NotNull(saved);
        });

        Assert.Contains("stored model of trial", await ProblemAsync("0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ModelThatIsGone_IsNotCountedAmongThoseThatAgree()
    {
        await AlterAsync(_ => Task.CompletedTask);
        var artifacts = Path.Combine(_copy.Store, "artifacts");
        foreach (var file in Directory.GetFiles(artifacts, "*", SearchOption.AllDirectories))
            File.Delete(file);

        var answer = await _copy.RunAsync("verify", "tiny", "--sample", "0", "--json");

        Assert.Equal((int)ErrorKind.Sweep, answer.Code);
        var stored = answer.Json().GetProperty("stored");
        Assert.Equal((0, 9), (stored.GetProperty("models").GetInt32(), stored.GetProperty("curves").GetInt32()));
        Assert.Contains(
            "is missing or damaged", Assert.Single(stored.GetProperty("problems").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Verify_LastEpochOfACurveAltered_IsFoundWithoutTraining()
    {
        await AlterAsync(store => AlterRowAsync(store, epoch: 2));

        Assert.Contains("no epoch in the curve of trial", await ProblemAsync("0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_EarlierEpochOfACurveAltered_IsFoundByTraining()
    {
        await AlterAsync(store => AlterRowAsync(store, epoch: 1));

        var answer = await _copy.RunAsync("verify", "tiny", "--sample", "9", "--json");

        Assert.Equal((int)ErrorKind.Sweep, answer.Code);
        Assert.Equal(8, answer.Json().GetProperty("equal").GetInt32());
        var trial = Assert.Single(
            answer.Json().GetProperty("trials").EnumerateArray(), trial => !trial.GetProperty("equal").GetBoolean());
        Assert.Equal("1/0", trial.GetProperty("trial").GetString());
        Assert.Equal(1, trial.GetProperty("differing_epochs")[0].GetInt32());
    }

    [Fact]
    public async Task Run_FinishedSweepWhoseModelIsGone_WritesAllElseAndSaysIt()
    {
        await AlterAsync(_ => Task.CompletedTask);
        var artifacts = Path.Combine(_copy.Store, "artifacts");
        foreach (var file in Directory.GetFiles(artifacts, "*", SearchOption.AllDirectories))
            File.Delete(file);
        Directory.Delete(Path.Combine(_copy.Store, "results"), recursive: true);

        var answer = await _copy.RunSweepAsync();

        Assert.Equal(0, answer.Code);
        Assert.Contains("note: the best model is not written", answer.Error, StringComparison.Ordinal);
        Assert.Contains("digest", answer.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_copy.Results("tiny", "confusion.csv")));
        Assert.False(File.Exists(_copy.Results("tiny", "model.safetensors")));
    }

    private static async Task AlterRowAsync(ISweepStore store, int epoch)
    {
        var row = Assert.Single(
            await store.Metrics.ReadTrialAsync(new("tiny", 1, 0)), row => row.Report.Epoch == epoch);
        await store.Metrics.PutAsync(
            [row with { Report = row.Report with { ValidationMetric = row.Report.ValidationMetric + 0.01 } }]);
    }

    private async Task<string> ProblemAsync(string sample)
    {
        var answer = await _copy.RunAsync("verify", "tiny", "--sample", sample, "--json");
        Assert.Equal((int)ErrorKind.Sweep, answer.Code);
        Assert.False(answer.Json().GetProperty("holds").GetBoolean());
        return Assert.Single(answer.Json().GetProperty("stored").GetProperty("problems").EnumerateArray()).GetString()!;
    }

    private async Task AlterAsync(Func<ISweepStore, Task> alter)
    {
        foreach (var file in Directory.GetFiles(sweep.Place.Store, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(_copy.Store, Path.GetRelativePath(sweep.Place.Store, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path, overwrite: true);
        }

        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_copy.Store));
        await alter(store);
    }
}

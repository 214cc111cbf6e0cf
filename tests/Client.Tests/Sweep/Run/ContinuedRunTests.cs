using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>
/// Sweeps that go on from the checkpoints of shorter ones. Each digest is compared with that of a store of its own
/// where everything was trained from the start.
/// </summary>
[Trait("Speed", "slow")]
public sealed class ContinuedRunTests : IDisposable
{
    private readonly Workplace _place = new();
    private readonly Workplace _other = new();

    public void Dispose()
    {
        _place.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData()]
    [InlineData("score=best")]
    [InlineData("patience=2", "parameters.learning_rate=[0.003, 0.3]")]
    [InlineData("schedule={method: halving, over: epochs, eta: 2}", "refit=false")]
    public async Task Run_MoreEpochs_GoesOnFromWhatWasKept(params string[] more)
    {
        string[] settings = [.. more.SelectMany(set => new[] { "--set", set })];
        string[] shorter = [.. settings.Where(set => !set.StartsWith("schedule", StringComparison.Ordinal))];
        if (shorter.Length < settings.Length)
            shorter = ["--set", "refit=false"];
        await RunAsync(_place, ["--name", "short", "--keep-checkpoints", .. shorter]);
        var longer = await RunAsync(_place, ["--name", "long", "--set", "epochs=5", .. settings]);
        var trained = await RunAsync(_other, ["--set", "epochs=5", .. settings, "--no-reuse"]);

        Assert.Equal(Digest(trained), Digest(longer));
        Assert.InRange(Continued(longer), 1, 9);
        Assert.InRange(longer.GetProperty("continued_seconds").GetDouble(), 1e-6, double.MaxValue);
        Assert.False(trained.TryGetProperty("continued", out var none) && none.ValueKind == JsonValueKind.Number);
        var page = (await _place.RunAsync("show", "long")).Output;
        Assert.Contains($"{Continued(longer)} of ", page, StringComparison.Ordinal);
        Assert.Contains("from their 2nd epoch,", page, StringComparison.Ordinal);
        var verified = await _place.RunAsync("verify", "long", "--sample", "9");
        Assert.True(verified.Code == 0, verified.Output);
    }

    [Fact]
    public async Task Run_MoreEpochs_HasTheWholeCurveAndOutlivesItsSource()
    {
        await RunAsync(_place, "--name", "short", "--set", "keep_checkpoints=true");
        string[] wanted = ["--set", "epochs=4"];
        var preview = (await _place.RunAsync(
            ["preview", _place.SweepFile, "--set", "data.samples=600", .. wanted, "--json"])).Json();
        Assert.Equal((0, 8, 16), (
            preview.GetProperty("known").GetInt32(), preview.GetProperty("begun").GetInt32(),
            preview.GetProperty("epochs").GetInt32()));
        var longer = await RunAsync(_place, ["--name", "long", .. wanted]);
        Assert.Equal(9, Continued(longer));
        Assert.Equal(0, (await _place.RunAsync("delete", "short", "--yes")).Code);

        var trial = (await _place.RunAsync("show", "long", "--trial", "0/1", "--json")).Json();
        Assert.Equal(2, trial.GetProperty("continued").GetProperty("epochs").GetInt32());
        Assert.Equal([1, 2, 3, 4],
            trial.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.Equal(0, (await _place.RunAsync("verify", "long", "--sample", "9")).Code);
        // What was not kept cannot be gone on from; what is there is taken over.
        Assert.Equal(0, Continued(await RunAsync(_place, "--name", "third", "--set", "epochs=6")));
    }

    [Fact]
    public async Task Run_WithoutReuse_KeepsButDoesNotTake()
    {
        await RunAsync(_place, "--name", "short", "--keep-checkpoints");
        Assert.Equal(
            0, Continued(await RunAsync(_place, "--name", "long", "--set", "epochs=4", "--no-reuse",
                "--keep-checkpoints")));
        Assert.Equal(9, Continued(await RunAsync(_place, "--name", "longer", "--set", "epochs=5")));
        var trial = (await _place.RunAsync("show", "longer", "--trial", "0/1", "--json")).Json();
        Assert.Equal(4, trial.GetProperty("continued").GetProperty("epochs").GetInt32());
    }

    /// <summary>Its checkpoint is damaged on the disk: it begins from the start, and says so.</summary>
    [Fact]
    public async Task Run_KeptCheckpointDamaged_TrainsFromTheStart()
    {
        await RunAsync(_place, "--name", "short", "--keep-checkpoints", "--set", "refit=false");
        foreach (var blob in Directory.EnumerateFiles(Path.Combine(_place.Store, "artifacts"), "*",
            SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(blob);
            bytes[bytes.Length / 2] ^= 1;
            File.SetAttributes(blob, FileAttributes.Normal);
            await File.WriteAllBytesAsync(blob, bytes);
        }

        var longer = await RunAsync(_place, "--name", "long", "--set", "epochs=3", "--set", "refit=false");
        Assert.Equal(0, Continued(longer));
        Assert.Equal(
            Digest(await RunAsync(_other, "--set", "epochs=3", "--set", "refit=false")), Digest(longer));
        var verified = await _place.RunAsync("verify", "short", "--sample", "1");
        Assert.NotEqual(0, verified.Code);
        Assert.Contains("the checkpoint that trial", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_KeptCheckpoints_AreFreedByTheirOptionAlone()
    {
        await RunAsync(_place, "--name", "short", "--keep-checkpoints");
        var content = (await _place.RunAsync("store", "--json")).Json();
        var kept = content.GetProperty("artifacts").EnumerateArray()
            .Single(kind => kind.GetProperty("name").GetString() == "kept-checkpoint");
        Assert.Equal(9, kept.GetProperty("count").GetInt32());
        Assert.Contains("for more epochs", (await _place.RunAsync("store")).Output, StringComparison.Ordinal);
        var left = await _place.RunAsync("store", "prune");
        Assert.Contains("left 9 checkpoints", left.Output, StringComparison.Ordinal);
        Assert.Contains("--kept-checkpoints", left.Output, StringComparison.Ordinal);

        var freed = (await _place.RunAsync("store", "prune", "--kept-checkpoints", "--json")).Json();

        Assert.Equal(9, freed.GetProperty("kept_checkpoints").GetInt32());
        Assert.Equal(kept.GetProperty("bytes").GetInt64(), freed.GetProperty("freed_bytes").GetInt64());
        Assert.Equal(0, Continued(await RunAsync(_place, "--name", "long", "--set", "epochs=3")));
    }

    [Fact]
    public async Task Store_OneTrialOfOneEpoch_IsWrittenAsOne()
    {
        await File.WriteAllTextAsync(_place.SweepFile, """
            name: one
            data: digits
            architectures: {linear: linear}
            parameters: {learning_rate: 0.003}
            validation: 0.2
            refit: false
            epochs: 1
            """);
        await RunAsync(_place);

        Assert.Matches("metrics +1 row\\s", (await _place.RunAsync("store")).Output);
    }

    /// <summary>What is kept is no part of a sweep: it is the same sweep with and without.</summary>
    [Fact]
    public async Task Run_OtherKeepingThanBefore_IsTheSameSweepAndSaysSo()
    {
        var first = await RunAsync(_place);
        var again = await _place.RunSweepAsync("--keep-checkpoints", "--json");
        Assert.True(again.Code == 0, again.Error);
        Assert.Contains("not kept, as when this sweep began", again.Error, StringComparison.Ordinal);
        Assert.Equal(Digest(first), Digest(again.Json()));
        Assert.Equal(Digest(first), Digest(await RunAsync(_other, "--keep-checkpoints")));
    }

    [Fact]
    public async Task Run_MoreEpochsUnderTheSameName_IsOneErrorThatSaysWhatIsKept()
    {
        await RunAsync(_place, "--keep-checkpoints");

        var refused = await _place.RunSweepAsync("--set", "epochs=5");

        Assert.Equal((int)ErrorKind.Usage, refused.Code);
        Assert.Contains("(differs in: epochs)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--name ID: what this one trained and kept", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("note: the last checkpoints", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Results that are taken over from a sweep which kept nothing bring no checkpoint, and that is told.
    /// </summary>
    [Fact]
    public async Task Run_KeepingWhatIsTakenOver_SaysWhichCheckpointsAreKept()
    {
        await RunAsync(_place, "--name", "short", "--set", "refit=false");
        await RunAsync(_place, "--name", "again", "--keep-checkpoints", "--set", "refit=false");

        Assert.DoesNotContain("kept-checkpoint", (await _place.RunAsync("store")).Output, StringComparison.Ordinal);
        Assert.Contains(
            "kept           checkpoints of reused trials only", (await _place.RunAsync("show", "again")).Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "kept           ", (await _place.RunAsync("show", "short")).Output, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> RunAsync(Workplace place, params string[] more)
    {
        var run = await place.RunSweepAsync([.. more, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        return run.Json();
    }

    private static int Continued(JsonElement run) =>
        run.TryGetProperty("continued", out var continued) && continued.ValueKind == JsonValueKind.Number
            ? continued.GetInt32()
            : 0;

    private static string? Digest(JsonElement run) => run.GetProperty("digest").GetString();
}

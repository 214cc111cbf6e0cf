using System.Text.Json;
using Xunit.Abstractions;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// The promise that the answer depends on nothing but the file: the same digest with any number of slots, and after a
/// process was killed again and again at random moments; every trial done exactly once.
/// </summary>
[Trait("Speed", "slow")]
public sealed class SameAnswerTests(ITestOutputHelper output)
{
    private const int Killed = 128 + 9;
    private const string Begins = "begins in slot";

    private const string ShortRates = "learning_rate: [0.001, 0.01]";

    // Trials of some 0.3 s each; dropout and batch normalisation among them.
    private const string File = """
        name: same
        data: {name: digits, samples: 1000}
        architectures:
          mlp: flatten | dense 200 relu | dropout 0.3 | batch_norm | dense
          cnn: conv 6 5x5 relu | max_pool 2 | flatten | dropout 0.2 | dense
        parameters:
          learning_rate: [0.001, 0.01]
          batch_size: 20
        folds: 3
        epochs: 6
        """;

    [Fact]
    public async Task Run_AnyNumberOfSlotsOrKills_GivesTheSameDigest()
    {
        using var folder = await FolderAsync();
        var one = await RunAsync(folder, "one", "--slots", "1");
        var four = await RunAsync(folder, "four", "--slots", "4");
        Assert.Equal(Digest(one), Digest(four));

        await CheckKilledAsync(folder, kills: 3, Digest(one));
    }

    [Fact]
    public Task Run_MethodThatLearnsOnAnyNumberOfSlotsOrKills_GivesTheSameDigest() => CheckMethodAsync("bayes");

    [Theory]
    [Trait("Speed", "nightly")]
    [InlineData("tpe")]
    [InlineData("cmaes")]
    public Task Run_AnyMethodThatLearnsOnAnyNumberOfSlotsOrKills_GivesTheSameDigest(string method) =>
        CheckMethodAsync(method);

    private async Task CheckMethodAsync(string method)
    {
        using var folder = await FolderAsync("learning_rate: {min: 0.0001, max: 0.1, scale: log}");
        await System.IO.File.AppendAllTextAsync(
            Path.Combine(folder.Path, "same.yaml"), $"\nmethod: {method}\nrun_cap: 12\nlag: 2\nwarmup: 4\n");
        var one = await RunAsync(folder, "one", "--slots", "1");
        var four = await RunAsync(folder, "four", "--slots", "4");
        Assert.Equal(Digest(one), Digest(four));

        // On two slots.
        await CheckKilledAsync(folder, kills: 3, Digest(one));
    }

    [Fact]
    [Trait("Speed", "nightly")]
    public async Task Run_KilledTwentyTimes_GivesTheSameDigest()
    {
        // Enough trials that each kill finds one at work.
        using var folder = await FolderAsync("learning_rate: [0.001, 0.002, 0.003, 0.006, 0.01]");
        var one = await RunAsync(folder, "one", "--slots", "1");

        await CheckKilledAsync(folder, kills: 20, Digest(one));
    }

    private static async Task<TemporaryFolder> FolderAsync(string rates = ShortRates)
    {
        var folder = new TemporaryFolder();
        var file = File.Replace(ShortRates, rates, StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder.Path, "same.yaml"), file);
        return folder;
    }

    private async Task CheckKilledAsync(TemporaryFolder folder, int kills, string digest)
    {
        var killed = await KilledAsync(folder, kills);

        Assert.Equal(digest, Digest(killed));
        // A kill may come between two trials.
        Assert.InRange(killed.GetProperty("retried").GetInt64(), kills / 2, 100 * kills);
        output.WriteLine($"digest {digest}; retried {killed.GetProperty("retried")}");
    }

    private static Task<JsonElement> RunAsync(TemporaryFolder folder, string store, params string[] arguments) =>
        SweepsProcess.RunJsonAsync(folder.Path, ["run", "same.yaml", "--store", store, .. arguments]);

    /// <summary>Starts, waits until trainings have begun and kills some time after, again and again; then lets it
    /// end.</summary>
    private static async Task<JsonElement> KilledAsync(TemporaryFolder folder, int kills)
    {
        var random = new Random(20241121);
        var log = new SiloLog(Path.Combine(folder.Path, "killed", "logs"));
        for (var kill = 0; kill < kills; kill++)
        {
            var begun = log.Count(Begins);
            using var process = SweepsProcess.Start(
                folder.Path, "run", "same.yaml", "--store", "killed", "--slots", "2", "--json");
            if (await log.UntilMoreAsync(Begins, begun, process))
            {
                await Task.Delay(TimeSpan.FromSeconds(0.3 * random.NextDouble()));
                process.Kill();
            }

            var (exit, _, error) = await process.EndAsync();
            Assert.True(exit is 0 or Killed, $"kill {kill}: exit code {exit}: {error}");
        }

        return await RunAsync(folder, "killed", "--slots", "2");
    }

    private static string Digest(JsonElement result)
    {
        var planned = result.GetProperty("planned").GetInt64();
        Assert.Equal(planned, result.GetProperty("completed").GetInt64());
        Assert.Equal(planned, result.GetProperty("unique").GetInt64());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        Assert.Equal("completed", result.GetProperty("state").GetString());
        return result.GetProperty("digest").GetString()!;
    }
}

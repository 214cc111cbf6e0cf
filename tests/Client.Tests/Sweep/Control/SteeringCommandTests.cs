using Sweeps.Client.Sweep.Submission;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Training.Data;

namespace Sweeps.Client.Tests.Sweep.Control;

/// <summary>The commands that change a sweep, each on one that was submitted and not trained yet.</summary>
public sealed class SteeringCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task PauseAndResume_SubmittedSweep_EndsWithTheAnswerOfAStraightRun()
    {
        await SubmitAsync(_ => []);
        using var straight = new Workplace();

        var paused = await _place.RunAsync("pause", "tiny", "--reason", "lunch", "--json");
        var listed = await _place.RunAsync("list");
        var refused = await _place.RunSweepAsync();
        var resumed = await _place.RunAsync("resume", "tiny", "--json");

        Assert.Equal("paused", paused.Json().GetProperty("state").GetString());
        Assert.Equal(0, paused.Json().GetProperty("stopped").GetInt32());
        Assert.Matches("tiny +paused", listed.Output);
        Assert.Equal((int)ErrorKind.Sweep, refused.Code);
        Assert.Contains("lunch", refused.Error, StringComparison.Ordinal);
        Assert.Contains("sweeps resume tiny", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, resumed.Code);
        Assert.Equal("completed", resumed.Json().GetProperty("state").GetString());
        var other = await straight.RunSweepAsync("--json");
        Assert.Equal(other.Json().GetProperty("digest").GetString(), resumed.Json().GetProperty("digest").GetString());
    }

    [Theory]
    [InlineData("with a larger 'run_cap' and --name ID", "add", "--configurations", "4")]
    [InlineData("none of its trials failed: sweeps show tiny", "resume", "--retry-failed")]
    public async Task Steer_SweepThatHasEnded_SaysWhatToDoInstead(string next, string command, params string[] more)
    {
        Assert.Equal(0, (await _place.RunSweepAsync()).Code);

        var refused = await _place.RunAsync([command, "tiny", .. more]);

        Assert.Equal((int)ErrorKind.Usage, refused.Code);
        Assert.Contains(next, string.Join(' ', refused.Error.Split()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_SubmittedSweep_IsOverAndRunSaysSo()
    {
        await SubmitAsync(_ => []);

        var cancelled = await _place.RunAsync("cancel", "tiny");
        var twice = await _place.RunAsync("cancel", "tiny");
        var run = await _place.RunSweepAsync("--json");

        Assert.Contains("not run 9", (await _place.RunAsync("show", "tiny")).Output, StringComparison.Ordinal);
        Assert.Contains("--fresh", (await _place.RunAsync("show", "tiny")).Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (cancelled.Code, twice.Code));
        Assert.Contains("cancelled", cancelled.Output, StringComparison.Ordinal);
        Assert.Equal((int)ErrorKind.Sweep, run.Code);
        Assert.Equal("cancelled", run.Json().GetProperty("state").GetString());
        Assert.Equal(9, run.Json().GetProperty("cancelled").GetInt32());
    }

    [Fact]
    public async Task Stop_OneTrial_EndsItWithItsReasonAndTheSweepGoesOn()
    {
        await SubmitAsync(trial => [new ReleaseTrial(new(trial, 1), "drains")]);

        var stopped = await _place.RunAsync("stop", "tiny", "--trial", "0/0", "--reason", "learns nothing", "--json");
        var twice = await _place.RunAsync("stop", "tiny", "--trial", "0/0");
        var resumed = await _place.RunAsync("resume", "tiny", "--json");
        var late = await _place.RunAsync("stop", "tiny", "--configuration", "1");

        Assert.Equal("0/0", Assert.Single(stopped.Json().GetProperty("stopped").EnumerateArray()).GetString());
        Assert.Equal((0, 0, 0), (stopped.Code, twice.Code, resumed.Code));
        Assert.Contains("stopped before", twice.Output, StringComparison.Ordinal);
        Assert.Equal((int)ErrorKind.Usage, late.Code);
        Assert.Equal(1, resumed.Json().GetProperty("stopped").GetInt32());
        // Its configuration has no rank, and the digest is of this sweep alone.
        Assert.NotEqual(0, resumed.Json().GetProperty("best").GetProperty("configuration").GetInt32());
        var trial = await _place.RunAsync("show", "tiny", "--trial", "0/0");
        Assert.Contains("stopped by the user: learns nothing", trial.Output, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(_place.Results("tiny", "report.html"));
        Assert.Contains("The best of 4 configurations, of which 3 have a rank, is ", page, StringComparison.Ordinal);
        Assert.Matches("0/0 +stopped .*learns nothing", (await _place.RunAsync("show", "tiny")).Output);
        Assert.Equal(0, (await _place.RunAsync("verify", "tiny")).Code);
    }

    [Fact]
    public async Task Stop_WithoutAReason_SaysWhoOnce()
    {
        await SubmitAsync(trial => [new ReleaseTrial(new(trial, 1), "drains")]);

        await _place.RunAsync("stop", "tiny", "--trial", "0/0");

        Assert.Contains(
            $"stopped by the user: as {Environment.UserName}, with 'sweeps stop'",
            (await _place.RunAsync("show", "tiny", "--trial", "0/0")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_Detached_OnlyLetsTheSilosGoOn()
    {
        await SubmitAsync(_ => []);
        await _place.RunAsync("pause", "tiny");

        var submitted = await _place.RunAsync("submit", _place.SweepFile, "--set", "data.samples=600");
        var resumed = await _place.RunAsync("resume", "tiny", "--detach", "--slots", "1");
        var again = await _place.RunAsync("resume", "tiny", "--detach", "--slots", "1", "--json");

        Assert.Contains("sweeps resume tiny --detach", submitted.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (resumed.Code, again.Code));
        Assert.StartsWith("tiny is running. ", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("No silo is running to train it", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("note: --slots has no effect", resumed.Error, StringComparison.Ordinal);
        Assert.Equal("running", again.Json().GetProperty("state").GetString());
        Assert.Contains(
            "--slots has no effect", again.Json().GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(0, again.Json().GetProperty("completed").GetInt32());
    }

    [Theory]
    [InlineData("needs what to stop", "stop", "tiny")]
    [InlineData("needs what to stop", "stop", "tiny", "--trial", "0/0", "--configuration", "0")]
    [InlineData("9/9", "stop", "tiny", "--trial", "9/9")]
    [InlineData("--trial 1/0", "stop", "tiny", "--trial", "1")]
    [InlineData("--configuration 99", "stop", "tiny", "--configuration", "99")]
    public async Task Stop_NothingOrWhatIsNotThere_SaysWhatIs(string expected, params string[] command)
    {
        await SubmitAsync(trial => [new ReleaseTrial(new(trial, 1), "drains")]);

        var answer = await _place.RunAsync(command);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_TrialThatFailed_TellsTheReason()
    {
        await SubmitAsync(trial => [new FailTrial(new(trial, 1), TrainingFailure.Data, "the table has a hole")]);

        var page = await _place.RunAsync("show", "tiny");
        var trial = await _place.RunAsync("show", "tiny", "--trial", "0/0");

        Assert.Contains("sweeps resume tiny", page.Output, StringComparison.Ordinal);
        Assert.Matches("0/0 .*the table has a hole", page.Output);
        Assert.Matches("elsewhere .*the table has a hole", trial.Output);
    }

    [Fact]
    public async Task Delete_EndedSweepOnly_AndWithYesOnly()
    {
        await SubmitAsync(_ => []);

        var open = await _place.RunAsync("delete", "tiny", "--yes");
        Assert.Equal((int)ErrorKind.Usage, open.Code);
        Assert.Contains("sweeps cancel tiny", open.Error, StringComparison.Ordinal);
        await _place.RunAsync("cancel", "tiny");
        var asked = await _place.RunAsync("delete", "tiny");
        Assert.Equal((int)ErrorKind.Usage, asked.Code);
        Assert.Contains("--yes", asked.Error, StringComparison.Ordinal);
        Assert.Contains("tiny", (await _place.RunAsync("list")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await _place.RunAsync("delete", "tiny", "--yes")).Code);

        Assert.Contains("No sweeps", (await _place.RunAsync("list")).Output, StringComparison.Ordinal);
        Assert.Equal((int)ErrorKind.Usage, (await _place.RunAsync("show", "tiny")).Code);
        var again = await _place.RunSweepAsync();
        Assert.Contains("--fresh", again.Error, StringComparison.Ordinal);
        Assert.Equal((int)ErrorKind.Store, again.Code);
        Assert.Equal("tiny-2", (await _place.RunSweepAsync("--fresh", "--json")).Json().GetProperty("id").GetString());
    }

    [Fact]
    public async Task Verify_ForgedResult_IsFound()
    {
        await SubmitAsync(trial => [new CompleteTrial(new(trial, 1), Forged())]);

        var answer = await _place.RunAsync("verify", "tiny", "--json");

        Assert.Equal((int)ErrorKind.Sweep, answer.Code);
        Assert.False(answer.Json().GetProperty("holds").GetBoolean());
        Assert.Equal(0, answer.Json().GetProperty("equal").GetInt32());
        var trial = Assert.Single(answer.Json().GetProperty("trials").EnumerateArray());
        Assert.Equal("0/0", trial.GetProperty("trial").GetString());
        Assert.False(trial.GetProperty("equal").GetBoolean());
    }

    [Theory]
    [InlineData("pause", "tiny")]
    [InlineData("cancel", "tiny")]
    [InlineData("add", "tiny", "--configurations", "1")]
    [InlineData("add", "tiny", "--configurations", "1000000")]
    [InlineData("store", "prune")]
    public async Task Change_StoreInUse_IsDoneAndSeenByWhoHasItOpen(params string[] command)
    {
        // A grid has no more configurations to add: that it says so shows that it was heard.
        var isRefused = command[0] == "add";
        await SubmitAsync(_ => []);
        await using var held = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        var mark = held.Changes.Mark("tiny");
        var change = held.Changes.WaitAsync("tiny", mark, TimeSpan.FromSeconds(isRefused ? 0 : 20));

        var answer = await _place.RunAsync(command);

        Assert.Equal(isRefused ? (int)ErrorKind.Usage : 0, answer.Code);
        Assert.True(isRefused || command[0] == "store" || await change);
    }

    [Theory]
    [InlineData("cancel", "tiny")]
    [InlineData("slots", "silo", "3")]
    [InlineData("store", "prune")]
    public async Task Change_NoStore_MakesNone(params string[] command)
    {
        var answer = await _place.RunAsync(command);

        Assert.Equal((int)ErrorKind.Store, answer.Code);
        Assert.False(Directory.Exists(_place.Store));
    }

    /// <summary>Submits the sweep, hands out its first trial, and does what is wanted to it.</summary>
    private async Task SubmitAsync(Func<TrialId, IReadOnlyList<SweepCommand>> report)
    {
        var sets = new DataSets(DataFolders.FromEnvironment());
        var plan = SweepFile.Read(_place.SweepFile, ["data.samples=600"], sets).Plan("tiny", sets);
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        var coordinator = new SweepCoordinator(
            "tiny", store, SpecificationPlan.SearcherOf, new CoordinatorClock(store, TimeProvider.System));
        await coordinator.ExecuteAsync([new SubmitSweep(plan)]);
        var commands = report(new(0, 0));
        if (commands.Count > 0)
            await coordinator.ExecuteAsync([new ClaimTrials(new("elsewhere", "1"), 1, 1), .. commands]);
    }

    private static TrialResult Forged() => new()
    {
        Outcome = TrainingOutcome.Completed,
        Epochs = 2,
        Weights = 7850,
        WeightsDigest = new string('0', 64),
        TrainSeconds = 1,
        ValidationMetric = 0.99,
    };
}

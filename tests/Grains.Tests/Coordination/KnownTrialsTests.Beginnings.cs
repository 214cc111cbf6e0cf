using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Grains.Tests.Coordination;

/// <summary>Shorter trainings that a trial goes on from, and what is not even asked for.</summary>
public sealed partial class KnownTrialsTests
{
    /// <summary>One question a second for a whole sweep, where no other has any result.</summary>
    [Fact]
    public async Task Claim_StoreHasNothingOfTheBasis_AsksOnceASecondAlone()
    {
        var time = new SteppingTime();
        var known = new KnownTrials(_store, null, time);
        await _sweep.ExecuteAsync([new SubmitSweep(s_plan)]);
        Assert.Equal([StoreCall.ReadEvents], await AskedAsync(2));
        for (var claims = 0; claims < 5; claims++)
            Assert.Empty(await AskedAsync(2));
        time.Step = TimeSpan.FromSeconds(1);
        Assert.Equal([StoreCall.ReadEvents], await AskedAsync(2));
        // Another sweep has begun: from the next question on each trial is looked up.
        var next = new TrialId(8, 0);
        await GiveAsync("beside", new(next, _sweep.State!.RequestOf(next), null), "f1");
        Assert.Contains(StoreCall.PutMetrics, await AskedAsync(20));
        Assert.Equal("beside", _sweep.State.SourceOf(next)!.Sweep);

        async Task<List<StoreCall>> AskedAsync(int count)
        {
            known.Begin();
            _calls.Clear();
            var calls = new List<StoreCall>();
            while (true)
            {
                var claim = new ClaimTrials(new("silo", "here"), ++_claims, count, "f1") { Known = known };
                var before = _sweep.Sequence;
                var decision = Assert.Single(await _sweep.ExecuteAsync([claim]));
                known.Follow(_sweep.State!, before, decision.Events);
                if (decision.Assignments.Count > 0)
                    return calls;
                _calls.Clear();
                await known.LookUpAsync(_sweep.State!, "f1", decision.ToLookUp);
                calls.AddRange(_calls);
            }
        }
    }

    /// <summary>Equal configurations of one sweep are one training, though no other sweep has anything.</summary>
    [Fact]
    public async Task LookUp_SameCourseInThisSweep_IsLookedUpThoughTheStoreHasNothingElse()
    {
        var asked = (await SubmitAsync("f1", 2)).ToLookUp;
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.Equal(new KnownAnswer(null), Find(asked[0], "f1"));
        var twin = asked[0] with { Trial = new(39, 0) };
        Assert.Null(Find(twin, "f1"));
        _calls.Clear();
        await _known.LookUpAsync(_sweep.State!, "f1", [twin]);
        Assert.Equal([StoreCall.ReadEvents], _calls);
        Assert.Equal(new KnownAnswer(null), Find(twin, "f1"));
    }

    [Fact]
    public async Task LookUp_ShorterTrainingThatKeptItsCheckpoint_IsTheBeginning()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp;
        await GiveAsync("shortest", asked[0], "f1", epochs: 1, wanted: "1");
        await GiveAsync("shorter", asked[0], "f1", epochs: 2, wanted: "2");
        await GiveAsync("scored", asked[1], "f1", epochs: 2, wanted: "2");
        await GiveAsync("not-kept", asked[2], "f1", epochs: 2, wanted: "2");
        await KeepAsync("shortest", asked[0].Trial, 1);
        await KeepAsync("shorter", asked[0].Trial, 2);
        await KeepAsync("scored", asked[1].Trial, 2);
        var best = asked[1] with { Request = asked[1].Request with { Score = ScoredEpoch.Best } };
        await _known.LookUpAsync(_sweep.State!, "f1", [asked[0], best, asked[2]]);
        var expected = new TrialBeginning("shorter", asked[0].Trial, 2, 2, 2, 200);
        Assert.Equal(new KnownAnswer(null, false, expected), Find(asked[0], "f1"));
        // What learns from its best epoch needs the weights of that, which the last epoch's trainings do not keep.
        Assert.Equal(new KnownAnswer(null), Find(best, "f1"));
        Assert.Equal(new KnownAnswer(null), Find(asked[2], "f1"));
        var rows = await _store.Metrics.ReadTrialsAsync([new(s_plan.Id, asked[0].Trial.Configuration, 0)]);
        Assert.Equal([1, 2], rows.Select(row => row.Report.Epoch));
        // The kept one is gone: it would begin from the one before.
        await _store.Artifacts.ReleaseAsync(KeptOf("shorter", asked[0].Trial), 1);
        await _known.LookUpAsync(_sweep.State!, "f1", [asked[0]]);
        Assert.Equal("shortest", Find(asked[0], "f1")!.Value.Beginning!.Sweep);
    }

    [Theory]
    [InlineData(StoreCall.ReadArtifact)]
    [InlineData(StoreCall.PutMetrics)]
    public async Task LookUp_BeginningCannotBeBrought_TrainsFromTheStart(StoreCall call)
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp;
        await GiveAsync("shorter", asked[0], "f1", epochs: 2, wanted: "2");
        await KeepAsync("shorter", asked[0].Trial, 2);
        _fault = made => made == call ? StoreFault.Outage : StoreFault.None;
        await _known.LookUpAsync(_sweep.State!, "f1", [asked[0]]);
        Assert.Equal(new KnownAnswer(null), Find(asked[0], "f1"));
        Assert.Single(_told);
    }

    /// <summary>A result that is taken over brings what is kept with it, and outlives its source.</summary>
    [Fact]
    public async Task LookUp_SweepThatKeepsCheckpoints_BringsThatOfWhatItTakesOver()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp[0];
        var keeping = asked with { Request = asked.Request with { KeepCheckpoint = true } };
        await GiveAsync("earlier", asked, "f1");
        await KeepAsync("earlier", asked.Trial, Epochs);
        await _known.LookUpAsync(_sweep.State!, "f1", [keeping]);
        Assert.NotNull(Find(keeping, "f1")!.Value.Result);
        var kept = await _store.Artifacts.FindAsync(KeptOf(s_plan.Id, asked.Trial));
        Assert.Equal((1, Epochs), (kept!.Attempt, kept.Epoch));
    }

    /// <summary>The result is whole: only its checkpoint is missing, and who looks is told which.</summary>
    [Fact]
    public async Task LookUp_KeptCheckpointOfWhatItTakesOverIsDamaged_TakesTheResultAndSaysWhatIsMissing()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp[0];
        var keeping = asked with { Request = asked.Request with { KeepCheckpoint = true } };
        await GiveAsync("earlier", asked, "f1");
        await KeepAsync("earlier", asked.Trial, Epochs);
        var finds = 0;
        // The artifact is found; its content is what is damaged.
        _fault = call => call == StoreCall.ReadArtifact && ++finds > 1 ? StoreFault.Damage : StoreFault.None;
        await _known.LookUpAsync(_sweep.State!, "f1", [keeping]);
        Assert.Equal("earlier", Find(keeping, "f1")!.Value.Result!.Sweep);
        Assert.Null(await _memory.Artifacts.FindAsync(KeptOf(s_plan.Id, asked.Trial)));
        var told = Assert.IsType<StoreException>(Assert.Single(_told));
        Assert.Equal(StoreReason.Damaged, told.Reason);
        Assert.Contains("trial 0/0 of sweep earlier", told.Message, StringComparison.Ordinal);
        Assert.Contains("taken over without it", told.Message, StringComparison.Ordinal);
    }

    /// <summary>Longer ones of which nobody kept anything do not hide what may be gone on from.</summary>
    [Fact]
    public async Task LookUp_KeptCheckpointBehindManyOthers_IsTheBeginning()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp[0] is var one
            ? one with { Request = one.Request with { Metrics = "validation_f1" } }
            : throw new InvalidOperationException();
        for (var longer = 0; longer < StoredResult.MostOfACourse; longer++)
            await GiveAsync($"longer-{longer}", asked, "f1", epochs: Epochs + 1, wanted: "other");
        await GiveAsync("shorter", asked, "f1", epochs: 2, wanted: "2");
        await KeepAsync("shorter", asked.Trial, 2);
        await _known.LookUpAsync(_sweep.State!, "f1", [asked]);
        Assert.Equal("shorter", Find(asked, "f1")!.Value.Beginning!.Sweep);
    }

    /// <summary>What epochs do not tell is taken over where the same was asked for at the same rung.</summary>
    [Theory]
    [InlineData("rung 2 with validation_f1", 2, TrainingOutcome.Stopped, true)]
    [InlineData("rung 2", 2, TrainingOutcome.Stopped, false)]
    [InlineData("rung 1 with validation_f1", 1, TrainingOutcome.Stopped, false)]
    [InlineData("3 with validation_f1", 3, TrainingOutcome.Completed, false)]
    [InlineData("3 with validation_f1", 1, TrainingOutcome.Diverged, true)]
    [InlineData("3 with validation_f1", 2, TrainingOutcome.Diverged, false)]
    [InlineData("3 with validation_f1", 2, TrainingOutcome.StoppedEarly, true)]
    public async Task LookUp_MetricsAtARung_AreTakenOverWhereTheSameWasAskedFor(
        string wanted, int epochs, TrainingOutcome outcome, bool isFound)
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp[0];
        var request = asked.Request with { Metrics = "validation_f1", KeepCheckpoint = true };
        asked = asked with { Until = 2, Request = request };
        Assert.Equal(3, Epochs);
        await GiveAsync("earlier", asked, "f1", epochs, wanted, outcome);
        await KeepAsync("earlier", asked.Trial, Epochs);
        await _known.LookUpAsync(_sweep.State!, "f1", [asked]);
        Assert.Equal(isFound, Find(asked, "f1")!.Value.Result is not null);
        if (outcome == TrainingOutcome.Stopped)
            Assert.Null(await _store.Artifacts.FindAsync(KeptOf(s_plan.Id, asked.Trial)));
        // A rung at its end is its end.
        var end = asked with { Until = Epochs };
        await _known.LookUpAsync(_sweep.State!, "f1", [end]);
        Assert.Equal(
            wanted.StartsWith("3 ", StringComparison.Ordinal) && outcome != TrainingOutcome.Stopped,
            Find(end, "f1")!.Value.Result is not null);
    }

    [Fact]
    public async Task LookUp_ErrorThatNobodyExpected_IsToldAndAllIsTrained()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp;
        await GiveAsync("earlier", asked[0], "f1");
        _fault = call => call == StoreCall.ReadMetrics ? throw new InvalidOperationException("?") : StoreFault.None;
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.Equal(new KnownAnswer(null), Find(asked[0], "f1"));
        Assert.IsType<InvalidOperationException>(Assert.Single(_told));
    }

    private static ArtifactKey KeptOf(string sweep, TrialId trial) =>
        new(new(sweep, trial.Configuration, trial.Fold), ArtifactKey.KeptCheckpoint);

    private Task<ArtifactReference?> KeepAsync(string sweep, TrialId trial, int epoch) =>
        _memory.Artifacts.SaveAsync(KeptOf(sweep, trial), 1, epoch, [7, 8, 9]);
}

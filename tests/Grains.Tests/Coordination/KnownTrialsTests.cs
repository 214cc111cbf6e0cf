using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Grains.Tests.Coordination;

/// <summary>What a store that has, or has not, or fails answers for the trials of a sweep.</summary>
public sealed partial class KnownTrialsTests : IAsyncDisposable
{
    private const int Epochs = 3;

    private static readonly SweepPlan s_plan = SmallSweep.Plan with
    {
        Configurations = 40,
        Reuse = true,
        Content = new() { Digest = new string('d', 64), IsPublished = true },
    };

    private readonly MemoryStore _memory = new();
    private readonly List<StoreCall> _calls = [];
    private readonly List<Exception> _told = [];
    private readonly FaultyStore _store;
    private readonly SweepCoordinator _sweep;
    private readonly KnownTrials _known;
    private Func<StoreCall, StoreFault> _fault = _ => StoreFault.None;
    private long _claims;

    public KnownTrialsTests()
    {
        _store = new(_memory, call =>
        {
            _calls.Add(call);
            return _fault(call);
        });
        _sweep = new(s_plan.Id, _store, _ => new Source(), new(_store, TimeProvider.System));
        _known = new(_store, _told.Add);
    }

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Claim_AfterLookUpForOtherNumerics_TakesNothingOver()
    {
        var asked = (await SubmitAsync("f1", 2)).ToLookUp;
        await GiveAsync("earlier", asked[0], "f1");
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.NotNull(Find(asked[0], "f1")!.Value.Result);
        Assert.Null(Find(asked[0], "f2"));

        // The claim of the first silo is lost; one with other numbers comes.
        var other = await ClaimAsync("f2", 2);
        Assert.NotEmpty(other.ToLookUp);
        Assert.Empty(other.Events.OfType<TrialReused>());
        await _known.LookUpAsync(_sweep.State!, "f2", other.ToLookUp);
        Assert.Null(Find(asked[0], "f1"));
        other = await ClaimAsync("f2", 2);
        Assert.Equal(2, other.Assignments.Count);
        Assert.Equal(0, _sweep.State!.Totals.Reused);
        Assert.Equal("f2", _sweep.State.Fingerprint);
    }

    [Fact]
    public async Task Forget_AfterALookUp_AsksAgain()
    {
        var asked = (await SubmitAsync("f1", 2)).ToLookUp;
        await GiveAsync("elsewhere", asked[^1], "f1");
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.NotNull(Find(asked[0], "f1"));
        _known.Forget();
        Assert.Null(Find(asked[0], "f1"));
    }

    /// <summary>An old answer is asked for again: with one that stayed old the sweep would never go on.</summary>
    [Fact]
    public async Task LookUp_StoreHasNothingAnyMore_IsANewAnswer()
    {
        var asked = (await SubmitAsync("f1", 2)).ToLookUp;
        await GiveAsync("earlier", asked[0], "f1");
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        await _memory.Log.DeleteAsync("earlier");
        _known.Begin();
        Assert.True(Find(asked[1], "f1")!.Value.IsOld);

        await _known.LookUpAsync(_sweep.State!, "f1", [asked[1]]);

        Assert.Equal(new KnownAnswer(null), Find(asked[1], "f1"));
    }

    [Theory]
    [InlineData(StoreCall.ReadEvents, StoreFault.Outage)]
    [InlineData(StoreCall.ReadEvents, StoreFault.Damage)]
    [InlineData(StoreCall.ReadMetrics, StoreFault.Outage)]
    [InlineData(StoreCall.ReadMetrics, StoreFault.Damage)]
    [InlineData(StoreCall.PutMetrics, StoreFault.Outage)]
    [InlineData(StoreCall.PutMetrics, StoreFault.LostAnswer)]
    public async Task LookUp_StoreFails_AnswersThatAllIsToBeTrainedAndTellsOnce(StoreCall call, StoreFault fault)
    {
        var asked = (await SubmitAsync("f1", 2)).ToLookUp;
        await GiveAsync("earlier", asked[0], "f1");
        await GiveAsync("earlier-2", asked[1], "f1");
        _fault = made => made == call ? fault : StoreFault.None;
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.All(asked, question => Assert.Equal(new KnownAnswer(null), Find(question, "f1")));
        Assert.Single(_told);
        _fault = _ => StoreFault.None;
        Assert.Equal(2, (await ClaimAsync("f1", 2)).Assignments.Count);
    }

    [Fact]
    public async Task LookUp_ModelCannotBeRead_AnswersThatItIsToBeTrained()
    {
        var asked = WithModel((await SubmitAsync("f1", 1)).ToLookUp[0]);
        await GiveAsync("earlier", asked, "f1");
        await SaveModelAsync("earlier", asked.Trial, 1);
        _fault = call => call == StoreCall.ReadArtifact ? StoreFault.Outage : StoreFault.None;
        await _known.LookUpAsync(_sweep.State!, "f1", [asked]);
        Assert.Equal(new KnownAnswer(null), Find(asked, "f1"));
        _fault = _ => StoreFault.None;
        await _known.LookUpAsync(_sweep.State!, "f1", [asked]);
        Assert.NotNull(Find(asked, "f1")!.Value.Result);
    }

    [Fact]
    public async Task LookUp_ModelsNameBelongsToANewerAttempt_AnswersThatItIsToBeTrained()
    {
        var asked = WithModel((await SubmitAsync("f1", 1)).ToLookUp[0]);
        await GiveAsync("earlier", asked, "f1");
        await SaveModelAsync("earlier", asked.Trial, 1);
        await SaveModelAsync(s_plan.Id, asked.Trial, 7);
        await _known.LookUpAsync(_sweep.State!, "f1", [asked]);
        Assert.Equal(new KnownAnswer(null), Find(asked, "f1"));
    }

    [Fact]
    public async Task LookUp_SameTrainingBehindManyLongerOnes_IsFound()
    {
        var asked = WithModel((await SubmitAsync("f1", 1)).ToLookUp[0]);
        for (var longer = 0; longer < StoredResult.MostOfACourse; longer++)
            await GiveAsync($"longer-{longer}", asked, "f1", epochs: Epochs + 1 + longer, wanted: "other");
        await GiveAsync("same", asked, "f1");
        await SaveModelAsync("same", asked.Trial, 1);
        await _known.LookUpAsync(_sweep.State!, "f1", [asked]);
        Assert.Equal("same", Find(asked, "f1")!.Value.Result!.Sweep);
    }

    [Fact]
    public async Task LookUp_ManyTrials_ReadsTheirRowsInOneQuestion()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp.Take(30).ToList();
        foreach (var question in asked)
            await GiveAsync($"earlier-{question.Trial}", question, "f1");
        _calls.Clear();
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.All(asked, question => Assert.NotNull(Find(question, "f1")!.Value.Result));
        // Whether there is anything, what there is, and its epochs.
        Assert.Equal([StoreCall.ReadEvents, StoreCall.ReadEvents, StoreCall.ReadMetrics, StoreCall.PutMetrics],
            _calls);
        Assert.Equal(30 * Epochs, (await _store.Metrics.ReadAsync(s_plan.Id)).Count);
    }

    [Fact]
    public async Task LookUp_WhatIsThereIsTooShort_ReadsNoRows()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp;
        await GiveAsync("earlier", asked[0], "f1", epochs: Epochs - 1, wanted: "2");
        _calls.Clear();
        await _known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.Equal(new KnownAnswer(null), Find(asked[0], "f1"));
        Assert.DoesNotContain(StoreCall.ReadMetrics, _calls);
    }

    /// <summary>An attempt of other numerics may have left rows behind the end of the one that counts.</summary>
    [Fact]
    public async Task LookUp_RowsBeyondTheResult_AreNoneOfIt()
    {
        var asked = (await SubmitAsync("f1", 1)).ToLookUp;
        var trial = asked[0].Trial;
        await GiveAsync("earlier", asked[0], "f1");
        var beyond = Report(Epochs + 1);
        await _store.Metrics.PutAsync([new(new("earlier", trial.Configuration, trial.Fold), 1, beyond)]);
        var longer = asked[0] with
        {
            Request = asked[0].Request with
            {
                Hyperparameters = asked[0].Request.Hyperparameters with { Epochs = Epochs + 2 },
                Patience = 2,
            },
        };
        await _known.LookUpAsync(_sweep.State!, "f1", [longer]);
        Assert.Equal(new KnownAnswer(null), Find(longer, "f1"));
    }

    [Fact]
    public async Task LookUp_TimeOfTheCallIsOver_LeavesTheRestToTheNext()
    {
        var time = new SteppingTime();
        var known = new KnownTrials(_store, null, time);
        var asked = (await SubmitAsync("f1", 1)).ToLookUp;
        Assert.Equal(80, asked.Count);
        await GiveAsync("earlier", asked[^1], "f1");
        known.Begin();
        time.Step = TimeSpan.FromSeconds(3);
        await known.LookUpAsync(_sweep.State!, "f1", asked);
        Assert.True(known.IsSpent);
        var answered = asked.Count(question => known.Find(question, "f1") is not null);
        Assert.InRange(answered, 1, 79);
        time.Step = TimeSpan.Zero;
        known.Begin();
        Assert.False(known.IsSpent);
        await known.LookUpAsync(_sweep.State!, "f1", [.. asked.Skip(answered)]);
        Assert.All(asked, question => Assert.NotNull(known.Find(question, "f1")));
    }

    /// <summary>Two sweeps of the same trials at once: what the other trained meanwhile is not trained again.</summary>
    [Fact]
    public async Task Claim_TrainedElsewhereSinceTheLookAhead_TakesItOver()
    {
        _known.Begin();
        var asked = (await SubmitAsync("f1", 2)).ToLookUp;
        await GiveAsync("elsewhere", asked[^1], "f1");
        var first = await AnsweredClaimAsync("f1", 2);
        Assert.Equal([new(0, 0), new(0, 1)], first.Assignments.Select(item => item.Attempt.Trial));
        var next = new TrialId(1, 0);
        Assert.Equal(new KnownAnswer(null), _known.Find(new(next, _sweep.State!.RequestOf(next), null), "f1"));
        await GiveAsync("other", new(next, _sweep.State!.RequestOf(next), null), "f1");

        _known.Begin();
        var second = await AnsweredClaimAsync("f1", 2);
        Assert.Equal("other", _sweep.State.SourceOf(next)!.Sweep);
        // The one in its place was looked up long ago too: it is asked for with the next claim.
        Assert.Equal([new(1, 1)], second.Assignments.Select(item => item.Attempt.Trial));
        Assert.Equal([new(2, 0)], second.ToLookUp.Select(question => question.Trial));
    }

    [Fact]
    public async Task ReleaseCheckpoints_TrialTakenOverToItsEnd_LetsGoOfIts()
    {
        await GiveAsync("elsewhere", (await SubmitAsync("f1", 1)).ToLookUp[^1], "f1");
        var attempt = (await AnsweredClaimAsync("f1", 1)).Assignments[0].Attempt;
        var trial = attempt.Trial;
        var key = new ArtifactKey(new(s_plan.Id, trial.Configuration, trial.Fold), ArtifactKey.Checkpoint);
        await _store.Artifacts.SaveAsync(key, 1, 1, [1, 2, 3]);
        await ExecuteAsync(new ReleaseTrial(attempt, "the silo stops"));
        await GiveAsync("other", new(trial, _sweep.State!.RequestOf(trial), null), "f1");
        _known.Begin();
        await AnsweredClaimAsync("f1", 1);
        Assert.NotNull(_sweep.State.SourceOf(trial));
        Assert.NotNull(await _store.Artifacts.FindAsync(key));
        var events = new List<SweepEvent>();
        await foreach (var some in SweepEvents.ReadAsync(_store, s_plan.Id, 0, default))
            events.AddRange(some);
        await Leftovers.ReleaseCheckpointsAsync(_store, _sweep.State, events);
        Assert.Null(await _store.Artifacts.FindAsync(key));
    }

    private KnownAnswer? Find(TrialQuestion question, string fingerprint) =>
        _known.Find(question, fingerprint);

    private async Task<Decision> SubmitAsync(string fingerprint, int count)
    {
        await _sweep.ExecuteAsync([new SubmitSweep(s_plan)]);
        return await ClaimAsync(fingerprint, count);
    }

    private Task<Decision> ClaimAsync(string fingerprint, int count) =>
        ExecuteAsync(new ClaimTrials(new("silo", "here"), ++_claims, count, fingerprint) { Known = _known });

    /// <summary>Claims as the grain does: answers what is asked, and claims again.</summary>
    private async Task<Decision> AnsweredClaimAsync(string fingerprint, int count)
    {
        while (true)
        {
            var decision = await ClaimAsync(fingerprint, count);
            if (decision.ToLookUp.Count == 0 || decision.Assignments.Count > 0)
                return decision;
            await _known.LookUpAsync(_sweep.State!, fingerprint, decision.ToLookUp);
        }
    }

    private async Task<Decision> ExecuteAsync(SweepCommand command)
    {
        var before = _sweep.Sequence;
        var decision = Assert.Single(await _sweep.ExecuteAsync([command]));
        _known.Follow(_sweep.State!, before, decision.Events);
        return decision;
    }

    private static TrialQuestion WithModel(TrialQuestion question) =>
        question with { Request = question.Request with { KeepModel = true } };

    /// <summary>A sweep that has a result of the request, with its epochs.</summary>
    private async Task GiveAsync(
        string sweep, TrialQuestion question, string fingerprint, int epochs = Epochs, string? wanted = null,
        TrainingOutcome outcome = TrainingOutcome.Completed)
    {
        var trial = question.Trial;
        var course = new CourseBook().Of(s_plan, question.Request, fingerprint)!;
        var encoded = SweepEventCodec.Encode(new TrialCompleted(trial, 1, Result(epochs) with { Outcome = outcome }));
        await _memory.Log.AppendAsync(new SweepAppend(sweep, 0, [new(encoded.Type, encoded.Payload)])
        {
            Header = SweepHeader.Default with { IsOpen = false },
            Basis = CourseBook.BasisOf(s_plan, question.Request, fingerprint),
            Results =
            [
                new(0, course, wanted ?? TrainingCourse.WantedOf(question.Request, s_plan.ClassNames()), epochs),
            ],
        });
        var key = new TrialKey(sweep, trial.Configuration, trial.Fold);
        await _memory.Metrics.PutAsync(
            [.. Enumerable.Range(1, epochs).Select(epoch => new MetricRow(key, 1, Report(epoch)))]);
    }

    private Task<ArtifactReference?> SaveModelAsync(string sweep, TrialId trial, int attempt) =>
        _memory.Artifacts.SaveAsync(
            new(new(sweep, trial.Configuration, trial.Fold), ArtifactKey.Model), attempt, Epochs, [4, 5, 6]);

    private static EpochReport Report(int epoch) => new(epoch, 0.5, 0.5, epoch == 2 ? 0.4 : 0.5, 0.5, 1, 1, 1, 100)
    {
        WeightsDigest = new string('b', 64),
    };

    private static TrialResult Result(int epochs) => new()
    {
        Outcome = TrainingOutcome.Completed,
        TrainLoss = 0.5,
        TrainMetric = 0.5,
        ValidationLoss = 0.5,
        ValidationMetric = 0.5,
        Epochs = epochs,
        Weights = 100,
        WeightsDigest = new string('b', 64),
        TrainSeconds = epochs,
        CpuSeconds = epochs,
        EvaluationSeconds = epochs,
        Samples = 100 * epochs,
    };

    private sealed class Source : ISearcher
    {
        public int Count => s_plan.Configurations;

        public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
            new() { Architecture = "mlp-5", LearningRate = 1.0 / (n + 1), BatchSize = 10, Epochs = Epochs },
            ParameterAssignment.Empty);
    }

    /// <summary>A clock that goes on by a step whenever it is read.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long _ticks;

        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += Step.Ticks;
    }
}

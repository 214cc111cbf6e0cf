using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Text = System.Text.Encoding;

namespace Sweeps.Core.Tests.Log;

public sealed class SweepEventCodecTests
{
    private static readonly SiloId Silo = new("größe \"1\"", "a\\b");

    private static SweepEvent[] OneOfEach() =>
    [
        new SweepSubmitted(FullPlan()),
        new ConfigurationsProposed(3, [Full(), Bare()]),
        new TrialStarted(new(1, 2), 3, Silo, 77, true),
        new TrialCompleted(new(1, 2), 3, TestPlans.Result(new TrialId(1, 2))),
        new TrialReused(new(1, 2), "earlier", new(0, 1), 5, TestPlans.Result(new TrialId(1, 2))),
        new RungReached(new(1, 2), 3, TestPlans.Result(0.5, TrainingOutcome.Stopped)),
        new RungDecided(0, 1, [new(3, 0.5)], [new(4, double.NegativeInfinity)]),
        new TrialFailed(new(1, 2), 3, TrainingFailure.OutOfMemory, "no memory", true, true),
        new AttemptReleased(TrialId.Refit(4), 3, "drains"),
        new CheckpointLost(new(1, 2), 3, "damaged"),
        new AttemptExpired(new(1, 2), 3, ExpiryReason.Timeout, 6, "late"),
        new TrialSetAside(new(1, 2), "killed three silos"),
        new TrialStopped(new(1, 2), "it learns nothing"),
        new TrialsRequeued([new(1, 2), TrialId.Refit(0)]),
        new ConfigurationScored(
            5, new(double.PositiveInfinity, double.NaN, 0.1, 2.5, 1000, 12, 1, 2), [0.5, double.NaN]),
        new BestSelected(
            new()
            {
                Best = 3,
                Rule = "r",
                TieRule = "t",
                Tied = [1, 2],
                TiedCount = 9,
                OneStandardError = 1,
                TimeFront = [3],
                WeightsFront = [],
            },
            true),
        new SweepPaused("why"),
        new SweepResumed(),
        new SweepCancelled("enough"),
        new FingerprintSet("f", Silo),
        new SiloRefused(Silo, "g"),
        new PriorityChanged(3, null, -7),
        new ConfigurationsAdded(100),
        new SweepCompleted(new(1, 2, 3, 4, 5, 6, 7), "d"),
    ];

    private static SweepPlan FullPlan() => TestPlans.Plan() with
    {
        Label = "y",
        SampleLimit = 5,
        Patience = 2,
        AttemptTimeout = TimeSpan.FromMinutes(5),
    };

    private static Hyperparameters Bare() =>
        new() { Architecture = "linear", LearningRate = 1e-300, BatchSize = 1, Epochs = 1 };

    private static Hyperparameters Full() => new()
    {
        Architecture = "flatten | dense 10",
        LearningRate = 0.1,
        BatchSize = 100,
        Epochs = 7,
        Optimizer = OptimizerKind.Sgd,
        Momentum = 0.9,
        Nesterov = true,
        WeightDecay = 1e-4,
        Dropout = 0.25,
        Initializer = InitializerKind.HeNormal,
        Activation = "tanh",
        Loss = LossKind.MeanSquaredError,
    };

    [Fact]
    public void Decode_OneOfEachEvent_GivesItBack()
    {
        foreach (var @event in OneOfEach())
        {
            var dated = @event with { At = TestPlans.Start };
            var encoded = SweepEventCodec.Encode(dated);
            var back = SweepEventCodec.Decode(encoded.Type, encoded.Payload.Span);
            // Records compare lists by reference: what counts is that nothing is lost on a second way.
            Assert.Equal(@event.GetType(), back.GetType());
            Assert.Equal(dated.At, back.At);
            Assert.Equal(Json(encoded), Json(SweepEventCodec.Encode(back)));
        }
    }

    private static string Json(EncodedEvent encoded) => Text.UTF8.GetString(encoded.Payload.Span);

    [Fact]
    public void Types_CoverEveryEventOnce()
    {
        var events = typeof(SweepEvent).Assembly.GetTypes()
            .Count(type => type.IsSubclassOf(typeof(SweepEvent)) && !type.IsAbstract);
        // A newer form of an event has the same name with its number.
        Assert.Equal(events, SweepEventCodec.Types.Select(type => type.Split('/')[0]).Distinct().Count());
        Assert.Equal(events, OneOfEach().Select(item => SweepEventCodec.Encode(item).Type).Distinct().Count());
    }

    [Fact]
    public void Decode_EventsWithoutLists_AreEqualRecords()
    {
        foreach (var @event in OneOfEach())
        {
            if (@event is not (AttemptEvent or SweepSubmitted or FingerprintSet or PriorityChanged))
                continue;
            var encoded = SweepEventCodec.Encode(@event);
            var back = SweepEventCodec.Decode(encoded.Type, encoded.Payload.Span);
            Assert.Equal(@event with { At = back.At }, back);
        }
    }

    [Fact]
    public void Decode_AnyDoubles_AreTheSameBits() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(ArbMap.Default.ArbFor<(long, long)>(), bits =>
        {
            var loss = BitConverter.Int64BitsToDouble(bits.Item1);
            var metric = BitConverter.Int64BitsToDouble(bits.Item2 * 7919);
            var result = TestPlans.Result(0.5) with { ValidationLoss = loss, ValidationMetric = metric };
            var encoded = SweepEventCodec.Encode(new TrialCompleted(new(0, 0), 1, result));
            var back = ((TrialCompleted)SweepEventCodec.Decode(encoded.Type, encoded.Payload.Span)).Result;
            Assert.Equal(loss, back.ValidationLoss);
            Assert.Equal(metric, back.ValidationMetric);
        }));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    public void Decode_NumbersThatJsonFindsHard_ComeBack(double value)
    {
        var result = TestPlans.Result(0.5) with { TrainLoss = value, SiloSpeed = value, TrainSeconds = value };
        var encoded = SweepEventCodec.Encode(new TrialCompleted(new(0, 0), 1, result));
        Assert.Equal(result, ((TrialCompleted)SweepEventCodec.Decode(encoded.Type, encoded.Payload.Span)).Result);
    }

    [Fact]
    public void Decode_MembersUnknownAndMissing_AreSkippedAndDefaulted()
    {
        var json = """{"at":1,"new":{"deep":[1,{"x":2}]},"t":[1,2],"n":3,"s":["a","b"]}"""u8;
        var started = (TrialStarted)SweepEventCodec.Decode("trial-started", json);
        Assert.Equal(new TrialStarted(new(1, 2), 3, new("a", "b")), started with { At = default });
        var paused = SweepEventCodec.Decode("sweep-paused", """{"reason":"r","new":[1]}"""u8);
        Assert.Equal("r", ((SweepPaused)paused).Reason);
    }

    [Theory]
    [InlineData("trial-started", "")]
    [InlineData("trial-started", "{")]
    [InlineData("trial-started", "[]")]
    [InlineData("trial-started", """{"t":"x"}""")]
    [InlineData("trial-started", """{"t":[1,2,3]}""")]
    [InlineData("trial-completed", """{"t":[1,2],"n":1}""")]
    [InlineData("trial-completed", """{"t":[1,2],"n":1,"r":{"tl":"many"}}""")]
    [InlineData("sweep-paused", "null")]
    [InlineData("sweep-submitted", """{"plan":{}}""")]
    [InlineData("from-the-future", "{}")]
    public void Decode_DamagedOrUnknown_IsAStoreErrorThatNamesTheEvent(string type, string payload)
    {
        var error = Assert.Throws<SweepsException>(() => SweepEventCodec.Decode(type, Text.UTF8.GetBytes(payload)));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains($"'{type}'", error.Message, StringComparison.Ordinal);
    }
}

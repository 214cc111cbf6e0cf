using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Log;

/// <summary>
/// The events of <c>frozen-log.txt</c>, line by line. That file was written by an earlier version and must never be
/// written anew: an event that is added later gets lines at its end, and those above stay readable.
/// </summary>
internal static partial class FrozenEvents
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
    private static readonly SiloId Silo = new("größe \"1\" <&> 𝛼", "a\\b\t1");
    private static readonly TrialId Trial = new(1, 2);
    private static readonly TrialId Refit = TrialId.Refit(4);
    private static readonly string Digest = new('a', 64);

    public static IReadOnlyList<SweepEvent> All =>
        [.. Sweep(), .. Attempts(), .. Results(), .. Conclusions(), .. LostAndStalled(), .. Rungs(), .. Traces(),
        .. InIndexOrder(), .. Objectives(), .. Reuses(), .. Medians(),
        .. Beginnings(), .. Settings(), .. Engines(), .. Pictures(), .. InitialWeights(), .. OwnCode(), .. Stops(),
        .. Tables(), .. Targets(), .. Labels(), .. Stages(), .. Orders(), .. SoughtOnTheTestSet()];

    private static SweepEvent[] Stops() =>
    [
        new TrialStopped(Trial, "it learns nothing, größe <&>") { At = At },
        new TrialStopped(Refit, string.Empty),
    ];

    private static SweepEvent[] Beginnings() =>
    [
        new TrialStarted(Trial, 1, Silo, 77)
        {
            At = At,
            Beginning = new("größe <&>", new(7, 1), 5, 1.5, 0.125, 12345678901),
        },
        new TrialStarted(Refit, 2, Silo) { At = At, Beginning = new("full", Refit, 0, 0, double.NaN, 0) },
        new SweepSubmitted(SmallPlan with { KeepCheckpoints = true }) { At = At },
    ];

    private static SweepEvent[] LostAndStalled() =>
    [
        new AttemptReleased(Refit, 3, "could not begin", Stalled: true) { At = At },
        new CheckpointLost(Trial, 3, "damaged") { At = At },
    ];

    private static SweepEvent[] Traces() =>
    [
        new SweepSubmitted(SmallPlan) { At = At, Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
    ];

    private static SweepEvent[] InIndexOrder() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Schedule = new() { Shapes = [new(2, [new(5, 1, 1, Warmup: 4)])], Order = RungOrder.Index },
        }) { At = At },
        new RungDecided(0, 0, [new(4, 0.75)], []) { At = At },
    ];

    private static SweepEvent[] Settings() =>
    [
        new ConfigurationsProposed(
            6,
            [
                .. Enum.GetValues<LearningRateKind>().Select(
                    kind => Bare with { LearningRateSchedule = new() { Kind = kind } }),
                .. Enum.GetValues<OptimizerKind>().Where(kind => kind > OptimizerKind.AdamW).Select(
                    kind => Bare with { Optimizer = kind }),
                Bare with
                {
                    LearningRateSchedule = new()
                    {
                        Kind = LearningRateKind.Step, Decay = 0.5, Every = 3, End = 0, Warmup = 1.5, Span = 7,
                    },
                    ClipNorm = 1,
                    ClipValue = 0.5,
                    LabelSmoothing = 0.1,
                    ClassWeights = "größe <&>=2, no=1",
                    Augment = new()
                    {
                        Shift = 0.1, Rotation = 10, Zoom = 0.2, Flip = true, Brightness = 0.3, Cutout = 0.4,
                    },
                },
                Bare with { Augment = new() { Shift = 0.1 } },
            ]) { At = At },
        new SweepSubmitted(SmallPlan with { Metric = SweepMetric.Of(SweepMetric.ValidationF1) }) { At = At },
        new TrialCompleted(Trial, 3, BareResult with
        {
            Metrics = new([new("validation_roc_auc", double.NaN), new("validation_f1", 0.5)]),
        }) { At = At },
        new SweepSubmitted(SmallPlan with { HoldoutFirst = 5_000 }) { At = At },
    ];

    private static SweepEvent[] Medians() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Schedule = new()
            {
                Shapes = [new(2, [new(5, 1, 1, Warmup: 4) { RoundsUp = true }])],
                Order = RungOrder.Index,
            },
        }) { At = At },
    ];

    private static SweepEvent[] Engines() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Engine = EngineKind.Torch,
            Engines = new(NumericsScope.Torch, "28x28x1", 10),
        }) { At = At },
        new SweepSubmitted(SmallPlan with { Engines = new(NumericsScope.Both, "4", 1) }) { At = At },
        new TrialCompleted(Trial, 3, BareResult with { Engine = EngineKind.Native }) { At = At },
    ];

    private static SweepEvent[] Stages() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Engines = new(NumericsScope.Native, "28x28x1", 10),
            Stages = StageSet.Second,
        }) { At = At },
    ];

    private static SweepEvent[] Orders() =>
    [
        new SweepSubmitted(SmallPlan with { SampleOrder = SampleOrder.Shared }) { At = At },
        new TrialCompleted(Trial, 3, BareResult with { Together = 8 }) { At = At },
    ];

    private static SweepEvent[] Pictures() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Data = "pets",
            Content = new()
            {
                Digest = Digest,
                Samples = 10,
                Classes = ["cat", "dog"],
                Table = new("pets.pictures", Digest, 1234),
                Pictures = new(32, 48, PictureColor.Grey),
            },
        }) { At = At },
    ];

    private static SweepEvent[] InitialWeights() =>
    [
        new SweepSubmitted(SmallPlan with { InitialWeights = [new("digits.safetensors", Digest, 1234)] }) { At = At },
        new ConfigurationsProposed(
            0, [Bare with { InitialWeights = new("digits", Digest), Freeze = "all but 1" }]) { At = At },
    ];

    private static SweepEvent[] OwnCode() =>
    [
        new SweepSubmitted(SmallPlan with { Assemblies = [new("Nets.dll", Digest, 1234)] }) { At = At },
    ];

    private static SweepEvent[] Objectives() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Schedule = Schedule,
            Objectives = new()
            {
                Further = [SweepMetric.Of(SweepMetric.MultiplyAdds), SweepMetric.Of(SweepMetric.ValidationError)],
                Choose = FinalChoice.Knee,
                Input = "28x28x1",
                Outputs = 10,
            },
        }) { At = At },
        new SweepSubmitted(SmallPlan with { Objectives = new() { Choose = FinalChoice.OneStandardError } }) { At = At },
        new RungDecided(1, 0, [new(4, 0.75, [1e6, 0.5])], [new(3, 0.5, [double.NaN, double.PositiveInfinity])])
        {
            At = At,
        },
        new ConfigurationScored(
            2, new(0.5, 0.1, 0.05, 1, 10, 12, 0, 0, 0, [new(12, double.NaN, double.NaN), new(0.25, 0.5, 0.125)]),
            [0.5, 0.5]) { At = At },
        new BestSelected(new() { Best = 2, Rule = "r", TieRule = "t", Front = [1, 2] }, true) { At = At },
    ];

    private static SweepEvent[] Reuses() =>
    [
        new SweepSubmitted(SmallPlan with { Reuse = true, EpochsDiffer = true }) { At = At },
        new TrialReused(Trial, "größe <&>", new(7, 1), 20, FullResult) { At = At },
        new TrialReused(
            Refit, "full", TrialId.Refit(0), 3, FullResult with { Test = new(0.25, 0.75, [5, 1, 0, 4], 2) }),
        new TrialReused(Trial, "full", Trial, 0, BareResult with { Outcome = TrainingOutcome.Stopped }) { At = At },
    ];

    private static SweepEvent[] Rungs() =>
    [
        new SweepSubmitted(SmallPlan with { Schedule = Schedule }) { At = At },
        new RungReached(Trial, 3, FullResult with { Outcome = TrainingOutcome.Stopped }) { At = At },
        new RungDecided(1, 0, [new(4, 0.75)], [new(3, 0.5), new(5, double.NaN)]) { At = At },
        new RungDecided(0, 2, [], []),
        new ConfigurationsProposed(
            4,
            [Bare, Bare],
            [
                new([
                    new("optimizer", ParameterValue.Of("größe <&>")), new("nesterov", ParameterValue.Of(false)),
                    new("learning_rate", ParameterValue.Of(1e-300)),
                ]),
                ParameterAssignment.Empty,
            ]) { At = At },
        new ConfigurationScored(2, new(0.5, double.NaN, double.NaN, 1, 10, 12, 0, 1, 3), [0.5, double.NaN]) { At = At },
    ];

    private static SweepSchedule Schedule => new()
    {
        Shapes = [new(9, [new(1, 2, 3), new(5, null, 1)]), new(4, [])],
    };

    private static SweepEvent[] Sweep() =>
    [
        new SweepSubmitted(SmallPlan) { At = At },
        new SweepSubmitted(FullPlan) { At = At },
        new ConfigurationsProposed(0, []) { At = At },
        new ConfigurationsProposed(3, [Full, Bare]) { At = At },
        new ConfigurationsProposed(
            5,
            [
                .. Enum.GetValues<OptimizerKind>().Where(kind => kind <= OptimizerKind.AdamW)
                    .Select(kind => Bare with { Optimizer = kind }),
                .. Enum.GetValues<InitializerKind>().Select(kind => Bare with { Initializer = kind }),
                .. Enum.GetValues<LossKind>().Select(kind => Bare with { Loss = kind }),
            ]) { At = At },
        new SweepPaused("why: \"quoted\", line\nbreak, größe, <&>'+ 𝛼") { At = At },
        new SweepPaused(string.Empty),
        new SweepResumed { At = At },
        new SweepResumed(),
        new SweepCancelled("enough") { At = At },
        new FingerprintSet("f", Silo) { At = At },
        new SiloRefused(Silo, "g") { At = At },
        new PriorityChanged(3, null, -7) { At = At },
        new PriorityChanged(0, 0, 0),
        new ConfigurationsAdded(100) { At = At },
        new ConfigurationsAdded(0),
        new TrialsRequeued([Trial, Refit]) { At = At },
        new TrialsRequeued([]),
    ];

    private static IEnumerable<SweepEvent> Attempts() =>
    [
        new TrialStarted(Trial, 3, Silo, 77, true) { At = At },
        new TrialStarted(Trial, 3, new("silo-1", "silo-1.1"), 77) { At = At },
        new TrialStarted(new(0, 0), 0, new(string.Empty, string.Empty)),
        new TrialStarted(Refit, int.MaxValue, Silo, long.MaxValue) { At = At },
        .. Enum.GetValues<TrainingFailure>().Select(kind => new TrialFailed(Trial, 3, kind, "why", true) { At = At }),
        new TrialFailed(Refit, 3, TrainingFailure.OutOfMemory, "no memory", true, true) { At = At },
        new TrialFailed(new(0, 0), 0, TrainingFailure.Error, string.Empty, false),
        new AttemptReleased(Refit, 3, "drains") { At = At },
        .. Enum.GetValues<ExpiryReason>().Select(reason => new AttemptExpired(Trial, 3, reason) { At = At }),
        new AttemptExpired(Trial, 3, ExpiryReason.Timeout, 6, "late", true) { At = At },
        new TrialSetAside(Trial, "killed three silos") { At = At },
    ];

    private static IEnumerable<SweepEvent> Results() =>
    [
        new TrialCompleted(Trial, 3, FullResult) { At = At },
        new TrialCompleted(new(0, 0), 0, BareResult),
        new TrialCompleted(Refit, 1, FullResult with { Test = new(0.25, 0.75, [5, 1, 0, 4], 2) }) { At = At },
        new TrialCompleted(Refit, 1, FullResult with { Test = new(double.NaN, double.PositiveInfinity, null, 0) }),
        new TrialCompleted(Refit, 1, FullResult with { Test = new(0, 0, [], 0) }) { At = At },
        new TrialCompleted(Trial, 1, BareResult with { Reason = string.Empty, Threads = 0, SiloSpeed = 0 }) { At = At },
        .. Enum.GetValues<TrainingOutcome>().Select(
            outcome => new TrialCompleted(Trial, 3, FullResult with { Outcome = outcome }) { At = At }),
        .. new[]
        {
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0, double.Epsilon, double.MaxValue,
            1e21, 1e-7, 0.1, 1.0 / 3, 123456789012345680,
        }.Select(value => new TrialCompleted(Trial, 3, Filled(value)) { At = At }),
    ];

    private static SweepEvent[] Conclusions() =>
    [
        new ConfigurationScored(
            5, new(double.PositiveInfinity, double.NaN, 0.1, 2.5, 1000, 12, 1, 2), [0.5, double.NaN]) { At = At },
        new ConfigurationScored(0, default, []) { At = At },
        new BestSelected(new() { Rule = "r", TieRule = "nothing to compare" }, false) { At = At },
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
            true) { At = At },
        new BestSelected(new() { Best = 0, Rule = string.Empty, TieRule = string.Empty, OneStandardError = 0 }, false),
        new SweepCompleted(new(1, 2, 3, 4, 5, 6, 7), Digest) { At = At },
        new SweepCompleted(default, string.Empty) { At = At },
    ];

    private static SweepPlan SmallPlan => new()
    {
        Id = "small",
        Specification = "{}",
        Seed = 0,
        Data = "digits",
        Task = TaskKind.Regression,
        Metric = new(SweepMetric.ValidationLoss, MetricGoal.Minimize),
        Configurations = 0,
        Refit = false,
    };

    private static SweepPlan FullPlan => new()
    {
        Id = "full",
        Name = "Größe <&>",
        Specification = """{"data":"a.csv","note":"\u00e9 + é"}""",
        Seed = long.MinValue,
        Data = "/data/a.csv",
        Label = "y",
        Task = TaskKind.Classification,
        SampleLimit = 5,
        Patience = 2,
        Folds = 5,
        HoldoutFraction = 0.2,
        Metric = new(SweepMetric.ValidationAccuracy, MetricGoal.Maximize),
        Configurations = int.MaxValue,
        Refit = true,
        MixedNumerics = true,
        AttemptTimeout = new TimeSpan(1, 2, 3, 4, 5),
    };

    private static Hyperparameters Bare =>
        new() { Architecture = "linear", LearningRate = 1e-300, BatchSize = 1, Epochs = 1 };

    private static Hyperparameters Full => new()
    {
        Architecture = "flatten | dense 10",
        LearningRate = 0.1,
        BatchSize = 100,
        Epochs = 7,
        Optimizer = OptimizerKind.Sgd,
        Momentum = 0.9,
        Nesterov = true,
        WeightDecay = 0,
        Dropout = 0.25,
        Initializer = InitializerKind.HeNormal,
        Activation = "tanh",
        Loss = LossKind.MeanSquaredError,
    };

    private static TrialResult BareResult => new()
    {
        Outcome = TrainingOutcome.Completed,
        Epochs = 0,
        Weights = 0,
        WeightsDigest = Digest,
        TrainSeconds = 0,
    };

    private static TrialResult FullResult => new()
    {
        Outcome = TrainingOutcome.Diverged,
        Reason = "größe <&> \"1\"",
        TrainLoss = 0.5,
        TrainMetric = 0.75,
        ValidationLoss = 0.625,
        ValidationMetric = 0.1,
        Epochs = 3,
        Weights = 1L << 40,
        WeightsDigest = Digest,
        TrainSeconds = 1.5,
        CpuSeconds = 1.25,
        EvaluationSeconds = 0.125,
        Samples = 12345678901,
        Neighbours = 3,
        Threads = 2,
        SiloSpeed = 1.5,
    };

    private static TrialResult Filled(double value) => FullResult with
    {
        TrainLoss = value,
        TrainMetric = value,
        ValidationLoss = value,
        ValidationMetric = value,
        TrainSeconds = value,
        CpuSeconds = value,
        EvaluationSeconds = value,
        SiloSpeed = value,
    };
}

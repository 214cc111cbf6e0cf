using System.Text.Json.Serialization;
using Sweeps.Core.Networks;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>
/// What a sweep will do: a specification read, checked and completed with defaults. It is kept whole in
/// <see cref="SweepSubmitted"/>, so that a log explains itself without the file it came from.
/// </summary>
public sealed record SweepPlan
{
    /// <summary>Most configurations of one sweep, those that are added later among them.</summary>
    public const int ConfigurationsMax = 1_000_000;

    // What a record compares: plans are equal by what is in their lists.
    private readonly FileList _initialWeights;
    private readonly FileList _assemblies;

    /// <summary>The sweep's id: lower-case letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>For people; null: the id.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The specification as canonical JSON: the file that reproduces the sweep, and what the searcher is built from.
    /// </summary>
    public required string Specification { get; init; }

    /// <summary>Every random stream of every trial derives from it.</summary>
    public required long Seed { get; init; }

    /// <summary>The data set: a known name, or the name of a table's file without its folder.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// What the data are; null: not known when the sweep was submitted, by an earlier version or because the data were
    /// not there. <see cref="Data"/> may then be a path.
    /// </summary>
    public DataContent? Content { get; init; }

    /// <summary>As <see cref="TrainingRequest.Label"/>.</summary>
    public string? Label { get; init; }

    /// <summary>As <see cref="TrainingRequest.Group"/>.</summary>
    public string? Group { get; init; }

    /// <summary>The files of the weights that configurations start with, by digest; null: there are none.</summary>
    public IReadOnlyList<DataFile>? InitialWeights
    {
        get => _initialWeights.Files;
        init => _initialWeights = new(value);
    }

    /// <summary>The assemblies with the user's own networks, by digest; null: there are none.</summary>
    public IReadOnlyList<DataFile>? Assemblies
    {
        get => _assemblies.Files;
        init => _assemblies = new(value);
    }

    /// <summary>What the data ask for, resolved: the meaning of <c>validation_error</c> depends on it.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>As <see cref="TrainingRequest.SampleLimit"/>.</summary>
    public int? SampleLimit { get; init; }

    /// <summary>As <see cref="TrainingRequest.Patience"/>.</summary>
    public int? Patience { get; init; }

    /// <summary>As <see cref="TrainingRequest.Score"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ScoredEpoch Score { get; init; }

    /// <summary>
    /// Which rules turn the specification into configurations: 0, as the first version did, or 1, by which multiples of
    /// <c>q</c> stay between <c>min</c> and <c>max</c>. A sweep goes on as it began.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Expansion { get; init; }

    /// <summary>Number of folds k of a cross-validation, at least 2; 0: one hold-out split.</summary>
    public int Folds { get; init; }

    /// <summary>How often all folds are drawn anew and trained; 0 and 1: once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Repeats { get; init; }

    /// <summary>How often each split is trained, with other initial weights; 0 and 1: once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Seeds { get; init; }

    /// <summary>Share of the training samples held out when <see cref="Folds"/> is 0, in (0, 1); otherwise 0.</summary>
    public double HoldoutFraction { get; init; }

    /// <summary>Number of the first training samples that are held out, where <see cref="Folds"/> and
    /// <see cref="HoldoutFraction"/> are 0; otherwise 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int HoldoutFirst { get; init; }

    /// <summary>What is optimised; of several objectives the first.</summary>
    public required SweepMetric Metric { get; init; }

    /// <summary>Further objectives and the rule of the choice; null: one objective, whose best is chosen.</summary>
    public SweepObjectives? Objectives { get; init; }

    /// <summary>All objectives, the first one first.</summary>
    public IReadOnlyList<SweepMetric> AllObjectives() => [Metric, .. Objectives?.Further ?? []];

    /// <summary>The objectives that a training works out only where they are asked for, in the order of their names,
    /// with blanks between; null: none.</summary>
    public string? AskedMetrics()
    {
        if (!Metric.IsAsked && Objectives?.Further.Any(metric => metric.IsAsked) != true)
            return null;
        return string.Join(' ', AllObjectives().Where(metric => metric.IsAsked).Select(metric => metric.Name)
            .Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// By what a configuration within one standard error of the best is taken: <c>fewest weights</c>, or of several
    /// objectives the second, as in <c>lowest validation_loss</c>.
    /// </summary>
    public string LeastText() => (HasSeveralObjectives ? Objectives!.Further[0] : null) switch
    {
        null or { Name: SweepMetric.Weights } => "fewest weights",
        { Name: SweepMetric.MultiplyAdds } => "fewest multiply-adds",
        { Goal: MetricGoal.Maximize } other => $"highest {other.Name}",
        var other => $"lowest {other.Name}",
    };

    /// <summary>Whether scores are vectors.</summary>
    public bool HasSeveralObjectives => Objectives is { Further.Count: > 0 };

    /// <summary>Number of configurations to try, at least 1.</summary>
    public required int Configurations { get; init; }

    /// <summary>When configurations are compared and stopped early; null: each is trained to its end.</summary>
    public SweepSchedule? Schedule { get; init; }

    /// <summary>Train the best configuration on all training data at the end, and look at the test set once.</summary>
    public bool Refit { get; init; } = true;

    /// <summary>
    /// Accept silos whose numerics fingerprint differs from the first one's. Their results are not comparable bit by
    /// bit.
    /// </summary>
    public bool MixedNumerics { get; init; }

    /// <summary>
    /// Longest time of one attempt, after which it expires and the trial is started again; null: no limit.
    /// </summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>
    /// Take over results that the store has, and train configurations that differ in their epochs alone once. False
    /// also in plans of earlier versions, which go on as they began.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Reuse { get; init; }

    /// <summary>
    /// Leave the last checkpoint of each completed trial in the store, for trainings of more epochs to go on from.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepCheckpoints { get; init; }

    /// <summary>Whether the epochs are searched: configurations may then be parts of one training.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EpochsDiffer { get; init; }

    /// <summary>As <see cref="TrainingRequest.SampleOrder"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SampleOrder SampleOrder { get; init; }

    /// <summary>What computes its trainings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EngineKind Engine { get; init; }

    /// <summary>
    /// The native stages that its engines were chosen by. The first set wherever newer ones make no difference, so that
    /// earlier versions go on with such sweeps.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public StageSet Stages { get; init; }

    /// <summary>
    /// Which engines that may be, and the shape of the data, from which it follows; null: an earlier version submitted
    /// it, or the data were not known.
    /// </summary>
    public PlannedEngines? Engines { get; init; }

    /// <summary>Whose numbers its silos must share.</summary>
    [JsonIgnore]
    public NumericsScope Numerics => Engines?.Scope ?? NumericsScope.Combined;

    /// <summary>
    /// Whether results may be known by their requests at all: the data are known by their content, and equal requests
    /// give equal bits on all silos.
    /// </summary>
    public bool HasKnownResults => Content is not null && !MixedNumerics;

    /// <summary>Number of trials of each configuration.</summary>
    public int TrialsPerConfiguration => Splits * Math.Max(1, Seeds);

    /// <summary>Number of different splits that each configuration is trained on.</summary>
    public int Splits => Math.Max(1, Folds) * Math.Max(1, Repeats);

    /// <summary>What the trials of a configuration are: <c>5 folds x 3 repeats</c>.</summary>
    public string TrialsText() => TrialsText(Folds, Repeats, Seeds);

    /// <inheritdoc cref="TrialsText()" />
    public static string TrialsText(int folds, int repeats, int seeds) =>
        (folds > 0 ? $"{folds} folds" : "one hold-out split") + (repeats > 1 ? $" x {repeats} repeats" : "")
        + (seeds > 1 ? $" x {seeds} seeds" : "");

    /// <summary>Which of them a trial is: <c>fold 2/5, repeat 1/3</c>.</summary>
    public string PlaceOf(TrialId trial)
    {
        if (trial.IsRefit)
            return "refit";
        var split = SplitOf(trial);
        return (Folds > 0 ? $"fold {split.Fold + 1}/{Folds}" : "hold-out")
            + (Repeats > 1 ? $", repeat {split.Repeat + 1}/{Repeats}" : "")
            + (Seeds > 1 ? $", seed {ReplicateOf(trial) + 1}/{Seeds}" : "");
    }

    /// <summary>The names of the classes, by label; null: regression, or a plan that does not know them.</summary>
    public IReadOnlyList<string>? ClassNames() => Task == TaskKind.Classification
        ? Content?.Classes ?? KnownDataSets.Find(Data)?.ClassNames
        : null;

    /// <summary>The name of one of several targets, from 0.</summary>
    public string TargetName(int target) => Content?.Targets is { } names && target < names.Count
        ? names[target] : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{target}");

    /// <summary>The name of one of several labels, from 0.</summary>
    public string LabelName(int label) => Content?.Labels is { } names && label < names.Count
        ? names[label] : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{label}");

    /// <summary>What a process needs before it trains for this plan.</summary>
    public PlannedData DataNeeded() => new(Data, Label, Task, Content)
    {
        Group = Group,
        Weights = InitialWeights ?? [],
        Assemblies = Assemblies ?? [],
    };

    /// <summary>Which samples a trial of this plan learns from.</summary>
    public Split SplitOf(TrialId trial)
    {
        if (trial.IsRefit)
            return Split.All;
        return Folds > 0
            ? Split.KFold(Folds, trial.Fold % Folds, trial.Fold / Folds % Math.Max(1, Repeats))
            : HoldoutFirst > 0 ? Split.First(HoldoutFirst) : Split.Holdout(HoldoutFraction);
    }

    /// <summary>
    /// What pages call the sweep: its file's name where the id was made of it, else the id, by which a user of
    /// <c>--name</c> knows it.
    /// </summary>
    public string Title() => Name is { } name && IsIdOf(name) ? name : Id;

    // A long name is cut for an id.
    private bool IsIdOf(string name)
    {
        var id = Letters(Id);
        // Earlier versions left letters with accents out.
        return IsOf(Letters(SweepId.Folded(name))) || IsOf(Letters(name));

        bool IsOf(string whole) => whole == id || (name.Length > Id.Length && Id.Length >= 50
            && whole.StartsWith(id, StringComparison.Ordinal));

        static string Letters(string text) =>
            new([.. text.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
    }

    /// <summary>The split of a trial in words, and which training on it the trial is.</summary>
    public string SplitText(TrialId trial) => Seeds > 1 && !trial.IsRefit
        ? $"{SplitOf(trial)}, seed {ReplicateOf(trial) + 1}"
        : SplitOf(trial).ToString();

    /// <summary>Which of the trainings on the same split a trial is, from 0.</summary>
    public int ReplicateOf(TrialId trial) => trial.IsRefit ? 0 : trial.Fold / Splits;

    // The folds found that so many epochs of their way are enough: the refit goes the same way.
    private static Hyperparameters Shortened(Hyperparameters configuration, int epochs) => configuration with
    {
        Epochs = epochs,
        LearningRateSchedule = configuration.LearningRateSchedule is { } schedule && schedule.DependsOnEpochs()
            && epochs != configuration.Epochs
            ? schedule with { Span = configuration.Epochs }
            : configuration.LearningRateSchedule,
    };

    /// <summary>Everything that decides the numbers of <paramref name="trial"/>.</summary>
    /// <param name="refitEpochs">Epochs of a refit; null: as many as the configuration says.</param>
    public TrainingRequest RequestOf(TrialId trial, Hyperparameters hyperparameters, int? refitEpochs = null) => new()
    {
        Data = Data,
        DataDigest = Content?.Digest,
        Label = Label,
        Group = Group,
        Task = Task,
        Hyperparameters = trial.IsRefit && refitEpochs is { } epochs
            ? Shortened(hyperparameters, epochs)
            : hyperparameters,
        Split = SplitOf(trial),
        Replicate = ReplicateOf(trial),
        Seed = Seed,
        Engine = Engine,
        Stages = Stages,
        SampleLimit = SampleLimit,
        SampleOrder = SampleOrder,
        KeepModel = trial.IsRefit,
        // Without a name nobody would find it.
        KeepCheckpoint = KeepCheckpoints && HasKnownResults,
        // Without a validation set there is no plateau to wait for.
        Patience = trial.IsRefit ? null : Patience,
        Score = trial.IsRefit ? ScoredEpoch.Last : Score,
        Metrics = AskedMetrics(),
    };

    private readonly record struct FileList(IReadOnlyList<DataFile>? Files)
    {
        public bool Equals(FileList other) => (Files ?? []).SequenceEqual(other.Files ?? []);

        public override int GetHashCode() => Files?.Count ?? 0;
    }
}

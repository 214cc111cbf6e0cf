using System.Text.Json;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>
/// The results as one JSON object: what <c>run --json</c> prints and, with all configurations, what
/// <c>results.json</c> holds. Names are in snake case; numbers that JSON cannot write (NaN, infinities) are null.
/// </summary>
public sealed record ResultsDocument
{
    /// <summary>The sweep's id.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary><c>running</c>, <c>paused</c>, <c>completed</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is paused or was cancelled.</summary>
    public string? Reason { get; init; }

    /// <summary>The sweep's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The data set.</summary>
    public required string Data { get; init; }

    /// <summary>SHA-256 of its samples and labels; null: an earlier version did not keep it.</summary>
    public string? DataDigest { get; init; }

    /// <summary>What was optimised.</summary>
    public required string Metric { get; init; }

    /// <summary><c>maximize</c> or <c>minimize</c>.</summary>
    public required string Goal { get; init; }

    /// <summary>All objectives, the first one first; null: there is one.</summary>
    public IReadOnlyList<ObjectiveDocument>? Objectives { get; init; }

    /// <summary>By which rule a configuration is chosen; null: the best is.</summary>
    public string? Choose { get; init; }

    /// <summary>Folds of the cross-validation; 0: one hold-out split.</summary>
    public required int Folds { get; init; }

    /// <summary>How often all folds are drawn anew; null: once.</summary>
    public int? Repeats { get; init; }

    /// <summary>How often each split is trained with other initial weights; null: once.</summary>
    public int? Seeds { get; init; }

    /// <summary>SHA-256 of the results so far.</summary>
    public required string Digest { get; init; }

    /// <summary>Trials planned.</summary>
    public required long Planned { get; init; }

    /// <summary>Results written.</summary>
    public required long Completed { get; init; }

    /// <summary>Different trials with a result.</summary>
    public required long Unique { get; init; }

    /// <summary>Trials that the scheduler ended.</summary>
    public required long Stopped { get; init; }

    /// <summary>Trials that failed for good.</summary>
    public required long Failed { get; init; }

    /// <summary>Trials that a cancelled sweep never finished.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Results whose training stopped early at a plateau.</summary>
    public required long StoppedEarly { get; init; }

    /// <summary>What the schedule saved; null: there is none.</summary>
    public SchedulePart? Schedule { get; init; }

    /// <summary>Results whose training diverged.</summary>
    public required long Diverged { get; init; }

    /// <summary>Attempts beyond the first of each trial.</summary>
    public required long Retried { get; init; }

    /// <summary>Trials without an end once the sweep has one: 0, or something is wrong.</summary>
    public required long Lost { get; init; }

    /// <summary>The best configuration.</summary>
    public ConfigurationDocument? Best { get; init; }

    /// <summary>By which rule it is the best, or another is chosen.</summary>
    public string? BestRule { get; init; }

    /// <summary>
    /// The configuration that is refitted, where there are several objectives or <see cref="Choose"/>; otherwise null:
    /// the best.
    /// </summary>
    public ConfigurationDocument? Chosen { get; init; }

    /// <summary>
    /// Within one standard error of the best the one with the fewest weights; of several objectives the best in the
    /// second.
    /// </summary>
    public ConfigurationDocument? OneStandardError { get; init; }

    /// <summary>Configurations no further from the best than chance explains, best first.</summary>
    public required IReadOnlyList<int> Tied { get; init; }

    /// <summary>What the comparison was.</summary>
    public string? TieRule { get; init; }

    /// <summary>The largest difference of means that is a tie.</summary>
    public double? TieMargin { get; init; }

    /// <summary><c>last</c> or <c>best</c>: which epoch of a training is scored.</summary>
    public required string Score { get; init; }

    /// <summary>
    /// How many epochs the refit trains, where the folds taught it (their median); null: as many as the configuration
    /// says.
    /// </summary>
    public int? RefitEpochs { get; init; }

    /// <summary>Configurations that none beats in both the metric and the training time, best first.</summary>
    public required IReadOnlyList<int> Front { get; init; }

    /// <summary>Configurations that none beats in both the metric and the number of weights, best first.</summary>
    public required IReadOnlyList<int> WeightsFront { get; init; }

    /// <summary>
    /// Configurations of which no other is as good in all objectives and better in one, in the order of the first;
    /// null: there is one objective.
    /// </summary>
    public IReadOnlyList<int>? ObjectivesFront { get; init; }

    /// <summary>The refit's accuracy on the test set; null without a refit, or for a regression.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>
    /// The refit's mean absolute error on the test set; null without a refit, or for a classification.
    /// </summary>
    public double? TestError { get; init; }

    /// <summary>The refit's loss on the test set.</summary>
    public double? TestLoss { get; init; }

    /// <summary>
    /// What was sought beyond accuracy, error and loss, on the test set: <c>test_roc_auc</c>; null: nothing, no refit,
    /// or an earlier version trained it.
    /// </summary>
    public IReadOnlyDictionary<string, double?>? TestMetrics { get; init; }

    /// <summary>
    /// The names of the classes, in the order of <see cref="Confusion"/>'s rows and columns; null for a regression.
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The refit's confusion matrix, true classes as rows.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Of several targets the refit's scores on the test set, in their order; null: there is one, or there are
    /// classes.</summary>
    public IReadOnlyList<TargetDocument>? Targets { get; init; }

    /// <summary>Of several labels the refit's scores on the test set, in their order; null: there are none.</summary>
    public IReadOnlyList<LabelDocument>? Labels { get; init; }

    /// <summary>Share of the test samples of which the refit answers all labels rightly; null likewise.</summary>
    public double? TestExactMatch { get; init; }

    /// <summary>Seconds from submission to the last event.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training seconds of all trials together that were trained for this sweep, as measured.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Trials whose results were taken over and not trained for this sweep.</summary>
    public required long Reused { get; init; }

    /// <summary>Training seconds that this saved, as measured when they were trained.</summary>
    public required double ReusedSeconds { get; init; }

    /// <summary>
    /// How many were taken over from each sweep, by its id; its own id: from longer trainings of this one. Null: none.
    /// </summary>
    public IReadOnlyDictionary<string, int>? ReusedFrom { get; init; }

    /// <summary>Trials that went on from a checkpoint which a shorter training kept; null: none.</summary>
    public int? Continued { get; init; }

    /// <summary>Training seconds that this saved, as measured when they were trained; null: there were none.</summary>
    public double? ContinuedSeconds { get; init; }

    /// <summary>All scored configurations, best first; null in the short form.</summary>
    public IReadOnlyList<ConfigurationDocument>? Configurations { get; init; }

    /// <summary>The results at this moment.</summary>
    /// <param name="all">With all configurations.</param>
    /// <param name="name">The user's name of an architecture; null: as it is trained.</param>
    public static ResultsDocument Of(SweepState state, bool all = true, Func<string, string>? name = null) =>
        Of(Standings.Of(state), all, name);

    /// <summary>The same of standings that are known.</summary>
    public static ResultsDocument Of(Standings standings, bool all = true, Func<string, string>? name = null) =>
        ResultsDocuments.Of(standings, all ? _ => true : null, name);

    /// <summary>The results with some of the configurations: all of a large sweep are more than a page can draw.
    /// </summary>
    /// <param name="standings">The sweep, and its leaderboard as of a moment before.</param>
    /// <param name="shown">Which configurations are in <see cref="Configurations"/>, by their index.</param>
    /// <param name="name">The user's name of an architecture.</param>
    public static ResultsDocument Of(Standings standings, Func<int, bool> shown, Func<string, string> name) =>
        ResultsDocuments.Of(standings, shown, name);

    /// <summary>Writes the object as JSON, piece by piece: of a large sweep it is hundreds of megabytes.</summary>
    public Task WriteAsync(Stream output, CancellationToken cancellation = default) =>
        JsonSerializer.SerializeAsync(output, this, ResultsJsonContext.Default.ResultsDocument, cancellation);

    /// <summary>The same as text.</summary>
    public void Write(TextWriter output, bool indented)
    {
        using var text = new TextStream(output);
        var context = indented ? ResultsJsonContext.Default : ResultsJsonContext.Compact;
        JsonSerializer.Serialize(text, this, context.ResultsDocument);
    }

    /// <summary>The object as JSON.</summary>
    public string ToJson(bool indented = true) => JsonSerializer.Serialize(
        this, indented ? ResultsJsonContext.Default.ResultsDocument : ResultsJsonContext.Compact.ResultsDocument);
}

/// <summary>One configuration in a <see cref="ResultsDocument"/>.</summary>
public sealed record ConfigurationDocument
{
    /// <summary>Its index.</summary>
    public required int Configuration { get; init; }

    /// <summary>Its architecture, by the user's name.</summary>
    public required string Architecture { get; init; }

    /// <summary>What that name trains; null: the name says it.</summary>
    public string? Layers { get; init; }

    /// <summary>All other parameters that are set.</summary>
    public required IReadOnlyDictionary<string, object> Parameters { get; init; }

    /// <summary>Place among those that can be the best, from 1; null: it cannot.</summary>
    public int? Rank { get; init; }

    /// <summary>Mean of the metric over folds.</summary>
    public double? Mean { get; init; }

    /// <summary>Sample standard deviation over folds.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>Standard error of the mean.</summary>
    public double? StandardError { get; init; }

    /// <summary>The metric of each fold; null: no result.</summary>
    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>Number of trainable weights; null: not known, and nothing was trained.</summary>
    public required long? Weights { get; init; }

    /// <summary>The engine that trained it; null: an earlier version, which did not say.</summary>
    public string? Engine { get; init; }

    /// <summary>Mean training seconds of a fold, as measured.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>The same in seconds on the reference machine; null: the silos' speeds are not known.</summary>
    public double? ReferenceSeconds { get; init; }

    /// <summary>Samples learned from in a second of training.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Most trials that shared the time of one of its folds; null: each had its slot alone.</summary>
    public int? Together { get; init; }

    /// <summary>Folds that diverged.</summary>
    public int Diverged { get; init; }

    /// <summary>Folds that ended with a validation loss that is no finite number; null: none.</summary>
    public int? InfiniteLosses { get; init; }

    /// <summary>Folds whose training stopped early.</summary>
    public int StoppedEarly { get; init; }

    /// <summary>
    /// Folds, from 0, on which it fell far behind its own best fold: it is unstable; null: it is not.
    /// </summary>
    public IReadOnlyList<int>? UnstableFolds { get; init; }

    /// <summary>Its accuracy is no clear gain over one in so many classes; null: it is.</summary>
    public bool? NoBetterThanGuessing { get; init; }

    /// <summary>Folds without a result.</summary>
    public int Missing { get; init; }

    /// <summary>Folds that the schedule stopped early or did not begin; null: none.</summary>
    public int? Stopped { get; init; }

    /// <summary>Epochs behind the values, where the schedule stopped it; null: it did not.</summary>
    public int? StoppedAfterEpochs { get; init; }

    /// <summary>Folds whose results were taken over; null: none.</summary>
    public int? Reused { get; init; }

    /// <summary>Folds whose time is doubtful.</summary>
    public int Disturbed { get; init; }

    /// <summary>No further from the best than chance explains.</summary>
    public bool Tied { get; init; }

    /// <summary>On the front of the metric against training time.</summary>
    public bool OnTimeFront { get; init; }

    /// <summary>On the front of the metric against the number of weights.</summary>
    public bool OnWeightsFront { get; init; }

    /// <summary>The further objectives by name; null: there are none.</summary>
    public IReadOnlyDictionary<string, ObjectiveValueDocument>? Objectives { get; init; }

    /// <summary>On the front of all objectives; null: there is one objective.</summary>
    public bool? OnFront { get; init; }
}

/// <summary>One objective in a <see cref="ResultsDocument"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Goal"><c>maximize</c> or <c>minimize</c>.</param>
public sealed record ObjectiveDocument(string Name, string Goal);

/// <summary>What a configuration has of a further objective.</summary>
/// <param name="Mean">Mean over folds, or what the network costs; null: none.</param>
/// <param name="StandardDeviation">Sample standard deviation over folds; null: a cost, which is exact.</param>
/// <param name="StandardError">Standard error of the mean, likewise.</param>
public sealed record ObjectiveValueDocument(double? Mean, double? StandardDeviation, double? StandardError);

/// <summary>How near predictions of one of several targets come.</summary>
/// <param name="Name">The target.</param>
/// <param name="MeanAbsoluteError">Mean absolute error.</param>
/// <param name="MeanSquaredError">Mean squared error.</param>
/// <param name="R2">1 - squared errors / squared deviations from the mean; null where all targets are one.</param>
public sealed record TargetDocument(string Name, double? MeanAbsoluteError, double? MeanSquaredError, double? R2)
{
    /// <summary>Of a score.</summary>
    public static TargetDocument Of(string name, TargetScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new(
            name, ResultsDocuments.Finite(score.Error), ResultsDocuments.Finite(score.SquaredError),
            ResultsDocuments.Finite(score.R2));
    }
}

/// <summary>How well one of several labels is told; null: a number does not exist.</summary>
/// <param name="Name">The label.</param>
/// <param name="Samples">Samples that have it.</param>
/// <param name="Accuracy">Share of all samples that are answered rightly.</param>
/// <param name="Precision">Share of those said to have it that do.</param>
/// <param name="Recall">Share of those that have it that are said to.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="RocAuc">Area under its ROC curve.</param>
/// <param name="Confusion">Counts [lacks it, has it] x [is said to lack it, is said to have it].</param>
public sealed record LabelDocument(
    string Name, int Samples, double? Accuracy, double? Precision, double? Recall, double? F1, double? RocAuc,
    IReadOnlyList<IReadOnlyList<int>> Confusion)
{
    /// <summary>Of a score.</summary>
    public static LabelDocument Of(string name, LabelScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new(
            name, score.Positives, ResultsDocuments.Finite(score.Accuracy), ResultsDocuments.Finite(score.Precision),
            ResultsDocuments.Finite(score.Recall), ResultsDocuments.Finite(score.F1),
            ResultsDocuments.Finite(score.RocAuc),
            [[score.TrueNegatives, score.FalsePositives], [score.FalseNegatives, score.TruePositives]]);
    }
}

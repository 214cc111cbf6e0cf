using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>Makes a <see cref="ResultsDocument"/> of a sweep.</summary>
internal static class ResultsDocuments
{
    public static ResultsDocument Of(Standings standings, Func<int, bool>? shown, Func<string, string>? name)
    {
        var (state, rows, ties) = standings;
        var audit = state.Audit();
        var several = state.Plan.HasSeveralObjectives;
        var continued = state.ContinuedTotals();
        var document = new ResultsDocument
        {
            Id = state.Plan.Id,
            Name = state.Plan.Title(),
            State = ConfigurationText.Word(state.Status),
            Reason = state.Reason,
            Seed = state.Plan.Seed,
            Data = state.Plan.Data,
            DataDigest = state.Plan.Content?.Digest,
            Metric = state.Plan.Metric.Name,
            Goal = ConfigurationText.Word(state.Plan.Metric.Goal),
            Objectives = several ? [.. state.Plan.AllObjectives().Select(metric =>
                new ObjectiveDocument(metric.Name, ConfigurationText.Word(metric.Goal)))] : null,
            Choose = state.Plan.Objectives?.Choose is { } choose and not FinalChoice.Best
                ? ConfigurationText.Word(choose) : null,
            Folds = state.Plan.Folds,
            Repeats = state.Plan.Repeats > 1 ? state.Plan.Repeats : null,
            Seeds = state.Plan.Seeds > 1 ? state.Plan.Seeds : null,
            Digest = state.Completion?.Digest ?? ResultsDigest.Of(state),
            Planned = audit.Planned,
            Completed = audit.Completed,
            Unique = audit.Unique,
            Stopped = audit.Stopped,
            Failed = audit.Failed,
            Cancelled = audit.Cancelled,
            StoppedEarly = state.Totals.StoppedEarly,
            Schedule = SchedulePart.Of(state),
            Diverged = state.Totals.Diverged,
            Retried = audit.Retried,
            Lost = state.IsOver ? audit.Lost : 0,
            Best = Configuration(state.Plan, rows.FirstOrDefault(row => row.Rank == 1), name),
            BestRule = state.Selection?.Rule,
            Chosen = state.Plan.Objectives is null
                ? null : Configuration(state.Plan, rows.FirstOrDefault(row => row.IsChosen), name),
            OneStandardError = Configuration(
                state.Plan, rows.FirstOrDefault(row => row.IsOneStandardErrorChoice), name),
            Tied = [.. rows.Where(row => row.Tied).Select(row => row.Index)],
            TieRule = state.Selection is null ? null : ties.Text,
            TieMargin = Finite(ties.Margin),
            Score = ConfigurationText.Word(state.Plan.Score),
            RefitEpochs = state.RefitEpochs,
            Front = [.. rows.Where(row => row.OnTimeFront).Select(row => row.Index)],
            WeightsFront = [.. rows.Where(row => row.OnWeightsFront).Select(row => row.Index)],
            ObjectivesFront = several ? [.. rows.Where(row => row.OnFront).Select(row => row.Index)] : null,
            Seconds = (state.LastAt - state.SubmittedAt).TotalSeconds,
            TrainSeconds = state.Totals.TrainSeconds,
            Reused = state.Totals.Reused,
            ReusedSeconds = state.Totals.ReusedSeconds,
            ReusedFrom = state.Totals.Reused > 0
                ? state.ReusedFrom().ToDictionary(pair => pair.Sweep, pair => pair.Trials)
                : null,
            Continued = continued?.Trials,
            ContinuedSeconds = continued?.TrainSeconds,
            Configurations = shown is null
                ? null : new MadeWhenRead([.. rows.Where(row => shown(row.Index))], row => Trained(state, row, name)),
        };
        return WithTest(document, state);
    }

    /// <summary>Documents that are made one by one while they are written: of a large sweep all of them together take
    /// half a gigabyte.</summary>
    private sealed class MadeWhenRead(List<LeaderboardRow> rows, Func<LeaderboardRow, ConfigurationDocument> make)
        : IReadOnlyList<ConfigurationDocument>
    {
        public int Count => rows.Count;

        public ConfigurationDocument this[int index] => make(rows[index]);

        public IEnumerator<ConfigurationDocument> GetEnumerator() => rows.Select(make).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private static ConfigurationDocument Trained(SweepState state, LeaderboardRow row, Func<string, string>? name) =>
        Configuration(state.Plan, row, name)! with
        {
            Reused = Reused(state, row.Index),
            Engine = state.EngineOf(row.Index) is { } engine ? ConfigurationText.Word(engine) : null,
        };

    private static ResultsDocument WithTest(ResultsDocument document, SweepState state)
    {
        var test = state.RefitTrial is { } refit ? state.ResultOf(refit)?.Test : null;
        var isRegression = state.Plan.Task == TaskKind.Regression;
        return document with
        {
            TestAccuracy = isRegression ? null : Finite(test?.Metric),
            TestError = isRegression ? Finite(test?.Metric) : null,
            TestLoss = Finite(test?.Loss),
            TestMetrics = TestMetrics(test),
            Classes = state.Plan.ClassNames(),
            Confusion = Confusion(test),
            Targets = test?.Targets?.Select((score, target) => TargetDocument.Of(state.Plan.TargetName(target), score))
                .ToList(),
            Labels = test?.Labels?.Select((score, label) => LabelDocument.Of(state.Plan.LabelName(label), score))
                .ToList(),
            TestExactMatch = test?.ExactMatch,
        };
    }

    private static ConfigurationDocument? Configuration(
        SweepPlan plan, LeaderboardRow? row, Func<string, string>? name)
    {
        if (row is null)
            return null;
        var layers = row.Hyperparameters.Architecture;
        var document = Configuration(plan, row);
        if (name is null || (name(layers) == layers && row.Hyperparameters.Sizes is null))
            return document;
        return document with
        {
            Architecture = name(layers),
            Layers = row.Hyperparameters.Layers(),
        };
    }

    private static ConfigurationDocument Configuration(SweepPlan plan, LeaderboardRow row) => new()
    {
        Configuration = row.Index,
        Architecture = row.Hyperparameters.Architecture,
        Parameters = ConfigurationText.Searched(row.Hyperparameters, plan.Specification)
            .Where(parameter => parameter.Key != "architecture")
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value),
        Rank = row.Rank,
        Mean = Finite(row.Score.Mean),
        StandardDeviation = Finite(row.Score.Deviation),
        StandardError = Finite(row.Score.StandardError),
        Values = [.. row.Values.Select(value => Finite(value))],
        Weights = row.Weights,
        TrainSeconds = Finite(row.Score.TrainSeconds),
        ReferenceSeconds = Finite(row.Times.ReferenceSeconds),
        ImagesPerSecond = row.Score.ImagesPerSecond,
        Together = row.Times.AreShares ? row.Times.Together.Most : null,
        Diverged = row.Score.Diverged,
        InfiniteLosses = row.InfiniteLosses > 0 ? row.InfiniteLosses : null,
        StoppedEarly = row.StoppedEarly,
        UnstableFolds = row.CollapsedFolds.Count > 0 ? row.CollapsedFolds : null,
        NoBetterThanGuessing = row.IsGuess ? true : null,
        Missing = row.Score.Missing,
        Stopped = row.Score.Stopped > 0 ? row.Score.Stopped : null,
        StoppedAfterEpochs = row.StoppedAt?.Epochs,
        Disturbed = row.DisturbedFolds,
        Tied = row.Tied,
        OnTimeFront = row.OnTimeFront,
        OnWeightsFront = row.OnWeightsFront,
        Objectives = ObjectivesOf(plan, row),
        OnFront = plan.HasSeveralObjectives ? row.OnFront : null,
    };

    private static Dictionary<string, ObjectiveValueDocument>? ObjectivesOf(SweepPlan plan, LeaderboardRow row) =>
        plan.HasSeveralObjectives
            ? plan.Objectives!.Further.Zip(row.Score.Further!).ToDictionary(
                pair => pair.First.Name,
                pair => new ObjectiveValueDocument(
                    Finite(pair.Second.Mean), Finite(pair.Second.Deviation), Finite(pair.Second.StandardError)))
            : null;

    private static int? Reused(SweepState state, int configuration) =>
        state.ReusedOf(configuration) is > 0 and var folds ? folds : null;

    /// <summary>Null: JSON has no such number.</summary>
    internal static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static Dictionary<string, double?>? TestMetrics(TestReport? test) => test?.Metrics?.All.ToDictionary(
        pair => pair.Key.Replace("validation_", "test_", StringComparison.Ordinal), pair => Finite(pair.Value));

    private static int[][]? Confusion(TestReport? test) => test?.Confusion is not { } counts
        ? null
        : [.. counts.Chunk(test.Classes)];
}

/// <summary>Bytes of UTF-8 on their way to a text.</summary>
internal sealed class TextStream(TextWriter output) : Stream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[] _text = [];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_text.Length <= buffer.Length)
            _text = new char[buffer.Length + 1];
        output.Write(_text, 0, _decoder.GetChars(buffer, _text, flush: false));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ResultsDocument))]
[JsonSerializable(typeof(Dictionary<string, object>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ResultsJsonContext : JsonSerializerContext
{
    public static ResultsJsonContext Compact { get; } = new(
        new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        });
}

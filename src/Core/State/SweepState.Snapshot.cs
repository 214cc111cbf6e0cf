using System.Collections.Immutable;
using System.Text.Json;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;

namespace Sweeps.Core.State;

/// <summary>
/// The state as bytes, which save replaying a long log. They are read by the build that wrote them and by nobody else,
/// and whoever has none replays the log: no result depends on them.
/// </summary>
public sealed partial class SweepState
{
    /// <summary>Writes a state that was read from a log and is not being changed.</summary>
    /// <returns>
    /// False: its configurations differ in too much for this to be quicker than the log, and what was written is of no
    /// use.
    /// </returns>
    /// <exception cref="InvalidOperationException">A change of it may still be taken back.</exception>
    public bool Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (_undo is not null)
            throw new InvalidOperationException("A state whose changes may be taken back is not kept.");
        var writer = new SnapshotWriter(stream);
        var plan = SweepEventCodec.Encode(new SweepSubmitted(Plan) { At = SubmittedAt, Trace = Trace });
        writer.Write(plan.Type);
        writer.WriteBytes(plan.Payload.Span);
        if (!SnapshotConfigurations.TrySave(writer, _configurations, _values))
            return false;
        _trials.Save(writer);
        writer.Write(_cells.Count);
        for (var index = 0; index < _cells.Count; index++)
            SaveCell(writer, in _cells[index]);
        _brackets.Save(writer);
        _running.Save(writer);
        SaveTable(writer, _sources, source =>
        {
            writer.Write(source.Sweep);
            writer.Write((source.Trial, source.Trained));
        });
        SaveTable(writer, _ownCosts, writer.Write);
        SaveTable(writer, _beginnings, beginning =>
        {
            writer.Write(beginning.Sweep);
            writer.Write((beginning.Source, beginning.Epochs, beginning.TrainSeconds, beginning.EvaluationSeconds));
            writer.Write(beginning.Samples);
        });
        SaveFacts(writer);
        return true;
    }

    /// <summary>The state that <see cref="Save"/> wrote, to be read on.</summary>
    /// <exception cref="EndOfStreamException">There is less than that.</exception>
    public static SweepState Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var reader = new SnapshotReader(stream);
        var state = new SweepState();
        state.Evolve(SweepEventCodec.Decode(reader.ReadText()!, reader.ReadBytes()));
        SnapshotConfigurations.Load(reader, state.Shared, state._configurations, state._values);
        if (state.SharesTrainings)
            state._families.Grow(state._configurations);
        state._trials.Load(reader);
        state._cells.Resize(reader.ReadCount(itemBytes: 64));
        for (var index = 0; index < state._cells.Count; index++)
            LoadCell(reader, ref state._cells[index]);
        state._brackets.Load(reader);
        state._running.Load(reader);
        LoadTable(reader, state._sources, () =>
        {
            var sweep = state.Shared(reader.ReadText()!);
            var (trial, trained) = reader.Read<(TrialId, int)>();
            return new(sweep, trial, trained);
        });
        LoadTable(reader, state._ownCosts, reader.Read<TrainingCost>);
        LoadTable(reader, state._beginnings, () =>
        {
            var sweep = reader.ReadText()!;
            var (source, epochs, train, evaluation) = reader.Read<(TrialId, int, double, double)>();
            return new(sweep, source, epochs, train, evaluation, reader.Read<long>());
        });
        state.LoadFacts(reader);
        return state;
    }

    private static void SaveTable<T>(SnapshotWriter writer, Dictionary<TrialId, T> table, Action<T> save) =>
        writer.WriteAll(table, pair =>
        {
            writer.Write(pair.Key);
            save(pair.Value);
        });

    private static void LoadTable<T>(SnapshotReader reader, Dictionary<TrialId, T> table, Func<T> load) =>
        reader.ReadAll(() => table.Add(reader.Read<TrialId>(), load()));

    private static void SaveCell(SnapshotWriter writer, in ConfigurationCell cell)
    {
        writer.Write((cell.OpenFolds, cell.Rung, cell.ToRung, cell.Dropped, cell.DroppedAt, cell.DroppedFor));
        writer.Write(cell.Scored);
        var score = cell.Score;
        writer.Write((score.Mean, score.Deviation, score.StandardError, score.TrainSeconds, score.ImagesPerSecond));
        writer.Write((score.Weights, score.Diverged, score.Missing, score.Stopped));
        writer.Write(score.Further is not null);
        if (score.Further is not null)
            writer.WriteAll(score.Further, writer.Write);
    }

    private static void LoadCell(SnapshotReader reader, ref ConfigurationCell cell)
    {
        (cell.OpenFolds, cell.Rung, cell.ToRung, cell.Dropped, cell.DroppedAt, cell.DroppedFor) =
            reader.Read<(int, int, int, bool, double, RungCut)>();
        cell.Scored = reader.Read<bool>();
        var (mean, deviation, error, seconds, images) = reader.Read<(double, double, double, double, double)>();
        var (weights, diverged, missing, stopped) = reader.Read<(long, int, int, int)>();
        ObjectiveScore[]? further = reader.Read<bool>() ? new ObjectiveScore[reader.ReadCount()] : null;
        reader.ReadRows<ObjectiveScore>(further);
        cell.Score = new(
            mean, deviation, error, seconds, images, weights, diverged, missing, stopped, further);
    }

    private void SaveFacts(SnapshotWriter writer)
    {
        ref var facts = ref _facts;
        writer.Write((facts.Sequence, facts.Status, facts.SubmittedAt, facts.LastAt, facts.LastLossAt));
        writer.Write((facts.Configurations, facts.Frontier, facts.Fresh, facts.Scored, facts.ScoredPrefix));
        writer.Write((facts.SiloLosses, facts.RefitConfiguration, facts.RefitEpochs));
        writer.Write(facts.Totals);
        writer.Write(facts.Refit);
        writer.Write(facts.Reason);
        writer.Write(facts.Fingerprint);
        facts.Ready.Save(writer);
        facts.ReadyExclusive.Save(writer);
        writer.WriteAll(facts.ToScore, writer.Write);
        writer.WriteAll(facts.ToDecide, writer.Write);
        writer.WriteAll(facts.Queues, queue =>
        {
            writer.Write(queue.Next);
            writer.WriteAll(queue.Places, place => SavePlace(writer, place));
        });
        writer.WriteAll(facts.Cuts, cut => writer.Write((cut.Key, cut.Value)));
        facts.Tally.Save(writer);
        writer.WriteAll(facts.Notes, note =>
        {
            writer.Write((note.Key, note.Value.Attempt));
            writer.Write(note.Value.Kind);
            writer.Write(note.Value.Message);
        });
        writer.WriteAll(facts.Refused, writer.Write);
        writer.WriteAll(facts.DataProblems, problem =>
        {
            writer.Write(problem.Key);
            writer.Write(problem.Value);
        });
        // Of these there is one each.
        writer.WriteBytes(facts.Selection is { } selection
            ? SweepEventCodec.Encode(new BestSelected(selection, Refit: false)).Payload.Span : []);
        writer.WriteBytes(facts.RefitTest is { } test
            ? JsonSerializer.SerializeToUtf8Bytes(test, EventJsonContext.Default.TestReport) : []);
        writer.Write(facts.Completion is not null);
        writer.Write(facts.Completion?.Audit ?? default);
        writer.Write(facts.Completion?.Digest);
    }

    // The plan and its trace are there: they were read as an event.
    private void LoadFacts(SnapshotReader reader)
    {
        ref var facts = ref _facts;
        (facts.Sequence, facts.Status, facts.SubmittedAt, facts.LastAt, facts.LastLossAt) =
            reader.Read<(long, SweepStatus, DateTimeOffset, DateTimeOffset, DateTimeOffset)>();
        (facts.Configurations, facts.Frontier, facts.Fresh, facts.Scored, facts.ScoredPrefix) =
            reader.Read<(int, int, int, int, int)>();
        (facts.SiloLosses, facts.RefitConfiguration, facts.RefitEpochs) = reader.Read<(int, int?, int?)>();
        facts.Totals = reader.Read<SweepTotals>();
        facts.Refit = reader.Read<TrialCell>();
        facts.Reason = reader.ReadText();
        facts.Fingerprint = reader.ReadText();
        facts.Ready = ReadySet.Load(reader);
        facts.ReadyExclusive = ReadySet.Load(reader);
        facts.ToScore = [.. reader.ReadList(reader.Read<int>)];
        facts.ToDecide = [.. reader.ReadList(reader.Read<int>)];
        var empty = facts.Queues;
        facts.Queues = [.. reader.ReadList(() => new RungQueue(
            reader.Read<int>(), empty[0].Places.Union(reader.ReadList(() => LoadPlace(reader)))))];
        var cuts = reader.ReadList(reader.Read<((int, int), RungCut)>);
        facts.Cuts = cuts.ToImmutableDictionary(cut => cut.Item1, cut => cut.Item2);
        facts.Tally = FailureTally.Load(reader);
        facts.Notes = reader.ReadList(() =>
        {
            var (trial, attempt) = reader.Read<(TrialId, int)>();
            return KeyValuePair.Create(trial, new TrialNote(attempt, reader.ReadText()!, reader.ReadText()!));
        }).ToImmutableDictionary();
        facts.Refused = [.. reader.ReadList(() => reader.ReadText()!)];
        facts.DataProblems = reader.ReadList(() => KeyValuePair.Create(reader.ReadText()!, reader.ReadText()!))
            .ToImmutableDictionary();
        facts.Selection = reader.ReadBytes() is { Length: > 0 } selection
            ? ((BestSelected)SweepEventCodec.Decode("best-selected", selection)).Selection : null;
        facts.RefitTest = reader.ReadBytes() is { Length: > 0 } test
            ? JsonSerializer.Deserialize(test, EventJsonContext.Default.TestReport) : null;
        var isComplete = reader.Read<bool>();
        var (audit, digest) = (reader.Read<SweepAudit>(), reader.ReadText());
        facts.Completion = isComplete ? new(audit, digest!) : null;
    }

    private static void SavePlace(SnapshotWriter writer, RungPlace place)
    {
        writer.Write((place.Configuration, place.Value, place.Further is not null));
        if (place.Further is not null)
            writer.WriteAll(place.Further, writer.Write);
    }

    private static RungPlace LoadPlace(SnapshotReader reader)
    {
        var (configuration, value, hasFurther) = reader.Read<(int, double, bool)>();
        double[]? further = hasFurther ? new double[reader.ReadCount()] : null;
        reader.ReadRows<double>(further);
        return new(configuration, value, further);
    }
}

using Sweeps.Core.Log;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

/// <summary>
/// The configurations of a snapshot. Most differ in a few numbers: those are written one by one, and what is left of
/// each, of which there are few kinds, once as an event of the log has it.
/// </summary>
internal static class SnapshotConfigurations
{
    private const string Event = "configurations-proposed";

    // Kinds are read one by one, as the log is: where there are many, nothing is saved.
    private const int KindsMost = 10_000;
    private const int ConfigurationsPerKind = 10;

    /// <returns>False: there are too many kinds, and nothing was written.</returns>
    public static bool TrySave(
        SnapshotWriter writer, List<Hyperparameters> configurations, List<ParameterAssignment?> values)
    {
        var kinds = new Dictionary<Hyperparameters, int>();
        var ofConfiguration = new int[configurations.Count];
        var most = Math.Max(KindsMost, configurations.Count / ConfigurationsPerKind);
        for (var index = 0; index < ofConfiguration.Length; index++)
        {
            var kind = Numbers.Without(configurations[index]);
            if (!kinds.TryGetValue(kind, out ofConfiguration[index]))
                kinds.Add(kind, ofConfiguration[index] = kinds.Count);
            if (kinds.Count > most)
                return false;
        }

        writer.WriteBytes(SweepEventCodec.Encode(new ConfigurationsProposed(0, [.. kinds.Keys])).Payload.Span);
        writer.Write(ofConfiguration.Length);
        for (var index = 0; index < ofConfiguration.Length; index++)
        {
            writer.Write(ofConfiguration[index]);
            writer.Write(Numbers.Of(configurations[index]));
        }

        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var assignment in values)
            Save(writer, assignment, names);
        return true;
    }

    public static void Load(
        SnapshotReader reader, Func<string, string> shared, List<Hyperparameters> configurations,
        List<ParameterAssignment?> values)
    {
        var proposed = (ConfigurationsProposed)SweepEventCodec.Decode(Event, reader.ReadBytes());
        Hyperparameters[] kinds =
            [.. proposed.Configurations.Select(kind => kind with { Architecture = shared(kind.Architecture) })];
        var count = reader.ReadCount();
        configurations.EnsureCapacity(count);
        values.EnsureCapacity(count);
        for (var index = 0; index < count; index++)
        {
            var kind = kinds[reader.Read<int>()];
            configurations.Add(reader.Read<Numbers>().On(kind));
        }

        var names = new List<string[]>();
        for (var index = 0; index < count; index++)
            values.Add(Load(reader, names));
    }

    private static void Save(SnapshotWriter writer, ParameterAssignment? assignment, Dictionary<string, int> known)
    {
        if (assignment is null)
        {
            writer.Write(-1);
            return;
        }

        // No name has a line break.
        var key = string.Join('\n', assignment.Names);
        var isKnown = known.TryGetValue(key, out var place);
        if (!isKnown)
            known.Add(key, place = known.Count);
        writer.Write(place);
        if (!isKnown)
            writer.WriteAll(assignment.Names, writer.Write);
        foreach (var value in assignment.All)
        {
            writer.Write(value.Text is not null ? ValueKind.Text : value.IsFlag ? ValueKind.Flag : ValueKind.Number);
            if (value.Text is { } text)
                writer.Write(text);
            else
                writer.Write(value.Number);
        }
    }

    private static ParameterAssignment? Load(SnapshotReader reader, List<string[]> known)
    {
        var place = reader.Read<int>();
        if (place < 0)
            return null;
        if (place == known.Count)
            known.Add([.. reader.ReadList(() => string.Intern(reader.ReadText()!))]);
        var values = new ParameterValue[known[place].Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.Read<ValueKind>() switch
            {
                ValueKind.Text => ParameterValue.Of(reader.ReadText()!),
                ValueKind.Flag => ParameterValue.Of(reader.Read<double>() == 1),
                _ => ParameterValue.Of(reader.Read<double>()),
            };
        }

        return ParameterAssignment.OfSorted(known[place], values);
    }

    private enum ValueKind : byte
    {
        Number,
        Flag,
        Text,
    }

    /// <summary>What configurations of one sweep mostly differ in.</summary>
    private readonly record struct Numbers(
        double LearningRate, int BatchSize, int Epochs, double? Momentum, double? WeightDecay, double? Dropout)
    {
        public static Numbers Of(Hyperparameters point) => new(
            point.LearningRate, point.BatchSize, point.Epochs, point.Momentum, point.WeightDecay, point.Dropout);

        public static Hyperparameters Without(Hyperparameters point) => default(Numbers).On(point);

        public Hyperparameters On(Hyperparameters kind) => kind with
        {
            LearningRate = LearningRate,
            BatchSize = BatchSize,
            Epochs = Epochs,
            Momentum = Momentum,
            WeightDecay = WeightDecay,
            Dropout = Dropout,
        };
    }
}

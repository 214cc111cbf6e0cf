using System.Runtime.InteropServices;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep;

/// <summary>The names that a sweep file gives its architectures; tables show them instead of lists of layers.</summary>
internal sealed class ArchitectureNames
{
    private const int LengthMax = 40;
    private const int EndKept = 12;
    private readonly SweepSpecification? _specification;

    private ArchitectureNames(SweepSpecification? specification) => _specification = specification;

    public static ArchitectureNames Of(SweepPlan plan)
    {
        try
        {
            return new(plan.ReadSpecification());
        }
        catch (SweepsException)
        {
            // A specification of another version: tables show the layers instead.
            return new(null);
        }
    }

    /// <summary>How the sweep chose its configurations; null where its specification is of another version.</summary>
    public string? Search => _specification is null ? null : SweepVocabulary.SearchOf(_specification);

    /// <summary>What the sweep file searches; empty where its specification is of another version.</summary>
    public IReadOnlyList<string> Searched => _specification?.SearchedNames ?? [];

    /// <summary>Replaces the architecture at the start of a text by its name.</summary>
    public string Shorten(string text)
    {
        var known = (_specification?.Architectures ?? [])
            .Where(architecture => text.StartsWith(architecture.Text + " ", StringComparison.Ordinal))
            .MaxBy(architecture => architecture.Text.Length);
        return known is null ? text : $"{known.Name}{text[known.Text.Length..]}";
    }

    /// <summary>The whole name, for files.</summary>
    public string Full(string architecture) => _specification?.ArchitectureName(architecture) ?? architecture;

    public string Of(Hyperparameters point) => Of(point.Architecture);

    /// <summary>With its sizes, where no columns show them.</summary>
    public string Sized(Hyperparameters point) => point.Sizes is null ? Of(point) : $"{Of(point)} ({point.Sizes})";

    public string Of(string architecture)
    {
        var name = Full(architecture);
        // Long names often differ at their ends.
        return name.Length <= LengthMax ? name : $"{name[..(LengthMax - EndKept - 3)]}...{name[^EndKept..]}";
    }
}

/// <summary>The parameters that differ between a sweep's configurations: the columns of its tables.</summary>
internal static class SearchedParameters
{
    public static IReadOnlyList<string> Of(IReadOnlyList<LeaderboardRow> rows) =>
        Of([.. rows.Select(row => row.Hyperparameters)]);

    /// <summary>Of a sweep that goes on: also what those have that have no place yet, and what its file searches.
    /// </summary>
    public static IReadOnlyList<string> SoFar(
        IReadOnlyList<LeaderboardRow> rows, IReadOnlyList<PartialScore> partial, ArchitectureNames names)
    {
        List<Hyperparameters> points =
            [.. rows.Select(row => row.Hyperparameters), .. partial.Select(score => score.Hyperparameters)];
        var asked = names.Searched.Where(name => name != "architecture" && points.Exists(
            point => Text(point, name).Length > 0));
        return [.. Of(points).Union(asked).Order(StringComparer.Ordinal)];
    }

    private static IReadOnlyList<string> Of(List<Hyperparameters> rows)
    {
        // Most differ in numbers alone, and a list of all parameters for each row of a large sweep costs more than the
        // rest of its page.
        var kinds = new Dictionary<Hyperparameters, int>();
        foreach (var (kind, count) in Runs(rows))
            kinds[kind] = kinds.GetValueOrDefault(kind) + count;
        var seen = new Dictionary<string, Seen>(StringComparer.Ordinal);
        foreach (var (kind, count) in kinds)
        {
            foreach (var (name, value) in ConfigurationText.Parameters(kind))
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, name, out var isKnown);
                known = isKnown ? known.With(value) with { Count = known.Count + count } : new(value, count, false);
            }
        }

        foreach (var (name, number) in s_numbers)
        {
            if (seen.TryGetValue(name, out var known) && Differ(rows, number))
                seen[name] = known with { Differ = true };
        }

        // Some do without a setting that others have: that is a value too.
        return
        [
            .. seen.Where(pair => pair.Key != "architecture" && (pair.Value.Count < rows.Count
                    && ConfigurationText.NoneOf(pair.Key) is { } none ? pair.Value.With(none) : pair.Value).Differ)
                .Select(pair => pair.Key).Order(StringComparer.Ordinal),
        ];
    }

    private static readonly (string Name, Func<Hyperparameters, double?> Of)[] s_numbers =
    [
        ("learning_rate", point => point.LearningRate), ("batch_size", point => point.BatchSize),
        ("epochs", point => point.Epochs), ("momentum", point => point.Momentum),
        ("weight_decay", point => point.WeightDecay), ("dropout", point => point.Dropout),
    ];

    // Each kind with the rows that follow one another in it: to compare takes less than a dictionary does.
    private static IEnumerable<(Hyperparameters Kind, int Rows)> Runs(List<Hyperparameters> rows)
    {
        var (last, count) = ((Hyperparameters?)null, 0);
        foreach (var row in rows)
        {
            var kind = KindOf(row);
            if (last is not null && kind != last)
            {
                yield return (last, count);
                count = 0;
            }

            (last, count) = (kind, count + 1);
        }

        if (last is not null)
            yield return (last, count);
    }

    // All numbers that are there are 0.
    private static Hyperparameters KindOf(Hyperparameters point) => point with
    {
        LearningRate = 0,
        BatchSize = 0,
        Epochs = 0,
        Momentum = point.Momentum is null ? null : 0,
        WeightDecay = point.WeightDecay is null ? null : 0,
        Dropout = point.Dropout is null ? null : 0,
    };

    private static bool Differ(List<Hyperparameters> rows, Func<Hyperparameters, double?> number)
    {
        double? first = null;
        foreach (var row in rows)
        {
            if (number(row) is not { } value)
                continue;
            first ??= value;
            if (!value.Equals(first.Value))
                return true;
        }

        return false;
    }

    /// <summary>What the rows have of one parameter: the first value, how many have one, and whether they differ.
    /// </summary>
    private readonly record struct Seen(object First, int Count, bool Differ)
    {
        // Texts are made where values are not the same object's worth: of a large sweep there are very many.
        public Seen With(object value) => Differ || First.Equals(value)
            || ConfigurationText.Value(First) == ConfigurationText.Value(value) ? this : this with { Differ = true };
    }

    /// <summary>The columns that a narrow table does without, the first to go first: sizes of the network go last.
    /// </summary>
    public static IEnumerable<string> LastFirst(IReadOnlyList<string> searched, IReadOnlyList<LeaderboardRow> rows)
    {
        var sizes = SizesOf(rows);
        return searched.Reverse().OrderBy(sizes.Contains);
    }

    /// <summary>Those of the parameters that are sizes of the network, by name.</summary>
    public static SortedSet<string> SizesOf(IReadOnlyList<LeaderboardRow> rows) => new(
        rows.Where(row => row.Hyperparameters.Sizes is not null)
            .SelectMany(row => row.Hyperparameters.Sizes!.Values).Select(size => size.Key),
        StringComparer.Ordinal);

    public static string Text(Hyperparameters point, string name) =>
        (ConfigurationText.Parameters(point).FirstOrDefault(parameter => parameter.Key == name).Value
            ?? ConfigurationText.NoneOf(name)) is { } value
            ? name == "initial_weights" && point.InitialWeights is { } weights ? weights.Name : Text(value)
            : "";

    /// <summary>
    /// What a configuration sets, and what the sweep searches where this one does without it; by name.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, object>> Settings(Hyperparameters point, ArchitectureNames names)
    {
        var set = ConfigurationText.Parameters(point);
        var without = names.Searched.Where(name => !set.Any(parameter => parameter.Key == name))
            .Select(name => (Name: name, Value: WithoutIt(point, name)))
            .Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!));
        return [.. set.Concat(without).OrderBy(parameter => parameter.Key, StringComparer.Ordinal)];
    }

    private static object? WithoutIt(Hyperparameters point, string name) => ConfigurationText.NoneOf(name)
        ?? (name == "nesterov" && point.Optimizer == OptimizerKind.Sgd ? false : null);

    /// <summary>A parameter's value for people.</summary>
    public static string Text(object value) => value switch
    {
        double number => Figures.Parameter(number),
        string text => text,
        _ => ConfigurationText.Value(value),
    };
}

/// <summary>Names of metrics where there is little room.</summary>
internal static class MetricText
{
    /// <summary><c>accuracy</c> for <c>validation_accuracy</c>; empty where there is none.</summary>
    public static string Short(string? metric) =>
        metric?.Replace("validation_", string.Empty, StringComparison.Ordinal) ?? string.Empty;
}

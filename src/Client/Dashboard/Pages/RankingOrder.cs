using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.State;

namespace Sweeps.Client.Dashboard.Pages;

/// <summary>The order of a ranking's rows by one of its columns.</summary>
internal static class RankingOrder
{
    private const string Objective = "objective ";

    /// <summary>Sorted; equal ones stay in their order, and what a row does not have comes last.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="key">The column.</param>
    /// <param name="up">Whether the smallest comes first.</param>
    /// <param name="further">The place of a further objective by its name.</param>
    public static IReadOnlyList<LeaderboardRow> By(
        IReadOnlyList<LeaderboardRow> rows, string key, bool up, Func<string, int> further) => key switch
        {
            "rank" => Sort(rows, row => row.Rank ?? double.NaN, up),
            "mean" => Sort(rows, row => row.Score.Mean, up),
            "deviation" => Sort(rows, row => row.Score.Deviation, up),
            "weights" => Sort(rows, row => row.Weights ?? double.NaN, up),
            "seconds" => Sort(rows, row => row.Score.TrainSeconds, up),
            "speed" => Sort(rows, row => row.Score.ImagesPerSecond, up),
            _ when key.StartsWith(Objective, StringComparison.Ordinal) => Sort(
                rows, row => row.Score.Further?[further(key[Objective.Length..])].Mean ?? double.NaN, up),
            "architecture" => SortText(rows, row => row.Hyperparameters.Architecture, up),
            _ => ByParameter(rows, key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..], up),
        };

    private static List<LeaderboardRow> ByParameter(
        IReadOnlyList<LeaderboardRow> rows, string name, bool up)
    {
        var values = rows.ToDictionary(row => row.Index, row => ConfigurationText.Parameters(row.Hyperparameters)
            .FirstOrDefault(parameter => parameter.Key == name).Value);
        return values.Values.All(value => value is null or int or long or double)
            ? Sort(rows, row => values[row.Index] is { } value
                ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : double.NaN, up)
            : SortText(rows, row => values[row.Index]?.ToString(), up);
    }

    private static List<LeaderboardRow> Sort(
        IReadOnlyList<LeaderboardRow> rows, Func<LeaderboardRow, double> value, bool up)
    {
        var keyed = rows.Select(row => (Row: row, Value: value(row))).ToList();
        var known = keyed.Where(pair => !double.IsNaN(pair.Value));
        var sorted = up ? known.OrderBy(pair => pair.Value) : known.OrderByDescending(pair => pair.Value);
        return [.. sorted.Concat(keyed.Where(pair => double.IsNaN(pair.Value))).Select(pair => pair.Row)];
    }

    /// <summary>By names; what has none comes last.</summary>
    public static List<T> SortText<T>(IReadOnlyList<T> rows, Func<T, string?> text, bool up)
    {
        var known = rows.Where(row => text(row) is not null);
        var sorted = up
            ? known.OrderBy(text, NaturalOrder.ByName)
            : known.OrderByDescending(text, NaturalOrder.ByName);
        return [.. sorted.Concat(rows.Where(row => text(row) is null))];
    }
}

/// <summary>The order of a listing's trials by one of its columns.</summary>
internal static class TrialOrder
{
    /// <summary>Those wanted, sorted; what a trial does not have comes last.</summary>
    /// <param name="lines">All trials.</param>
    /// <param name="status">Only those that stand so; null: all.</param>
    /// <param name="wanted">A configuration, a trial, or a text in its silo or reason; empty: all.</param>
    /// <param name="key">The column.</param>
    /// <param name="up">Whether the smallest comes first.</param>
    public static IReadOnlyList<TrialLine> By(
        IReadOnlyList<TrialLine> lines, TrialStatus? status, string wanted, string key, bool up)
    {
        var found = status is null && wanted.Length == 0
            ? lines
            : [.. lines.Where(line => (status is null || line.Status == status) && Matches(line, wanted))];
        return key switch
        {
            "trial" when up => found,
            "trial" => [.. found.Reverse()],
            "state" => up ? [.. found.OrderBy(line => line.Status)] : [.. found.OrderByDescending(line => line.Status)],
            "silo" => RankingOrder.SortText(found, line => line.Silo, up),
            "attempts" => Sort(found, line => line.Attempts, up),
            "epochs" => Sort(found, line => line.Epochs == 0 ? double.NaN : line.Epochs, up),
            "seconds" => Sort(found, line => line.Seconds, up),
            _ => Sort(found, line => line.Metric, up),
        };
    }

    private static bool Matches(TrialLine line, string wanted)
    {
        if (wanted.Length == 0)
            return true;
        if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var configuration))
            return line.Trial.Configuration == configuration;
        return $"{line.Trial}".StartsWith(wanted, StringComparison.OrdinalIgnoreCase)
            || line.Silo?.Contains(wanted, StringComparison.OrdinalIgnoreCase) == true
            || line.Reason?.Contains(wanted, StringComparison.OrdinalIgnoreCase) == true;
    }

    private static List<TrialLine> Sort(IReadOnlyList<TrialLine> lines, Func<TrialLine, double> value, bool up)
    {
        var known = lines.Where(line => !double.IsNaN(value(line)));
        var sorted = up ? known.OrderBy(value) : known.OrderByDescending(value);
        return [.. sorted.Concat(lines.Where(line => double.IsNaN(value(line))))];
    }
}

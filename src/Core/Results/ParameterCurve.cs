using System.Runtime.InteropServices;
using Sweeps.Core.Log;

namespace Sweeps.Core.Results;

/// <summary>How the metric and the time of one architecture depend on one numeric parameter.</summary>
/// <param name="Parameter">
/// The parameter, as the sweep file names it: <c>learning_rate</c>, <c>batch_size</c>, ...
/// </param>
/// <param name="Points">By ascending value.</param>
public sealed record ParameterCurve(string Architecture, string Parameter, IReadOnlyList<ParameterPoint> Points)
{
    /// <summary>
    /// One curve for each architecture, in the order of the rows, at the best of all configurations with each value.
    /// Rows without a finite mean are left out; a curve may have a single point.
    /// </summary>
    public static IReadOnlyList<ParameterCurve> Of(
        IReadOnlyList<LeaderboardRow> rows, string parameter, SweepMetric metric)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(metric);
        var curves = new OrderedDictionary<string, Dictionary<double, LeaderboardRow>>(StringComparer.Ordinal);
        var (last, best) = ((string?)null, new Dictionary<double, LeaderboardRow>());
        foreach (var row in rows)
        {
            if (!double.IsFinite(row.Score.Mean))
                continue;
            var architecture = row.Hyperparameters.Architecture;
            // Most have the last one's, which is one object.
            if (!ReferenceEquals(architecture, last) && !curves.TryGetValue(last = architecture, out best!))
                curves.Add(architecture, best = []);
            if (NumberOf(row, parameter) is not { } value)
                continue;
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(best, value, out var isKnown);
            if (!isKnown || metric.Compare(row.Score.Mean, known!.Score.Mean) < 0)
                known = row;
        }

        return
        [
            .. curves.Where(curve => curve.Value.Count > 0)
                .Select(curve => new ParameterCurve(curve.Key, parameter, InOrder(curve.Value))),
        ];
    }

    private static ParameterPoint[] InOrder(Dictionary<double, LeaderboardRow> best)
    {
        double[] values = [.. best.Keys];
        LeaderboardRow[] rows = [.. best.Values];
        Array.Sort(values, rows);
        var points = new ParameterPoint[rows.Length];
        for (var place = 0; place < points.Length; place++)
        {
            var row = rows[place];
            points[place] =
                new(values[place], row.Score.Mean, row.Score.Deviation, row.Score.TrainSeconds, row.Index);
        }

        return points;
    }

    private static double? NumberOf(LeaderboardRow row, string parameter)
    {
        // The same without a list of all of them for each row.
        double? known = parameter switch
        {
            "batch_size" => row.Hyperparameters.BatchSize,
            "epochs" => row.Hyperparameters.Epochs,
            "learning_rate" => row.Hyperparameters.LearningRate,
            _ => null,
        };
        if (known is not null)
            return known;
        foreach (var (name, value) in ConfigurationText.Parameters(row.Hyperparameters))
        {
            if (name == parameter)
                return value switch { double real => real, int whole => whole, _ => null };
        }

        return ConfigurationText.NoneOf(parameter) as double?;
    }
}

/// <summary>One point of a <see cref="ParameterCurve"/>.</summary>
/// <param name="Value">The parameter's value.</param>
/// <param name="Mean">Mean of the metric over folds of the best configuration with that value.</param>
/// <param name="Deviation">Its sample standard deviation; NaN for a hold-out split.</param>
/// <param name="TrainSeconds">Its training seconds for one fold.</param>
public readonly record struct ParameterPoint(
    double Value, double Mean, double Deviation, double TrainSeconds, int Configuration);

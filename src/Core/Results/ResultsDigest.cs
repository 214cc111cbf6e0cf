using System.Globalization;
using System.Security.Cryptography;
using Sweeps.Core.Log;
using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>
/// SHA-256 of everything that a sweep found out and nothing of how it ran: no times, silos or attempts. Two runs of
/// the same plan have the same digest, on any machines of equal numerics and however often they were interrupted.
/// </summary>
public static class ResultsDigest
{
    /// <summary>The digest of the results so far, 64 lower-case hexadecimal digits.</summary>
    public static string Of(SweepState state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in Lines(state))
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What the digest is made of, line by line: it shows where two runs differ.</summary>
    public static IEnumerable<string> Lines(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var plan = state.Plan;
        // What is not known by its name alone is known by its content: the same table in two folders is the same data.
        var data = plan.Content is { IsPublished: false } content ? content.Digest : plan.Data;
        var times = (plan.Repeats > 1 ? FormattableString.Invariant($"repeats={plan.Repeats} ") : "")
            + (plan.Seeds > 1 ? FormattableString.Invariant($"seeds={plan.Seeds} ") : "");
        yield return FormattableString.Invariant($"sweep seed={plan.Seed} data='{data}' folds={plan.Folds} {times}") +
            FormattableString.Invariant($"holdout={plan.HoldoutFraction:R} ") +
            (plan.HoldoutFirst > 0 ? FormattableString.Invariant($"first={plan.HoldoutFirst} ") : "") +
            $"metric={ObjectivesOf(plan)}\n";
        for (var configuration = 0; configuration < state.Proposed; configuration++)
        {
            var canonical = ConfigurationText.Canonical(state.HyperparametersOf(configuration));
            yield return FormattableString.Invariant($"configuration {configuration} {canonical}\n");
            for (var fold = 0; fold < plan.TrialsPerConfiguration; fold++)
                yield return Line(state, new(configuration, fold));
        }

        if (state.Selection is { } selection)
            yield return $"best {selection.Best?.ToString(CultureInfo.InvariantCulture) ?? "none"}\n";
        if (state.RefitTrial is { } refit)
            yield return Line(state, refit) + TestLine(state.ResultOf(refit));
    }

    private static string ObjectivesOf(SweepPlan plan) =>
        string.Join(',', plan.AllObjectives().Select(metric => metric.Name))
        + (plan.Objectives?.Choose is { } choose and not FinalChoice.Best ? $" choose={choose}" : "");

    private static string Line(SweepState state, TrialId trial)
    {
        ref readonly var cell = ref state.Cell(trial);
        // Without a person's word the results would be others.
        if (cell.StoppedByUser)
            return $"trial {trial} StoppedByUser\n";
        if (!cell.HasResult)
            return $"trial {trial} {state.StatusOf(trial)}\n";
        var size = FormattableString.Invariant($"epochs={cell.Epochs} weights={cell.Weights}");
        if (cell.BestEpoch > 0)
            size += FormattableString.Invariant($" best={cell.BestEpoch}");
        var train = $"{Bits(cell.TrainLoss)} {Bits(cell.TrainMetric)}";
        var validation = $"{Bits(cell.ValidationLoss)} {Bits(cell.ValidationMetric)}";
        if (state.Plan.AskedMetrics() is not null)
        {
            foreach (var (_, value) in state.ResultOf(trial)?.Metrics?.All ?? [])
                validation += $" {Bits(value)}";
        }

        return $"trial {trial} {cell.Outcome} {size} {train} {validation} {cell.Digest}\n";
    }

    private static string TestLine(TrialResult? result)
    {
        if (result?.Test is not { } test)
            return string.Empty;
        var confusion = test.Confusion is null ? "none" : string.Join(',', test.Confusion);
        return $"test {Bits(test.Loss)} {Bits(test.Metric)} {confusion}\n";
    }

    // All NaNs are one: their payload bits mean nothing and differ between processors.
    private static string Bits(double value) => double.IsNaN(value)
        ? "nan"
        : BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture);
}

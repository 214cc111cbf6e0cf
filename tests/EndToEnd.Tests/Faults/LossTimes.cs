using System.Globalization;
using Sweeps.Core.Log;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>How long it took, by the log, until lost silos were noticed and their trials went on.</summary>
internal sealed class LossTimes
{
    private readonly List<double> _detected = [];
    private readonly List<double> _wentOn = [];

    /// <summary>Losses of silos that had work in hand.</summary>
    public int Count => _detected.Count;

    /// <summary>Adds a silo that was lost at a moment; nothing where it held no attempt of the sweep then.</summary>
    public void Add(SweepLog log, string silo, DateTimeOffset lost)
    {
        var held = log.Of<TrialStarted>()
            .Where(started => started.Silo.Name == silo)
            .Select(started => (started.Trial, started.Attempt))
            .ToHashSet();
        var expired = log.Of<AttemptExpired>().Where(item => held.Contains((item.Trial, item.Attempt))).ToList();
        if (expired.Count == 0)
            return;
        _detected.Add((expired.Min(item => item.At) - lost).TotalSeconds);
        var next = expired.Select(item => (item.Trial, item.Attempt + 1)).ToHashSet();
        _wentOn.AddRange(log.Of<TrialStarted>()
            .Where(started => next.Contains((started.Trial, started.Attempt)))
            .Select(started => (started.At - lost).TotalSeconds));
    }

    public override string ToString() => _detected.Count == 0
        ? "no silo was lost with work in hand"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{_detected.Count} losses with work in hand; detected after {Spread(_detected)}; trials went on "
                + $"after {Spread(_wentOn)}");

    private static FormattableString Spread(List<double> seconds)
    {
        seconds.Sort();
        return $"{seconds[0]:0.0} / {seconds[seconds.Count / 2]:0.0} / {seconds[^1]:0.0} s (least, median, most)";
    }
}

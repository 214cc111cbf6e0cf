using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Silo;

namespace Sweeps.Client.Sweep.Progress;

/// <summary>Shows a sweep while it runs.</summary>
internal interface IProgressDisplay : IDisposable
{
    /// <summary>Shows a line until the first progress replaces it.</summary>
    void Begin(string line);

    /// <summary>Shows the progress; called a few times a second.</summary>
    /// <param name="plan">The sweep's plan.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="activities">What the slots of all silos do.</param>
    void Show(SweepPlan plan, SweepProgress progress, IReadOnlyList<TrialActivity> activities);

    /// <summary>Prints a line that stays.</summary>
    void Note(string line);
}

/// <summary>Chooses how a running sweep is shown.</summary>
internal static class ProgressDisplay
{
    /// <summary>Live on a terminal, a line now and then in a pipe or file.</summary>
    /// <param name="error">Where to.</param>
    /// <param name="isPlain">No drawing even on a terminal.</param>
    public static IProgressDisplay On(TextWriter error, bool isPlain) =>
        isPlain || Console.IsErrorRedirected || !ReferenceEquals(error, Console.Error)
            ? new PlainDisplay(error, TimeProvider.System)
            : new LiveDisplay(error);
}

/// <summary>For pipes and files: a line when something changed, at most one in five seconds.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private ProgressText? _text;
    private long _last;
    private long _ended = -1;
    private int? _best;

    public void Begin(string line)
    {
        // Temporary: only a terminal shows it.
    }

    public void Show(SweepPlan plan, SweepProgress progress, IReadOnlyList<TrialActivity> activities)
    {
        _text ??= new(plan);
        if (progress.Best is { } best && best.Index != _best)
        {
            _best = best.Index;
            output.WriteLine(_text.Best(progress));
        }

        var isLast = progress.Ended == progress.Planned;
        if (progress.Ended == _ended || (!isLast && _last != 0 && time.GetElapsedTime(_last) < Interval))
            return;
        (_ended, _last) = (progress.Ended, time.GetTimestamp());
        output.WriteLine(_text.Overall(progress, activities));
    }

    public void Note(string line) => output.WriteLine(line);

    public void Dispose()
    {
    }
}

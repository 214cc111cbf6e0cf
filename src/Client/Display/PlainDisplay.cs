using Sweeps.Client.Running;
using Sweeps.Core.Analysis;
using Sweeps.Core.Sweeps;
using Sweeps.Silo;

namespace Sweeps.Client.Display;

/// <summary>For pipes and files: a line when something moved, seldom enough to be read.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private ProgressText? _text;
    private long _last;
    private long _done = -1;
    private int? _best;

    public void Begin(string line)
    {
        // Worth a moment on a screen, not a line in a file.
    }

    public void Show(SweepPlan plan, SweepProgress progress, IReadOnlyList<TrialActivity> activities)
    {
        _text ??= new(plan);
        if (progress.Best is { } best && best.Index != _best)
        {
            _best = best.Index;
            output.WriteLine(_text.Best(progress));
        }

        var isLast = progress.Done == progress.Planned;
        if (progress.Done == _done || (!isLast && _last != 0 && time.GetElapsedTime(_last) < Interval))
            return;
        (_done, _last) = (progress.Done, time.GetTimestamp());
        output.WriteLine(_text.Overall(progress, activities));
    }

    public void Note(string line) => output.WriteLine(line);

    public void Dispose()
    {
    }
}

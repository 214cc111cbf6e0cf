using Sweeps.Client.Running;
using Sweeps.Core.Analysis;
using Sweeps.Core.Sweeps;
using Sweeps.Grains.Contracts;

namespace Sweeps.Client.Display;

/// <summary>A few lines at the foot of the terminal, drawn again and again.</summary>
internal sealed class LiveDisplay(TextWriter terminal) : IProgressDisplay
{
    private const int SlotsShown = 16;
    private int _drawn;

    public void Show(SweepPlan plan, SweepProgress progress, IReadOnlyList<TrialActivity> activities)
    {
        var lines = new List<string> { ProgressText.Overall(plan, progress, activities), ProgressText.Best(plan, progress) };
        var running = activities.Where(activity => activity.Slot >= 0).ToList();
        lines.AddRange(running.Take(SlotsShown).Select(activity => ProgressText.Slot(plan, activity)));
        if (running.Count > SlotsShown)
            lines.Add($"and {running.Count - SlotsShown} slots more");
        Clear();
        var width = Math.Max(20, Width() - 1);
        foreach (var line in lines)
            terminal.WriteLine(line.Length > width ? line[..width] : line);
        terminal.Flush();
        _drawn = lines.Count;
    }

    public void Note(string line)
    {
        Clear();
        terminal.WriteLine(line);
        terminal.Flush();
    }

    public void Dispose() => Clear();

    private void Clear()
    {
        if (_drawn > 0)
            terminal.Write($"\u001b[{_drawn}A\u001b[J");
        _drawn = 0;
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 120;
        }
    }
}

using System.Text;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Silo;

namespace Sweeps.Client.Sweep.Progress;

/// <summary>
/// A few lines at the bottom of the terminal, redrawn in place. Each frame is one write and blanks no line before it is
/// overwritten, so that nothing flickers. The cursor stays visible, also when the process is killed.
/// </summary>
internal sealed class LiveDisplay(TextWriter terminal) : IProgressDisplay
{
    private const int SlotsShown = 16;
    private const int WidthUnknown = 100;
    private const string ToLineEnd = "\u001b[K";
    private const string ToScreenEnd = "\u001b[J";
    private ProgressText? _text;
    private int _drawn;

    public void Begin(string line) => Draw([line]);

    public void Show(SweepPlan plan, SweepProgress progress, IReadOnlyList<TrialActivity> activities)
    {
        _text ??= new(plan);
        var lines = new List<string>
        {
            _text.Overall(progress, activities, Size().Columns - 1), _text.Best(progress),
        };
        var running = activities.Where(activity => activity.Slot >= 0).ToList();
        lines.AddRange(running.Take(SlotsShown).Select(_text.Slot));
        if (running.Count > SlotsShown)
            lines.Add($"and {running.Count - SlotsShown} more");
        Draw(lines);
    }

    public void Note(string line)
    {
        Draw([]);
        terminal.WriteLine(line);
        terminal.Flush();
    }

    public void Dispose() => Draw([]);

    private void Draw(List<string> lines)
    {
        var (columns, rows) = Size();
        // Lines beyond the screen scroll away and could not be redrawn.
        var shown = lines.Take(Math.Max(1, rows - 2)).ToList();
        var frame = new StringBuilder();
        // Return to the line's start: the terminal may have echoed a Ctrl-C.
        if (_drawn > 0)
            frame.Append("\r\u001b[").Append(_drawn).Append('A');
        foreach (var line in shown)
            frame.Append(ProgressText.Fit(line, columns - 1)).Append(ToLineEnd).Append('\n');
        if (shown.Count < _drawn)
            frame.Append(ToScreenEnd);
        _drawn = shown.Count;
        terminal.Write(frame.ToString());
        terminal.Flush();
    }

    private static (int Columns, int Rows) Size()
    {
        try
        {
            // A terminal of unknown size reports 0.
            return Console.WindowWidth > 1 ? (Console.WindowWidth, Console.WindowHeight) : (WidthUnknown, WidthUnknown);
        }
        catch (IOException)
        {
            return (WidthUnknown, WidthUnknown);
        }
    }
}

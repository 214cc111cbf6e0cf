using System.Diagnostics;
using Spectre.Console;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Where a command's time goes, from the start of its process: a phase begins where the one that ended before it did.
/// </summary>
internal sealed class PhaseClock
{
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _start = Process.GetCurrentProcess().StartTime.ToUniversalTime();
    private readonly List<(string Phase, DateTimeOffset End)> _phases = [];

    /// <summary>A phase ends now.</summary>
    public void End(string phase) => End(phase, DateTimeOffset.UtcNow);

    /// <summary>A phase ended then; one that would end before the phase before it did took no time.</summary>
    public void End(string phase, DateTimeOffset at)
    {
        lock (_lock)
        {
            var before = _phases.Count > 0 ? _phases[^1].End : _start;
            _phases.Add((phase, at > before ? at : before));
        }
    }

    /// <summary>Prints the phases, each with its seconds and when it ended.</summary>
    public void Write(TextWriter output)
    {
        var table = Screen.Table(("where the time went", false), ("seconds", true), ("after", true));
        var before = _start;
        foreach (var (phase, end) in _phases)
        {
            table.AddRow(Markup.Escape(phase), Seconds(end - before), Seconds(end - _start));
            before = end;
        }

        Screen.On(output).Write(table);
    }

    private static string Seconds(TimeSpan span) => Figures.Seconds(span.TotalSeconds);
}

using Microsoft.Extensions.Logging;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// Who was refused: said at once the first time, then gathered, so that a stranger who tries again and again fills no
/// log. Also how many connections of one address are at the door at once.
/// </summary>
internal sealed partial class Strangers(TimeProvider time, ILogger<Strangers> logger) : IDisposable
{
    /// <summary>What repeats is told once in that time.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Connections of one address that have not shown yet who they are.</summary>
    public const int WaitingMost = 128;

    private const int NamedMost = 1000;
    private const string Others = "other addresses";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Repeats> _refused = [];
    private readonly Dictionary<string, int> _waiting = [];
    private ITimer? _timer;

    /// <summary>One more connection waits at the door; false: too many of its address do.</summary>
    public bool TryEnter(string address)
    {
        lock (_lock)
        {
            var waiting = _waiting.GetValueOrDefault(address);
            if (waiting >= WaitingMost)
                return false;
            _waiting[address] = waiting + 1;
            return true;
        }
    }

    /// <summary>It came in or went away.</summary>
    public void Leave(string address)
    {
        lock (_lock)
        {
            if (--_waiting[address] == 0)
                _waiting.Remove(address);
        }
    }

    /// <summary>A connection was refused.</summary>
    /// <param name="whose">From or to which address: <c>from 10.0.0.7</c>.</param>
    /// <param name="reason">Why, as a clause.</param>
    public void Refuse(string whose, string reason)
    {
        lock (_lock)
        {
            if (!_refused.ContainsKey(whose) && _refused.Count >= NamedMost)
                whose = $"{whose.Split(' ')[0]} {Others}";
            if (_refused.TryGetValue(whose, out var repeats))
            {
                (repeats.Count, repeats.Reason) = (repeats.Count + 1, reason);
                return;
            }

            _refused.Add(whose, new());
            _timer ??= time.CreateTimer(_ => TellRepeats(), null, Period, Period);
        }

        LogRefused(logger, whose, reason);
    }

    public void Dispose()
    {
        lock (_lock)
            _timer?.Dispose();
    }

    /// <summary>What was gathered; who was not seen again is forgotten.</summary>
    private void TellRepeats()
    {
        List<(string Whose, int Count, string Reason)> told = [];
        lock (_lock)
        {
            foreach (var (whose, repeats) in _refused.ToList())
            {
                if (repeats.Count == 0)
                    _refused.Remove(whose);
                else
                    told.Add((whose, repeats.Count, repeats.Reason));
                repeats.Count = 0;
            }
        }

        foreach (var (whose, count, reason) in told)
            LogRepeats(logger, count, whose, (int)Period.TotalMinutes, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a connection {Whose}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string whose, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Refused {Count} more connections {Whose} in the last {Minutes} minutes, the last because {Reason}")]
    private static partial void LogRepeats(ILogger logger, int count, string whose, int minutes, string reason);

    private sealed class Repeats
    {
        public int Count { get; set; }

        public string Reason { get; set; } = string.Empty;
    }
}

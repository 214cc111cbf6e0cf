using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>
/// How a grain timer ticks. A tick is a turn of its own; the next is due a period after the last has ended.
/// </summary>
public readonly struct GrainTimerCreationOptions()
{
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time to the first tick; infinite means never.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a tick to the next; infinite means no next one.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether a tick may run while a call waits for something. Default: no.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as activity for the collector. Default: no.</summary>
    public bool KeepAlive { get; init; }
}

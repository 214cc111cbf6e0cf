using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Silo.Slots;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Workers;

/// <summary>
/// Says that the store is away or takes no writes when that has lasted for more than a few seconds, now and then while
/// it lasts, and once when it is over. What is tried again meanwhile, by whom ever, needs no word of its own.
/// </summary>
internal sealed partial class StoreWatch(
    Heartbeats heartbeats, GrainReports reports, ISweepStore store, SiloSettings settings, SiloStart start,
    ILogger<StoreWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly Standstill _standstill = new(Patience);

    /// <summary>
    /// What keeps the store from being written, and did for a while; null: nothing. Signs of life may be taken while
    /// reports are not: a disk may have room for the database and none for a checkpoint.
    /// </summary>
    public StoreTrouble? Trouble
    {
        get
        {
            var silence = _standstill.Silence(Now, heartbeats.Age);
            if (IsSilent(silence))
                return new(
                    silence, "no write to the store has succeeded",
                    heartbeats.Problem ?? store.Problem ?? "it does not answer.");
            return Refused is { } refused
                ? new(
                    Stopwatch.GetElapsedTime(refused.Since), "nothing that trainings report was stored", refused.Why)
                : null;
        }
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    private RefusedReport? Refused => reports.Refused is { } report
        && IsSilent(Stopwatch.GetElapsedTime(report.Since, report.Last)) ? report : null;

    private bool IsSilent(TimeSpan silence) => silence > settings.HeartbeatInterval + Patience;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var notice = new StoreNotice();
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (_standstill.Tick(Now) is { } stood)
                Say(Standstill.Line(stood));
            // Right after it stood still it does not know yet whether an outage of before is over.
            var trouble = Trouble;
            if ((trouble is not null || !IsSilent(heartbeats.Age)) && notice.Next(Now, trouble) is { } line)
                Say(line);
        }
    }

    private void Say(string line)
    {
        LogSaid(line);
        start.Tell(line);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private partial void LogSaid(string line);
}

/// <summary>
/// Tells by the ticks of a timer whether the process stood still: what it did not hear meanwhile is nobody's silence.
/// </summary>
/// <param name="patience">How far apart ticks of a process that runs may be.</param>
internal sealed class Standstill(TimeSpan patience)
{
    private readonly Lock _lock = new();
    private TimeSpan? _ticked;
    private TimeSpan? _runsSince;

    /// <summary>What is said of a process that stood still for so long.</summary>
    public static string Line(TimeSpan time) => $"this process stood still for {StoreNotice.Lasted(time)}: it was "
        + "stopped, or its machine was too busy. It goes on; if the other silos took it for lost meanwhile, "
        + "they took its trials over and it enters anew.";

    /// <summary>How long the process stood still before this tick; null: it ran.</summary>
    /// <param name="now">The time, from any moment.</param>
    public TimeSpan? Tick(TimeSpan now)
    {
        lock (_lock)
        {
            var gap = now - _ticked;
            _ticked = now;
            if (!(gap > patience))
                return null;
            _runsSince = now;
            return gap;
        }
    }

    /// <summary>The part of a silence in which the process ran, without standing still since.</summary>
    /// <param name="now">The time, from any moment.</param>
    /// <param name="silence">How long nothing was heard.</param>
    public TimeSpan Silence(TimeSpan now, TimeSpan silence)
    {
        lock (_lock)
        {
            // The tick that tells that it stood still is still to come.
            if (now - _ticked > patience)
                return TimeSpan.Zero;
            return now - _runsSince is { } runs && runs < silence ? runs : silence;
        }
    }
}

/// <summary>Why the store takes no writes.</summary>
/// <param name="Lasts">For how long it has not.</param>
/// <param name="What">What is not written.</param>
/// <param name="Why">What the store says, as a sentence.</param>
internal sealed record StoreTrouble(TimeSpan Lasts, string What, string Why);

/// <summary>When to say what of a store that takes no writes.</summary>
internal sealed class StoreNotice
{
    /// <summary>How often it is said again while it lasts.</summary>
    public static readonly TimeSpan Repeats = TimeSpan.FromMinutes(3);

    private TimeSpan? _since;
    private TimeSpan _said;

    /// <summary>The line to say now; null: none.</summary>
    /// <param name="now">The time, from any moment.</param>
    /// <param name="trouble">What keeps the store from being written; null: nothing.</param>
    public string? Next(TimeSpan now, StoreTrouble? trouble)
    {
        if (trouble is null)
        {
            var line = _since is { } since ? $"the store takes writes again, after {Lasted(now - since)}" : null;
            _since = null;
            return line;
        }

        if (_since is not null && now - _said < Repeats)
            return null;
        var again = _since is null ? string.Empty : "still: ";
        _since ??= now - trouble.Lasts;
        _said = now;
        return $"{again}{trouble.What} for {Lasted(now - _since.Value)}: {trouble.Why} "
            + "Trainings go on, and what they report waits: it is written by itself once the store takes it. "
            + "Ctrl-C ends; what was stored before stays.";
    }

    /// <summary>How long something lasted, in seconds or minutes.</summary>
    public static string Lasted(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
}

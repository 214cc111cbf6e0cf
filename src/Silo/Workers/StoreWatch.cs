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

    /// <summary>Whether the store is known to be away; for metrics.</summary>
    public bool IsAway { get; private set; }

    /// <summary>
    /// Why what trainings report is not stored, and was not for a while; null: it is. Signs of life may be taken
    /// meanwhile: a disk may have room for the database and none for a checkpoint.
    /// </summary>
    public string? Refusal => Refused?.Why;

    private RefusedReport? Refused => reports.Refused is { } report
        && Stopwatch.GetElapsedTime(report.Since, report.Last) > settings.HeartbeatInterval + Patience ? report : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var notice = new StoreNotice();
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var trouble = Trouble();
            IsAway = trouble is not null;
            if (notice.Next(Stopwatch.GetElapsedTime(0), trouble) is { } line)
                Say(line);
        }
    }

    private StoreTrouble? Trouble()
    {
        var silence = heartbeats.Age;
        if (silence > settings.HeartbeatInterval + Patience)
            return new(
                silence, "no write to the store has succeeded",
                heartbeats.Problem ?? store.Problem ?? "it does not answer");
        return Refused is { } refused
            ? new(
                Stopwatch.GetElapsedTime(refused.Since), "nothing that trainings report was stored", refused.Why)
            : null;
    }

    private void Say(string line)
    {
        LogSaid(line);
        start.Tell(line);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private partial void LogSaid(string line);
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

    private static string Lasted(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
}

using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Silo.Slots;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Workers;

/// <summary>
/// Says that the store is away or takes no writes, once, when that has lasted for more than a few seconds; and once
/// when it is over. What is tried again meanwhile, by whom ever, needs no word of its own.
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
        var since = 0L;
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var silence = heartbeats.Age;
            var isSilent = silence > settings.HeartbeatInterval + Patience;
            var refused = Refused;
            var isAway = isSilent || refused is not null;
            if (isAway == IsAway)
                continue;
            IsAway = isAway;
            if (isAway)
            {
                (since, var what, var why) = isSilent
                    ? (Stopwatch.GetTimestamp() - (long)(silence.TotalSeconds * Stopwatch.Frequency),
                        "no write to the store has succeeded",
                        heartbeats.Problem ?? store.Problem ?? "it does not answer")
                    : (refused!.Since, "nothing that trainings report was stored", refused.Why);
                Say(
                    $"{what} for {Seconds(Stopwatch.GetElapsedTime(since))}: {why} "
                        + "Trainings go on, and what they report waits; this is said once, and when it is over.");
            }
            else
            {
                Say($"the store takes writes again, after {Seconds(Stopwatch.GetElapsedTime(since))}");
            }
        }
    }

    private void Say(string line)
    {
        LogSaid(line);
        start.Tell(line);
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private partial void LogSaid(string line);
}

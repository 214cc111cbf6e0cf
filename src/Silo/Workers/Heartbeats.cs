using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Slots;
using Sweeps.Store;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Workers;

/// <summary>
/// Says that this silo lives, and hears what operators ask of it. It depends on the store alone: whatever another silo
/// or this one's worker waits for, the next beat comes in its time.
/// </summary>
internal sealed partial class Heartbeats(
    SlotPool slots,
    Worker worker,
    ISweepStore store,
    SiloSettings settings,
    SiloStart start,
    ILogger<Heartbeats> logger) : BackgroundService
{
    private static readonly TimeSpan NameDelay = TimeSpan.FromMilliseconds(500);

    private volatile Task? _reentry;
    private long _missedAt;
    private long _taken = Stopwatch.GetTimestamp();
    private long _takenAt = DateTime.UtcNow.Ticks;

    /// <summary>Whether the next heartbeats say that the silo takes no more work.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Why the store did not take the last sign of life; null: it did.</summary>
    public string? Problem { get; private set; }

    /// <summary>How long ago the store last answered a sign of life.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(Volatile.Read(ref _taken));

    /// <summary>The same by the calendar, which goes on while a machine sleeps; a clock that is set may err.</summary>
    private TimeSpan AgeByDate => TimeSpan.FromTicks(DateTime.UtcNow.Ticks - Volatile.Read(ref _takenAt));

    /// <summary>The store has not heard of it for so long that others may be overdue for the same reason.</summary>
    private bool WasSilent => Age > settings.Lease / 2 || AgeByDate > settings.Lease / 2;

    /// <summary>For how long the last answer allows it to judge the others; negative: no more.</summary>
    public TimeSpan MayJudgeFor => (settings.Lease / 2) - Age;

    /// <summary>Whether the others declared it lost, and it has not entered anew yet.</summary>
    public bool IsLost => _reentry is { IsCompleted: false };

    /// <summary>
    /// Whether the others' leases may be judged by this silo's: after an outage of the store everybody's has run out,
    /// and who is back first does not judge the others at once. They may still pause before they try again, and then
    /// need as long as ever.
    /// </summary>
    public bool MayJudge
    {
        get
        {
            var missed = Volatile.Read(ref _missedAt);
            return !IsLost && !WasSilent
                && (missed == 0 || Stopwatch.GetElapsedTime(missed) >= 2 * settings.Lease);
        }
    }

    /// <summary>
    /// Enters the silo, before it takes work and not before it can: joining a cluster may take longer than a lease.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RegisterAsync(cancellationToken);
        await store.Silos.ForgetAsync(SiloSettings.KeptFor, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    private async Task RegisterAsync(CancellationToken cancellation)
    {
        var identity = slots.Identity;
        var registration = new SiloRegistration(
            identity.Name, slots.Incarnation, Environment.MachineName, ProgramVersion.Text, slots.Slots,
            identity.Fingerprint)
        {
            Serves = settings.Sweeps,
            Lease = settings.Lease,
            Data = settings.Data,
        };
        // Whoever has the name may be this silo before its process died: its lease ends.
        var begun = Stopwatch.GetTimestamp();
        for (var number = 1; !await store.Silos.RegisterAsync(registration, cancellation);)
        {
            if (Stopwatch.GetElapsedTime(begun) < settings.Lease / 2)
                await Task.Delay(NameDelay, cancellation);
            else
                registration = registration with { Name = $"{identity.Name}-{++number}" };
        }

        if (registration.Name != identity.Name)
            start.Tell($"another living silo is named {identity.Name}: this one is {registration.Name}");
        identity.Name = registration.Name;
        NoteTaken();
    }

    private void NoteTaken()
    {
        Volatile.Write(ref _taken, Stopwatch.GetTimestamp());
        Volatile.Write(ref _takenAt, DateTime.UtcNow.Ticks);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.HeartbeatInterval);
        do
        {
            try
            {
                await BeatAsync(stoppingToken);
            }
            catch (StoreException error) when (!stoppingToken.IsCancellationRequested)
            {
                // The console hears of it from who watches the store.
                Problem = error.Message;
                LogNotTaken(error);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        var activities = slots.Activities();
        var training = SiloTraining.Write(activities);
        // Those that are trained side by side have shares of their slot's time.
        var speed = activities.Where(activity => activity.Slot >= 0).GroupBy(activity => activity.Slot)
            .Sum(slot => slot.Average(activity => activity.ImagesPerSecond));
        var (incarnation, wasLost) = (slots.Incarnation, IsLost);
        var answer = await store.Silos.HeartbeatAsync(
            new(incarnation, slots.Slots, training, speed, IsDraining), cancellation);
        Problem = null;
        if (!answer.IsAlive || WasSilent)
            Volatile.Write(ref _missedAt, Stopwatch.GetTimestamp());
        NoteTaken();
        if (!answer.IsAlive)
        {
            // Otherwise it was asked for an incarnation that is left already, or has not entered yet.
            if (!wasLost && incarnation == slots.Incarnation)
            {
                LogDeclaredLost(incarnation);
                _reentry = worker.ReenterAsync(() => RegisterAsync(cancellation));
            }

            return;
        }

        var wanted = answer.RequestedSlots ?? settings.Slots;
        if (wanted != slots.Slots && !IsDraining)
        {
            LogResized(slots.Slots, wanted);
            slots.Resize(wanted);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The store did not take a heartbeat; trying again")]
    private partial void LogNotTaken(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A heartbeat failed; trying again")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Incarnation {Incarnation} was declared lost: drops its trials and enters anew")]
    private partial void LogDeclaredLost(string incarnation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Slots: {Before} -> {After}, as asked")]
    private partial void LogResized(int before, int after);
}

/// <summary>
/// Looks for silos that no longer say that they live, and tells the sweeps' coordinators: the attempts of those are
/// taken from them. Leases are judged on the store's clock alone.
/// </summary>
internal sealed partial class LostSilos(
    Heartbeats heartbeats,
    SlotPool slots,
    ISweepStore store,
    IGrainFactory grains,
    SiloSettings settings,
    ILogger<LostSilos> logger) : BackgroundService
{
    // The last safety net, in leases: an attempt that a silo was given after the others had dealt with its loss.
    private const int LeasesBetweenChecks = 8;

    private readonly HashSet<string> _reconciled = [];
    private Task _telling = Task.CompletedTask;
    private long _checked = Stopwatch.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.HeartbeatInterval);
        do
        {
            try
            {
                if (heartbeats.MayJudge)
                    await FindAsync(stoppingToken);
            }
            catch (StoreException error) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRead(error);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task FindAsync(CancellationToken cancellation)
    {
        var lost = await ExpireAsync(cancellation);
        SweepsTelemetry.LeasesLost.Add(lost.Count);
        var all = await store.Silos.ListAsync(cancellation);
        foreach (var silo in all.Where(silo => lost.Contains(silo.Incarnation)))
            LogLost(silo.Name, silo.Host);

        // A coordinator may be on a silo that has stopped and is not known to be lost yet: its answer takes long.
        if (!_telling.IsCompleted)
            return;
        // Also those that another process marked and then died: each silo acts once on each loss.
        var gone = all
            .Where(silo => silo.State is SiloState.Lost or SiloState.Left && !_reconciled.Contains(silo.Incarnation))
            .Select(silo => silo.Incarnation)
            .ToList();
        if (gone.Count == 0 && Stopwatch.GetElapsedTime(_checked) < LeasesBetweenChecks * settings.Lease)
            return;
        _checked = Stopwatch.GetTimestamp();
        // Sweeps that it does not train for are theirs who do.
        var open = (await store.Log.ListAsync(openOnly: true, cancellation)).Where(sweep => settings.Serves(sweep.Id));
        _telling = TellAsync([.. open.Select(sweep => sweep.Id)], gone);
    }

    // The store asks again while its server is away, and beats may come through first when it is back: the question
    // must not outlive the answer that it rests on, or it would judge the others by the outage.
    private async Task<IReadOnlyList<string>> ExpireAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromTicks(Math.Max(0, heartbeats.MayJudgeFor.Ticks)));
        try
        {
            return await store.Silos.ExpireAsync(settings.Lease, slots.Incarnation, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            LogLeftOff();
            return [];
        }
    }

    private async Task TellAsync(IReadOnlyList<string> sweeps, IReadOnlyList<string> gone)
    {
        var told = await Task.WhenAll(sweeps.Select(TryTellAsync));
        if (told.All(isDone => isDone))
            _reconciled.UnionWith(gone);
    }

    private async Task<bool> TryTellAsync(string sweep)
    {
        try
        {
            (await grains.GetGrain<ISweepGrain>(sweep).Reconcile()).ThrowIfNotDone();
            return true;
        }
        catch (Exception error)
        {
            if (error is SweepsException { Kind: ErrorKind.Store })
                LogNotStored(error, sweep);
            else
                LogNotTold(error, sweep);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The store did not say who is lost; asking again")]
    private partial void LogNotRead(Exception error);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The store did not say in time who is lost; asking again after the next sign of life")]
    private partial void LogLeftOff();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking for lost silos failed; trying again")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} on {Host} is lost: its lease ran out")]
    private partial void LogLost(string name, string host);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The store is away for sweep {Sweep}, which is to hear who is lost; trying again")]
    private partial void LogNotStored(Exception error, string sweep);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The coordinator of sweep {Sweep} did not hear who is lost; telling it, or its successor, again")]
    private partial void LogNotTold(Exception error, string sweep);
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Slots;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Workers;

/// <summary>
/// Keeps the slots busy: carries reports to the sweeps and asks them for work, the sweep of highest priority first. One
/// exchange carries everything that ended meanwhile, so that the slower the log, the larger the batches. A sweep that
/// fails is asked again later; the others do not wait for it.
/// </summary>
internal sealed partial class Worker(
    SlotPool slots,
    Outbox outbox,
    TrialStarts starts,
    SweepData data,
    ISweepStore store,
    IGrainFactory grains,
    SiloSettings settings,
    TimeProvider time,
    ILogger<Worker> logger) : BackgroundService
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly WorkInHand _inHand = new();
    private readonly Dictionary<string, SweepWork> _sweeps = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<string> _open = [];
    private long _openMark = -1;
    private volatile bool _draining;
    private volatile Reentry? _reentry;

    /// <summary>The wish to go on as a new incarnation.</summary>
    private sealed record Reentry(Func<Task> Register)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Whether the loop runs, or has ended as it was asked to.</summary>
    public bool IsAtWork => _drained.Task.IsCompleted || ExecuteTask is not { IsCompleted: true };

    /// <summary>Takes no more work; completes when everything in hand has been reported.</summary>
    public Task DrainAsync()
    {
        _draining = true;
        outbox.Nudge();
        return _drained.Task;
    }

    /// <summary>
    /// Forgets everything in hand and goes on as a new incarnation: the silo was declared lost, its attempts are no
    /// longer its own. Done between two rounds, since a claim made for the new incarnation and forgotten with the old
    /// one's work would wait for ever on a silo that lives.
    /// </summary>
    /// <param name="register">Enters the new incarnation, before the first claim is made for it.</param>
    public Task ReenterAsync(Func<Task> register)
    {
        var reentry = new Reentry(register);
        _reentry = reentry;
        outbox.Nudge();
        return reentry.Done.Task;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var filled = outbox.Filled;
            var mark = store.Changes.Mark();
            TimeSpan wait;
            try
            {
                wait = await RoundAsync(mark);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogRound(error);
                await Task.Delay(RetryDelay, time, stoppingToken);
                continue;
            }

            if (_draining && _inHand.Count == 0)
            {
                _drained.TrySetResult();
                return;
            }

            if (wait > TimeSpan.Zero)
                await Task.WhenAny(filled, store.Changes.WaitAsync(null, mark, wait, stoppingToken));
        }
    }

    /// <summary>Visits every sweep once.</summary>
    /// <returns>How long to wait for news before the next round; 0: this one moved something.</returns>
    private async Task<TimeSpan> RoundAsync(long mark)
    {
        if (_reentry is { } reentry)
            await ReenterAsync(reentry);
        Sort(outbox.Take());
        if (Room > 0 && _openMark != mark)
        {
            _open = [.. (await store.Log.ListAsync(openOnly: true)).Select(sweep => sweep.Id).Where(settings.Serves)];
            _openMark = mark;
            data.Keep(_open);
            foreach (var ended in _sweeps.Values.Where(IsForgotten).ToList())
                _sweeps.Remove(ended.Id);
        }

        var wait = IdleWait;
        foreach (var id in _open.Union(_sweeps.Keys).ToList())
        {
            var next = await TryVisitAsync(Sweep(id));
            wait = next < wait ? next : wait;
        }

        return wait;
    }

    /// <summary>Neither open nor in hand.</summary>
    private bool IsForgotten(SweepWork sweep) =>
        sweep.IsSilent && !_open.Contains(sweep.Id) && _inHand.Running(sweep.Id) is [];

    private int Room => _draining ? 0 : _inHand.Room(slots.Slots, slots.Prefetch + slots.Beside);

    private async Task<TimeSpan> TryVisitAsync(SweepWork sweep)
    {
        if (sweep.Pause is var pause && pause > TimeSpan.Zero)
            return pause;
        try
        {
            return await VisitAsync(sweep) ? TimeSpan.Zero : IdleWait;
        }
        catch (Exception error)
        {
            if (error is SweepsException { Kind: ErrorKind.Usage } && await store.Log.IsGoneAsync(sweep.Id))
            {
                Forget(sweep);
                return TimeSpan.Zero;
            }

            if (error is StoreException)
                LogNotTaken(error, sweep.Id);
            else if (sweep.IsTold)
                LogStill(error, sweep.Id);
            else if (error is SweepsException)
                LogHindered(sweep.Id, error.Message);
            else
                LogExchange(error, sweep.Id);
            sweep.IsTold |= error is not StoreException;
            return sweep.Fail();
        }
    }

    /// <summary>Tells a sweep what ended and asks it for work.</summary>
    /// <returns>Whether anything moved.</returns>
    private async Task<bool> VisitAsync(SweepWork sweep)
    {
        var mark = store.Changes.Mark(sweep.Id);
        var room = _open.Contains(sweep.Id) && !IsHeldBack(sweep) ? Room : 0;
        string? problem = null;
        if (room > 0 && !data.IsDecided(sweep.Id, out problem))
            room = 0;
        // A free slot trains several side by side where they gain by it.
        var spare = Math.Min(room, slots.Slots) * Math.Max(0, slots.Together - 1);
        if (sweep.Request(slots.Identity, _inHand, room, spare, slots.Slots, mark) is not { } request)
            return false;
        request = request with
        {
            DataProblem = problem,
            Fingerprint = data.FingerprintFor(sweep.Id) ?? request.Fingerprint,
        };
        var answer = await grains.GetGrain<ISweepGrain>(sweep.Id).Exchange(request);
        answer.Status.ThrowIfNotDone();
        if (sweep.IsTold && sweep.Silence is { } silence)
            LogAgain(sweep.Id, Math.Round(silence.TotalSeconds, 1));
        sweep.IsTold = false;
        if (sweep.Accept(request, answer, mark))
            LogRefused(sweep.Id, sweep.Refusal);
        foreach (var end in request.Ends)
            _inHand.Remove(end.Key);
        foreach (var key in answer.Drop)
            slots.Stop(key, new(AttemptEnding.Dropped, "another attempt is current, or the sweep ended", AtOnce: true));
        foreach (var assignment in answer.Assignments)
            _inHand.Add(assignment);
        // Not waited for: what a start waits for must not hold up other sweeps.
        _ = slots.ExpectAsync([.. answer.Assignments.Select(starts.StartAsync)]);

        // A start under way when its sweep ended becomes a training later: the next visit drops it.
        if (sweep.IsOver && _inHand.Running(sweep.Id) is [])
            _sweeps.Remove(sweep.Id);
        await ReleaseCheckpointsAsync(request.Ends.Where(end => !answer.Unheard.Contains(end.Key)));
        return request.Ends.Length > 0 || answer.Assignments.Length > 0;
    }

    /// <summary>Nobody wants what it has of the sweep, and nobody would ever take it.</summary>
    private void Forget(SweepWork sweep)
    {
        LogDeleted(sweep.Id);
        foreach (var key in _inHand.Keys.Where(key => key.Sweep == sweep.Id).ToList())
        {
            slots.Stop(key, new(AttemptEnding.Dropped, "its sweep was deleted", AtOnce: true));
            _inHand.Remove(key);
        }

        _sweeps.Remove(sweep.Id);
        // Listed anew in the next round.
        _openMark = -1;
        _open.Remove(sweep.Id);
    }

    /// <summary>Whether the silo is to be empty first, for a trial of another sweep.</summary>
    private bool IsHeldBack(SweepWork sweep) => !sweep.HoldsOthersBack
        && _sweeps.Values.Any(other => other.HoldsOthersBack && _open.Contains(other.Id));

    private async Task ReleaseCheckpointsAsync(IEnumerable<AttemptEnd> ends)
    {
        try
        {
            await Task.WhenAll(ends.Where(IsDoneWithCheckpoint).Select(end => store.Artifacts.ReleaseAsync(
                new(end.Key.Trial, ArtifactKey.Checkpoint), end.Key.Number)));
        }
        catch (SweepsException error)
        {
            LogNotReleased(error);
        }
    }

    private static bool IsDoneWithCheckpoint(AttemptEnd end) =>
        end is { HasCheckpoint: true, Ending: AttemptEnding.Completed };

    private void Sort(List<AttemptEnd> ends)
    {
        foreach (var end in ends.Where(end => _inHand.End(end.Key)))
        {
            if (end.Ending == AttemptEnding.Dropped)
                _inHand.Remove(end.Key);
            else
                Sweep(end.Key.Sweep).Add(end);
        }
    }

    private SweepWork Sweep(string id)
    {
        if (!_sweeps.TryGetValue(id, out var sweep))
            _sweeps.Add(id, sweep = new(id, settings.Lease, time));
        return sweep;
    }

    private async Task ReenterAsync(Reentry reentry)
    {
        // First, so that what a start under way still hands to the slots is refused.
        slots.Identity.Renew();
        foreach (var key in _inHand.Keys)
            slots.Stop(key, new(AttemptEnding.Dropped, "the silo was declared lost", AtOnce: true));
        outbox.Take();
        _inHand.Clear();
        _sweeps.Clear();
        await reentry.Register();
        _reentry = null;
        reentry.Done.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The open sweeps could not be listed; trying again")]
    private partial void LogRound(Exception error);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The coordinator of sweep {Sweep} does not answer; asking until it or its successor does")]
    private partial void LogExchange(Exception error, string sweep);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Sweep {Sweep} has no work to give for now; asking until it has: {Reason}")]
    private partial void LogHindered(string sweep, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep} was deleted: what is in hand of it is dropped")]
    private partial void LogDeleted(string sweep);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep} still does not answer")]
    private partial void LogStill(Exception error, string sweep);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store is away for sweep {Sweep}; trying again")]
    private partial void LogNotTaken(Exception error, string sweep);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep} answers again, after {Seconds} s")]
    private partial void LogAgain(string sweep, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep} does not take this silo: {Reason}")]
    private partial void LogRefused(string sweep, string? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint that is no longer needed was not released")]
    private partial void LogNotReleased(Exception error);
}

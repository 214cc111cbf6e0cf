using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Slots;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Workers;

/// <summary>
/// Keeps the slots busy: carries reports to the sweeps and asks them for work, the sweep of highest priority first. One
/// exchange carries everything that ended meanwhile, so that the slower the log, the larger the batches. It never dies
/// of a sweep.
/// </summary>
internal sealed partial class Worker(
    SlotPool slots,
    Outbox outbox,
    ISweepStore store,
    IGrainFactory grains,
    SiloSettings settings,
    ILogger<Worker> logger) : BackgroundService
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, SweepWork> _sweeps = [];
    private readonly Dictionary<AttemptKey, InHand> _inHand = [];
    private List<string> _order = [];
    private long _listMark = -1;
    private volatile bool _draining;
    private volatile Reentry? _reentry;

    /// <summary>Completes when a drain has handed back everything.</summary>
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An attempt between its assignment and the sweep's acceptance of its end.</summary>
    private sealed record InHand(bool IsExclusive)
    {
        public bool HasEnded { get; set; }
    }

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
            bool progressed;
            try
            {
                progressed = await RoundAsync(mark);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogRound(error);
                await Task.Delay(RetryWait, stoppingToken);
                continue;
            }

            if (_draining && _inHand.Count == 0)
            {
                _drained.TrySetResult();
                return;
            }

            if (!progressed)
                await Task.WhenAny(filled, store.Changes.WaitAsync(null, mark, IdleWait, stoppingToken));
        }
    }

    private async Task<bool> RoundAsync(long mark)
    {
        if (_reentry is { } reentry)
            await ReenterAsync(reentry);
        foreach (var end in outbox.Take())
            Sort(end);
        if (FreeSlots > 0 && _listMark != mark)
        {
            _order = [.. (await store.Log.ListAsync(openOnly: true)).Select(sweep => sweep.Id)];
            _listMark = mark;
        }

        var progressed = false;
        foreach (var id in _order.Union(_sweeps.Keys).ToList())
            progressed |= await VisitAsync(Sweep(id));
        return progressed;
    }

    /// <summary>
    /// Room for assignments: slots and prefetch less what is in hand; nothing beside an exclusive trial.
    /// </summary>
    private int FreeSlots
    {
        get
        {
            if (_draining || _inHand.Values.Any(inHand => inHand is { IsExclusive: true, HasEnded: false }))
                return 0;
            var count = slots.Slots;
            return count == 0 ? 0 : count + slots.Prefetch - _inHand.Values.Count(inHand => !inHand.HasEnded);
        }
    }

    private async Task<bool> VisitAsync(SweepWork sweep)
    {
        var wanted = _order.Contains(sweep.Id) ? FreeSlots : 0;
        var mark = store.Changes.Mark(sweep.Id);
        var isNews = mark != sweep.Mark;
        if (sweep.Phase != WorkPhase.HasWork && !isNews && Stopwatch.GetElapsedTime(sweep.AskedAt) < settings.Lease)
            wanted = 0;
        var running = isNews || Stopwatch.GetElapsedTime(sweep.CheckedAt) > CheckInterval ? Running(sweep.Id) : null;
        if (sweep.Ends.Count == 0 && wanted == 0 && running is null or [])
            return false;
        var ends = sweep.Ends.ToArray();
        var request = new ExchangeRequest(
            slots.Identity.Name, slots.Incarnation, slots.Identity.Fingerprint, ends, running, sweep.Claim, wanted,
            AcceptsExclusive: _inHand.Count == ends.Length);
        var answer = await grains.GetGrain<ISweepGrain>(sweep.Id).Exchange(request);
        answer.Status.ThrowIfNotDone();
        sweep.Mark = mark;
        if (wanted > 0)
            sweep.AskedAt = Stopwatch.GetTimestamp();
        if (running != null)
            sweep.CheckedAt = Stopwatch.GetTimestamp();
        await AcceptAsync(sweep, ends, answer);
        return ends.Length > 0 || answer.Assignments.Length > 0;
    }

    private async Task AcceptAsync(SweepWork sweep, AttemptEnd[] ends, ExchangeAnswer answer)
    {
        sweep.Phase = answer.Phase;
        Note(sweep, answer.Refusal);
        if (answer.Assignments.Length > 0)
            sweep.Claim++;
        sweep.Ends.RemoveRange(0, ends.Length);
        foreach (var end in ends)
            _inHand.Remove(end.Key);
        foreach (var key in answer.Drop)
            slots.Stop(
                key, new(AttemptEnding.Dropped, "another attempt is current, or the sweep ended", AtOnce: true));
        foreach (var assignment in answer.Assignments)
            _inHand.TryAdd(assignment.Key, new(assignment.IsExclusive));
        await Task.WhenAll(answer.Assignments.Select(StartAsync));
        await Task.WhenAll(ends.Where(IsDoneWithCheckpoint).Select(end => store.Artifacts.ReleaseAsync(
            new(end.Key.Trial, ArtifactKey.Checkpoint), end.Key.Number)));
        if (answer.Phase == WorkPhase.Over && sweep.Ends.Count == 0)
            _sweeps.Remove(sweep.Id);
    }

    // Asked again and again, said once: until the sweep ends or takes it.
    private void Note(SweepWork sweep, string? refusal)
    {
        if (refusal is null || sweep.Refusal is not null)
            return;
        sweep.Refusal = refusal;
        LogRefused(sweep.Id, refusal);
    }

    private async Task StartAsync(TrialAssignment assignment)
    {
        var grain = grains.GetGrain<ITrialGrain>(assignment.Key.TrialGrainKey);
        for (var attempt = 0; attempt < 20 && assignment.Incarnation == slots.Incarnation; attempt++)
        {
            try
            {
                if (await grain.Start(assignment))
                    return;
            }
            catch (Exception error)
            {
                // Its checkpoint cannot be read, say: what is in hand and never starts would stay in hand for ever.
                LogNotStarted(error, assignment.Key);
            }

            await Task.Delay(RetryWait);
        }

        LogNotHere(assignment.Key);
        outbox.Add(new(assignment.Key, AttemptEnding.Released) { Reason = "it could not be started on its silo" });
    }

    private static bool IsDoneWithCheckpoint(AttemptEnd end) =>
        end is { HasCheckpoint: true, Ending: AttemptEnding.Completed or AttemptEnding.Stopped };

    private void Sort(AttemptEnd end)
    {
        if (!_inHand.TryGetValue(end.Key, out var inHand))
            return;
        inHand.HasEnded = true;
        if (end.Ending == AttemptEnding.Dropped)
        {
            _inHand.Remove(end.Key);
            return;
        }

        Sweep(end.Key.Sweep).Ends.Add(end);
    }

    private AttemptKey[] Running(string sweep) =>
        [.. _inHand.Where(pair => !pair.Value.HasEnded && pair.Key.Sweep == sweep).Select(pair => pair.Key)];

    private SweepWork Sweep(string id)
    {
        if (!_sweeps.TryGetValue(id, out var sweep))
            _sweeps.Add(id, sweep = new(id));
        return sweep;
    }

    private async Task ReenterAsync(Reentry reentry)
    {
        foreach (var key in _inHand.Keys)
            slots.Stop(key, new(AttemptEnding.Dropped, "the silo was declared lost", AtOnce: true));
        outbox.Take();
        _inHand.Clear();
        _sweeps.Clear();
        slots.Identity.Renew();
        await reentry.Register();
        _reentry = null;
        reentry.Done.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An exchange failed; trying again")]
    private partial void LogRound(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep} does not take this silo: {Reason}")]
    private partial void LogRefused(string sweep, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Attempt} did not start; trying again")]
    private partial void LogNotStarted(Exception error, AttemptKey attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Attempt} could not be started on this silo; handed back")]
    private partial void LogNotHere(AttemptKey attempt);
}

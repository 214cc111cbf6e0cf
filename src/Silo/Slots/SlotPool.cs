using System.Diagnostics;
using Sweeps.Grains;
using Sweeps.Grains.Contracts;

namespace Sweeps.Silo.Slots;

/// <summary>
/// The slots: one thread each, trainings queued in the order of their arrival. The number of slots may change while
/// they work; a slot too many ends after its training.
/// </summary>
internal sealed class SlotPool : ISlotPool, IDisposable
{
    /// <summary>More than so many gain nothing by each other (docs/measurements.md).</summary>
    private const int MostTogether = 8;

    /// <summary>How long trainings that gain by each other wait for those that come with them.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);

    private readonly SiloSettings _settings;
    private readonly TrainingRunner _runner;
    private readonly object _gate = new();
    private readonly Queue<SlotTraining> _queue = [];
    private readonly Dictionary<AttemptKey, SlotTraining> _trainings = [];
    private readonly HashSet<int> _threads = [];
    private readonly Prefetcher _prefetcher;
    private int _slots;
    private int _busy;
    private int _expected;
    private bool _gainsTogether;
    private StopRequest? _release;

    public SlotPool(SiloSettings settings, SiloIdentity identity, TrainingRunner runner)
    {
        (_settings, _runner, Identity) = (settings, runner, identity);
        _prefetcher = new(settings.Prefetch);
        Resize(settings.Slots);
    }

    public SiloIdentity Identity { get; }

    public string Incarnation => Identity.Incarnation;

    public int Slots
    {
        get
        {
            lock (_gate)
                return _slots;
        }
    }

    /// <summary>Trainings worth having at hand beyond those in the slots.</summary>
    public int Prefetch => _prefetcher.Beyond(Slots);

    /// <summary>Trainings in slots beyond one a slot.</summary>
    public int Beside
    {
        get
        {
            lock (_gate)
                return Math.Max(0, _trainings.Values.Count(training => training.Slot >= 0) - _busy);
        }
    }

    /// <summary>Most trainings that gain by each other in a slot, by what came last; 0: none do.</summary>
    public int Together
    {
        get
        {
            lock (_gate)
                return _gainsTogether ? MostTogether : 0;
        }
    }

    /// <summary>Slots that train now.</summary>
    public int Busy
    {
        get
        {
            lock (_gate)
                return _busy;
        }
    }

    /// <summary>Trainings queued or running.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _trainings.Count;
        }
    }

    /// <summary>Trainings that wait for a slot.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _queue.Count;
        }
    }

    public void Resize(int slots)
    {
        lock (_gate)
        {
            _slots = slots;
            for (var slot = 0; slot < slots; slot++)
                StartThread(slot);
            if (slots == 0 && _queue.Count > 0)
                StartThread(0);

            // Wakes the surplus, so that it sees that it is one.
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Trainings come that were given together: a slot looks at those that may be trained side by side when all are
    /// there, or after a moment.
    /// </summary>
    /// <param name="starts">Complete when each is there.</param>
    public async Task ExpectAsync(IReadOnlyList<Task> starts)
    {
        lock (_gate)
        {
            if (!_gainsTogether || starts.Count < 2)
                return;
            _expected++;
        }

        await Task.WhenAny(Task.WhenAll(starts), Task.Delay(s_moment));
        lock (_gate)
        {
            _expected--;
            Monitor.PulseAll(_gate);
        }
    }

    public void Enqueue(TrialAssignment assignment, byte[]? checkpoint, string? checkpointLoss = null)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var pacer = new CheckpointPacer(_settings.CheckpointShare, _settings.CheckpointInterval);
        var training = new SlotTraining(assignment, checkpoint, pacer)
        {
            CheckpointLoss = checkpointLoss,
            ThreadsFor = ThreadsFor,
            Group = _runner.GroupOf(assignment),
        };
        lock (_gate)
        {
            if (assignment.Incarnation != Incarnation || !_trainings.TryAdd(assignment.Key, training))
                return;
            if (_release is { } release)
                training.Stop(release with { AtOnce = true });
            _queue.Enqueue(training);
            _gainsTogether = training.Group is not null;
            if (_slots == 0)
                StartThread(0);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends a queued or running training; it reports its end as always. False: not here.</summary>
    public bool Stop(AttemptKey key, StopRequest request)
    {
        lock (_gate)
        {
            if (!_trainings.TryGetValue(key, out var training))
                return false;
            training.Stop(training.Slot < 0 ? request with { AtOnce = true } : request);
            return true;
        }
    }

    /// <summary>Hands back what is here, and what still comes.</summary>
    /// <param name="reason">Why, for people.</param>
    /// <param name="atOnce">Do not finish running epochs.</param>
    public void Release(string reason, bool atOnce)
    {
        lock (_gate)
        {
            _release = new(AttemptEnding.Released, reason, atOnce);
            foreach (var key in _trainings.Keys.ToList())
                Stop(key, _release);
        }
    }

    /// <summary>What runs and what waits, by slot.</summary>
    public IReadOnlyList<TrialActivity> Activities()
    {
        lock (_gate)
            return [.. _trainings.Values.Select(training => training.Activity()).OrderBy(
                activity => (uint)activity.Slot)];
    }

    public void Dispose()
    {
        Resize(0);
        lock (_gate)
        {
            foreach (var training in _trainings.Values)
                training.Stop(new(AttemptEnding.Dropped, "the silo ends", AtOnce: true));
        }
    }

    /// <summary>
    /// Its own, and its share of the slots that have nothing to do: they are the most that this process shall use.
    /// </summary>
    private int ThreadsFor(SlotTraining training)
    {
        if (!training.TakesHelp)
            return 1;
        lock (_gate)
        {
            var helped = _trainings.Values.Count(other => other.Slot >= 0 && other.TakesHelp);
            var threads = 1 + (Math.Max(0, _slots - _busy) / Math.Max(1, helped));
            return Math.Min(threads, Environment.ProcessorCount);
        }
    }

    private void StartThread(int slot)
    {
        if (_threads.Add(slot))
            new Thread(() => Run(slot)) { IsBackground = true, Name = $"slot {slot}" }.Start();
    }

    private void Run(int slot)
    {
        while (Take(slot) is { } taken)
        {
            var start = Stopwatch.GetTimestamp();
            if (taken is [var one])
                End(one, _runner.Run(one), Stopwatch.GetElapsedTime(start));
            else
                // Of those that end later, what they took after the others' end counts for them alone: a little more.
                _runner.RunTogether(taken, (training, gaveResult) =>
                    End(training, gaveResult, Stopwatch.GetElapsedTime(start) / taken.Count));
            lock (_gate)
                _busy--;
        }
    }

    private void End(SlotTraining training, bool gaveResult, TimeSpan took)
    {
        // What fails at once says nothing about how short trials are, and shall not be fetched by the hundred.
        if (gaveResult)
            _prefetcher.Observe(took);
        lock (_gate)
        {
            _trainings.Remove(training.Assignment.Key);
            training.Dispose();
        }
    }

    /// <summary>
    /// Waits for a training, and takes those that wait too and gain by being trained beside it, as far as they are this
    /// slot's share of what waits; null: the slot is one too many now.
    /// </summary>
    private List<SlotTraining>? Take(int slot)
    {
        lock (_gate)
        {
            while (slot < _slots && (_queue.Count == 0 || (_expected > 0 && _queue.Peek().Group is not null)))
                Monitor.Wait(_gate);
            if (slot >= _slots)
            {
                if (_slots == 0 && _queue.Count > 0)
                    return HandBack();
                _threads.Remove(slot);
                return null;
            }

            var free = Math.Max(1, _slots - _busy);
            var share = Math.Min(MostTogether, (_queue.Count + free - 1) / free);
            var taken = new List<SlotTraining> { _queue.Dequeue() };
            if (share > 1 && taken[0].Group is { } group)
                TakeBeside(taken, group, share);
            _busy++;
            foreach (var training in taken)
                training.Slot = slot;
            foreach (var other in _trainings.Values.Where(other => other.Slot >= 0))
                other.Neighbours = Math.Max(other.Neighbours, _busy - 1);
            return taken;
        }
    }

    /// <summary>Without slots nothing that waits here would ever be trained: it ends at once, for others to take.
    /// </summary>
    private List<SlotTraining> HandBack()
    {
        var training = _queue.Dequeue();
        training.Stop(new(AttemptEnding.Released, "the silo has no slots", AtOnce: true));
        _busy++;
        training.Slot = 0;
        return [training];
    }

    private void TakeBeside(List<SlotTraining> taken, object group, int share)
    {
        // Once around: the others keep their order.
        for (var left = _queue.Count; left > 0; left--)
        {
            var next = _queue.Dequeue();
            if (taken.Count < share && group.Equals(next.Group))
                taken.Add(next);
            else
                _queue.Enqueue(next);
        }
    }
}

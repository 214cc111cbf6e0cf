using Sweeps.Store.Contract;

namespace Sweeps.Store.Doubles;

internal sealed class MemoryLog(TimeProvider time, ChangeSignal changes) : ISweepLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemorySweep> _sweeps = [];
    private readonly HashSet<string> _deleted = [];

    public Task<AppendResult> AppendAsync(SweepAppend append, CancellationToken cancellationToken = default) =>
        MemoryTask.Run(() =>
        {
            StoreRules.Check(append);
            cancellationToken.ThrowIfCancellationRequested();
            AppendResult result;
            lock (_lock)
                result = AppendLocked(append);
            if (result.IsAppended)
                changes.Raise(append.Sweep);
            return result;
        });

    public Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string sweep, long afterSequence, int limit = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        lock (_lock)
        {
            if (!_sweeps.TryGetValue(sweep, out var found) || afterSequence >= found.Events.Count)
                return Task.FromResult<IReadOnlyList<StoredEvent>>([]);
            var count = (int)Math.Min(limit, found.Events.Count - afterSequence);
            return Task.FromResult<IReadOnlyList<StoredEvent>>(found.Events.GetRange((int)afterSequence, count));
        }
    }

    public Task<SweepSummary?> FindAsync(string sweep, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return Task.FromResult(_sweeps.GetValueOrDefault(sweep)?.Summary);
    }

    public Task<IReadOnlyList<SweepSummary>> ListAsync(
        bool openOnly = false, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            IReadOnlyList<SweepSummary> found =
            [
                .. _sweeps.Values
                    .Where(sweep => sweep.Summary.Header.IsOpen || !openOnly)
                    .OrderByDescending(sweep => sweep.Summary.Header.Priority)
                    .ThenBy(sweep => sweep.Number)
                    .Select(sweep => sweep.Summary),
            ];
            return Task.FromResult(found);
        }
    }

    /// <summary>Whether the sweep of a result keeps a checkpoint of its epoch.</summary>
    public Func<StoredResult, bool> IsKept { get; set; } = _ => false;

    /// <summary>Called for each sweep that is deleted.</summary>
    public Action<string> Removed { get; set; } = _ => { };

    public Task<bool> DeleteAsync(string sweep, CancellationToken cancellationToken = default) => MemoryTask.Run(() =>
    {
        lock (_lock)
        {
            if (!_sweeps.TryGetValue(sweep, out var found))
                return false;
            if (found.Summary.Header.IsOpen)
                throw StoreException.OpenSweep(sweep);
            _sweeps.Remove(sweep);
            _deleted.Add(sweep);
        }

        Removed(sweep);
        changes.Raise(sweep);
        return true;
    });

    public Task<IReadOnlyList<StoredResult>> FindResultsAsync(
        IReadOnlyCollection<SoughtResult> sought, CancellationToken cancellationToken = default)
    {
        foreach (var (course, _) in sought)
            ArtifactDigest.Check(course);
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredResult>>(
            [
                .. sought.SelectMany(item =>
                {
                    var all = _sweeps.Values.OrderBy(sweep => sweep.Number)
                        .SelectMany(sweep => sweep.Results.Where(result => result.Course == item.Course))
                        .OrderByDescending(result => result.Wanted == item.Wanted)
                        .ThenByDescending(result => result.Epochs).ToList();
                    return all.Take(StoredResult.MostOfACourse)
                        .Union(all.Where(IsKept).Take(StoredResult.MostOfACourse));
                }),
            ]);
        }
    }

    public Task<bool> HasResultsAsync(string basis, string? except, CancellationToken cancellationToken = default)
    {
        ArtifactDigest.Check(basis);
        lock (_lock)
            return Task.FromResult(_sweeps.Any(sweep => sweep.Key != except && sweep.Value.Bases.Contains(basis)));
    }

    public Task<bool> IsTakenAsync(string sweep, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return Task.FromResult(_sweeps.ContainsKey(sweep) || _deleted.Contains(sweep));
    }

    /// <exception cref="Core.SweepsException">There is no such sweep.</exception>
    public void Require(string sweep)
    {
        lock (_lock)
        {
            if (!_sweeps.ContainsKey(sweep))
                throw StoreRules.NoSweep(sweep, "memory:");
        }
    }

    private AppendResult AppendLocked(SweepAppend append)
    {
        if (_deleted.Contains(append.Sweep))
            throw StoreException.DeletedSweep(append.Sweep);
        var now = StoreClock.Now(time);
        var sweep = _sweeps.GetValueOrDefault(append.Sweep);
        var last = sweep?.Events.Count ?? 0;
        if (last != append.ExpectedSequence)
        {
            var done = sweep is not null && sweep.Appends.GetValueOrDefault(append.ExpectedSequence + 1) == append.Id;
            var end = append.ExpectedSequence + append.Events.Count;
            return done ? new(true, end, sweep!.Events[(int)end - 1].At) : new(false, last, now);
        }

        if (sweep is null)
        {
            var summary = new SweepSummary(append.Sweep, SweepHeader.Default, 0, now, now);
            _sweeps[append.Sweep] = sweep = new MemorySweep { Number = _sweeps.Count, Summary = summary };
        }

        sweep.Appends[last + 1] = append.Id;
        foreach (var item in append.Events)
            sweep.Events.Add(new StoredEvent(sweep.Events.Count + 1, now, item.Type, item.Payload.ToArray()));
        if (append.Basis is { } basis)
            sweep.Bases.Add(basis);
        foreach (var (at, course, wanted, epochs) in append.Results)
            sweep.Results.Add(new(course, wanted, epochs, append.Sweep, sweep.Events[last + at]));
        sweep.Summary = sweep.Summary with
        {
            Header = append.Header ?? sweep.Summary.Header,
            LastSequence = sweep.Events.Count,
            LastWritten = now,
        };
        return new(true, sweep.Events.Count, now);
    }

    private sealed class MemorySweep
    {
        public HashSet<string> Bases { get; } = [];

        public required int Number { get; init; }

        public required SweepSummary Summary { get; set; }

        public List<StoredEvent> Events { get; } = [];

        public List<StoredResult> Results { get; } = [];

        /// <summary>The id of each append by the sequence of its first event.</summary>
        public Dictionary<long, Guid> Appends { get; } = [];
    }
}

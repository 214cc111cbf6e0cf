using Sweeps.Grains.Contracts;

namespace Sweeps.Silo.Workers;

/// <summary>
/// What the worker knows of one open sweep: the reports it waits for, and when and for how much to ask it. Without
/// news there is nothing to ask, except for work once a lease: a claim says what the silo holds, so that an attempt
/// which got lost between the sweep and the silo is found.
/// </summary>
internal sealed class SweepWork(string id, TimeSpan lease, TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(1);

    /// <summary>How long a trial that must run alone waits for a moment without others, before these are held back.
    /// </summary>
    private static readonly TimeSpan ExclusivePatience = TimeSpan.FromMinutes(1);

    private readonly List<AttemptEnd> _ends = [];
    private WorkPhase _phase = WorkPhase.HasWork;
    private long _mark = -1;
    private long? _askedAt;
    private long? _checkedAt;
    private long? _failedAt;
    private long? _silentSince;
    private long? _exclusiveSince;
    private TimeSpan _retryDelay;
    private long _claim = 1;

    public string Id => id;

    /// <summary>Why the sweep does not take this silo; null: it does.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The sweep has ended and has heard everything.</summary>
    public bool IsOver => _phase == WorkPhase.Over && _ends.Count == 0;

    /// <summary>How long to leave the sweep alone after a failed exchange; 0: not at all.</summary>
    public TimeSpan Pause => _failedAt is not { } failed || time.GetElapsedTime(failed) >= _retryDelay
        ? TimeSpan.Zero
        : _retryDelay - time.GetElapsedTime(failed);

    /// <summary>
    /// A trial of it has waited long enough for a silo of its own: other sweeps take no more until the silo is empty.
    /// </summary>
    public bool HoldsOthersBack =>
        _failedAt is null && _exclusiveSince is { } since && time.GetElapsedTime(since) >= ExclusivePatience;

    /// <summary>Nothing waits to be told.</summary>
    public bool IsSilent => _ends.Count == 0;

    /// <summary>Keeps the end of an attempt until the sweep has accepted it.</summary>
    public void Add(AttemptEnd end) => _ends.Add(end);

    /// <summary>What to tell and to ask now; null: nothing.</summary>
    /// <param name="silo">This silo.</param>
    /// <param name="inHand">Its attempts.</param>
    /// <param name="room">Most trials wanted.</param>
    /// <param name="spare">Most trials wanted beyond, to be trained beside these, if others can do without.</param>
    /// <param name="slots">The silo's slots.</param>
    /// <param name="mark">The change feed's mark of the sweep, read before.</param>
    public ExchangeRequest? Request(SiloIdentity silo, WorkInHand inHand, int room, int spare, int slots, long mark)
    {
        var isNews = mark != _mark;
        var isEmpty = inHand.Count == _ends.Count;
        var mayHave = _phase == WorkPhase.HasWork || (_phase == WorkPhase.ExclusiveWaits && isEmpty);
        var wanted = mayHave || isNews || IsPast(_askedAt, lease) ? Math.Max(0, room) : 0;
        var running = isNews || IsPast(_checkedAt, CheckInterval) ? inHand.Running(id) : null;
        if (_ends.Count == 0 && wanted == 0 && running is null or [])
            return null;
        return new(
            silo.Name, silo.Incarnation, silo.Fingerprint, [.. _ends], running, _claim, wanted,
            AcceptsExclusive: isEmpty)
        {
            Spare = wanted > 0 ? spare : 0,
            Slots = slots,
        };
    }

    /// <summary>How long it has not answered; null: it did when it was last asked.</summary>
    public TimeSpan? Silence => _silentSince is { } since ? time.GetElapsedTime(since) : null;

    /// <summary>Whether its silence was told of.</summary>
    public bool IsTold { get; set; }

    /// <summary>Takes note of the answer.</summary>
    /// <returns>True: the sweep has just begun to refuse this silo.</returns>
    public bool Accept(ExchangeRequest request, ExchangeAnswer answer, long mark)
    {
        var now = time.GetTimestamp();
        (_phase, _mark, _failedAt, _retryDelay, _silentSince) = (answer.Phase, mark, null, TimeSpan.Zero, null);
        _exclusiveSince = answer.Phase == WorkPhase.ExclusiveWaits ? _exclusiveSince ?? now : null;
        if (request.Count > 0)
            _askedAt = now;
        if (request.Running != null)
            _checkedAt = now;
        // A claim whose answer was lost is repeated with its number.
        if (answer.Assignments.Length > 0)
            _claim++;
        _ends.RemoveRange(0, request.Ends.Length);
        // Asked again and again, said once: until the sweep ends or takes the silo.
        if (answer.Refusal is null || Refusal is not null)
            return false;
        Refusal = answer.Refusal;
        return true;
    }

    /// <summary>The exchange failed: the sweep is asked again after a delay that grows, and others meanwhile.</summary>
    /// <returns>The delay.</returns>
    public TimeSpan Fail()
    {
        _silentSince ??= time.GetTimestamp();
        _retryDelay = _retryDelay == TimeSpan.Zero ? RetryDelayMin : _retryDelay * 2;
        if (_retryDelay > RetryDelayMax)
            _retryDelay = RetryDelayMax;
        _failedAt = time.GetTimestamp();
        return _retryDelay;
    }

    private bool IsPast(long? moment, TimeSpan wait) => moment is not { } since || time.GetElapsedTime(since) >= wait;
}

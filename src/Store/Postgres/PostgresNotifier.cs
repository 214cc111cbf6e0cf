namespace Sweeps.Store.Postgres;

/// <summary>
/// Tells other processes of changes, at most once in the interval: the server commits notifying transactions one after
/// the other, so a notification with every append would make all silos queue. A notice rides on a group where one is
/// due; what comes sooner follows by itself when the interval is over.
/// </summary>
internal sealed class PostgresNotifier(
    PostgresSession session, ChangeSignal changes, TimeProvider time) : IAsyncDisposable
{
    public const string Channel = "sweeps_changes";

    /// <summary>Stands for all topics.</summary>
    public const string Anything = "*";

    /// <summary>A notice longer than this says "anything" (the server's limit is 8,000 bytes).</summary>
    private const int NoticeMax = 7000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _waiting = [];
    private readonly CancellationTokenSource _closing = new();
    private long _last;
    private bool _isFollowing;
    private Task? _follow;

    /// <summary>Stands before each notice, so that a process knows its own.</summary>
    public string Sender { get; } = Guid.NewGuid().ToString("n");

    /// <summary>Wakes this process's waiters.</summary>
    public void RaiseHere(string topic) => changes.Raise(topic);

    /// <summary>Wakes this process's waiters, and the others' soon.</summary>
    public void Raise(string topic)
    {
        changes.Raise(topic);
        lock (_lock)
        {
            _waiting.Add(topic);
            FollowLocked();
        }
    }

    /// <summary>A notice of these topics and those waiting if one is due; null: it will follow later.</summary>
    public string? TakeDue(IEnumerable<string> topics)
    {
        lock (_lock)
        {
            _waiting.UnionWith(topics);
            if (_waiting.Count == 0)
                return null;
            if (_last != 0 && time.GetElapsedTime(_last) < session.Options.NotifyInterval)
            {
                FollowLocked();
                return null;
            }

            return TakeLocked();
        }
    }

    /// <summary>The group that a notice rode on failed: the others are told that anything may have changed.</summary>
    public void NoteLost()
    {
        lock (_lock)
        {
            _waiting.Add(Anything);
            FollowLocked();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? follow;
        await _closing.CancelAsync();
        lock (_lock)
            follow = _follow;
        if (follow is not null)
            await follow;
        _closing.Dispose();
    }

    private string TakeLocked()
    {
        _last = time.GetTimestamp();
        var notice = $"{Sender}\n{string.Join('\n', _waiting)}";
        _waiting.Clear();
        return System.Text.Encoding.UTF8.GetByteCount(notice) > NoticeMax ? $"{Sender}\n{Anything}" : notice;
    }

    private void FollowLocked()
    {
        if (_isFollowing)
            return;
        _isFollowing = true;
        _follow = Task.Run(FollowAsync);
    }

    /// <summary>Sends what waits after the rest of the interval, until nothing waits; at once when the store
    /// closes.</summary>
    private async Task FollowAsync()
    {
        while (true)
        {
            await Task.Delay(session.Options.NotifyInterval, time, _closing.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            string notice;
            lock (_lock)
            {
                _isFollowing = _waiting.Count > 0;
                if (!_isFollowing)
                    return;
                notice = TakeLocked();
            }

            try
            {
                await session.ExecuteAsync($"SELECT pg_notify('{Channel}', $1)", CancellationToken.None, notice);
            }
            catch (Core.SweepsException)
            {
                // The others find out by polling.
            }
        }
    }
}

namespace Sweeps.Store.Contract;

/// <summary>
/// Wake-ups. Take a mark, look, and if there is nothing to do wait from that mark: a change between looking and waiting
/// is not missed. A wake-up is a hint: there may be more of them than changes. Changes of other processes arrive within
/// about 50 ms (SQLite: 100 ms); should the channel of a server fail, polling finds them later.
/// </summary>
public interface IChangeFeed
{
    /// <summary>
    /// Counts the changes seen so far of a topic: a sweep's id, <see cref="ChangeTopics"/>, or null for all.
    /// </summary>
    long Mark(string? topic = null);

    /// <summary>
    /// Waits until the topic has changed since the mark. True: it has; false: <paramref name="timeout"/> passed
    /// without.
    /// </summary>
    Task<bool> WaitAsync(string? topic, long mark, TimeSpan timeout, CancellationToken cancellationToken = default);
}

/// <summary>Topics of the change feed that are not sweeps.</summary>
public static class ChangeTopics
{
    /// <summary>Silos that entered, left, were lost or were asked for slots; heartbeats alone are no change.</summary>
    public const string Silos = "@silos";
}

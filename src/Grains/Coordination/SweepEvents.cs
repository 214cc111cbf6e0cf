using System.Runtime.CompilerServices;
using Sweeps.Core.Log;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>A sweep's log as events.</summary>
public static class SweepEvents
{
    // A batch is dead before the garbage collector looks: larger ones are moved once or twice before they are applied,
    // and their list is a large object.
    private const int ReadAtOnce = 1_000;

    /// <summary>
    /// The events after <paramref name="sequence"/> in the order of the log, in batches; none where there is no such
    /// sweep.
    /// </summary>
    /// <exception cref="Sweeps.Core.SweepsException">The store failed, or an event cannot be read.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<SweepEvent>> ReadAsync(
        ISweepStore store,
        string sweep,
        long sequence,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        // The next batch is read while this one is decoded and applied.
        var next = store.Log.ReadAsync(sweep, sequence, ReadAtOnce, cancellation);
        try
        {
            while (await next is { Count: > 0 } stored)
            {
                var isLast = stored.Count < ReadAtOnce;
                if (!isLast)
                    next = store.Log.ReadAsync(sweep, stored[^1].Sequence, ReadAtOnce, cancellation);
                yield return [.. stored.Select(item => SweepEventCodec.Decode(item.Type, item.Payload.Span))];
                if (isLast)
                    break;
            }
        }
        finally
        {
            // Who stops early shall not close the store under a read.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

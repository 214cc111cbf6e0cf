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
                yield return await DecodeAsync(stored);
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

    // Of a long log decoding takes longest, and is shared with another thread.
    private static async Task<SweepEvent[]> DecodeAsync(IReadOnlyList<StoredEvent> stored)
    {
        var events = new SweepEvent[stored.Count];
        var middle = stored.Count < ReadAtOnce ? stored.Count : stored.Count / 2;
        var rest = middle == stored.Count ? Task.CompletedTask : Task.Run(() => Decode(middle, stored.Count));
        try
        {
            Decode(0, middle);
        }
        finally
        {
            // What is wrong is said of the first event that cannot be read.
            await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await rest;
        return events;

        void Decode(int begin, int end)
        {
            for (var index = begin; index < end; index++)
                events[index] = SweepEventCodec.Decode(stored[index].Type, stored[index].Payload.Span);
        }
    }
}

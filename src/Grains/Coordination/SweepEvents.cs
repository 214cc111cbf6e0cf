using System.Runtime.CompilerServices;
using Sweeps.Core.Log;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>A sweep's log as events. A long one is read and decoded at the same time, on all processors.</summary>
public static class SweepEvents
{
    private const int ReadAtOnce = 20_000;
    private const int DecodedTogether = 2_000;

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
        var next = store.Log.ReadAsync(sweep, sequence, ReadAtOnce, cancellation);
        try
        {
            while (await next is { Count: > 0 } stored)
            {
                var isLast = stored.Count < ReadAtOnce;
                if (!isLast)
                    next = store.Log.ReadAsync(sweep, stored[^1].Sequence, ReadAtOnce, cancellation);
                yield return Decode(stored, cancellation);
                if (isLast)
                    break;
            }
        }
        finally
        {
            // A reader that stops early must not leave a read behind on a store that is then closed.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static SweepEvent[] Decode(IReadOnlyList<StoredEvent> stored, CancellationToken cancellation)
    {
        var events = new SweepEvent[stored.Count];
        var chunks = (stored.Count + DecodedTogether - 1) / DecodedTogether;
        if (chunks == 1)
            DecodeChunk(0);
        else
            RunChunks();
        return events;

        // The default scheduler: on a grain's own, the chunks would wait for the turn that waits for them.
        void RunChunks()
        {
            try
            {
                var options = new ParallelOptions
                {
                    CancellationToken = cancellation,
                    TaskScheduler = TaskScheduler.Default,
                };
                Parallel.For(0, chunks, options, DecodeChunk);
            }
            catch (AggregateException error)
            {
                // One damaged event is one error, the first in the order of the log.
                throw error.InnerExceptions[0];
            }
        }

        void DecodeChunk(int chunk)
        {
            var end = Math.Min(stored.Count, (chunk + 1) * DecodedTogether);
            for (var index = chunk * DecodedTogether; index < end; index++)
                events[index] = SweepEventCodec.Decode(stored[index].Type, stored[index].Payload.Span);
        }
    }
}

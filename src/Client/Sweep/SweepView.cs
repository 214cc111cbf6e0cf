using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep;

/// <summary>A sweep's state, folded from its log and updated by reading on: the same on any machine.</summary>
internal sealed class SweepView(ISweepStore store, string id)
{
    public string Id => id;

    public SweepState State { get; } = new();

    /// <summary>Called for every event read, in order.</summary>
    public Action<SweepEvent>? Seen { get; init; }

    /// <summary>Opens a sweep that must exist.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The sweep.</param>
    /// <param name="seen">Called for every event, in order.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <exception cref="SweepsException">There is no such sweep.</exception>
    public static async Task<SweepView> OpenAsync(
        ISweepStore store, string id, Action<SweepEvent>? seen = null, CancellationToken cancellation = default)
    {
        var view = new SweepView(store, id) { Seen = seen };
        await view.ReadAsync(cancellation);
        return view.State.Sequence > 0 ? view : throw await NotFoundAsync(store, id, cancellation);
    }

    /// <summary>Reads the events appended since the last call; true if there were any.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellation = default)
    {
        var before = State.Sequence;
        await foreach (var events in SweepEvents.ReadAsync(store, id, before, cancellation))
        {
            foreach (var @event in events)
            {
                State.Evolve(@event);
                Seen?.Invoke(@event);
            }
        }

        return State.Sequence > before;
    }

    private static async Task<SweepsException> NotFoundAsync(
        ISweepStore store, string id, CancellationToken cancellation)
    {
        var sweeps = await store.Log.ListAsync(cancellationToken: cancellation);
        var next = sweeps.Count == 0
            ? ". The store has no sweeps yet; 'sweeps run FILE' creates one."
            : $"{NearestName.Suggest(id, sweeps.Select(sweep => sweep.Id).ToList()).TrimEnd('.')}"
                + " ('sweeps list' lists them).";
        return new(ErrorKind.Usage, $"There is no sweep '{id}' in {store.Address}{next}");
    }
}

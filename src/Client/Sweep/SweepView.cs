using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep;

/// <summary>A sweep as its log tells it, kept up to date by reading on: the same view from any machine.</summary>
internal sealed class SweepView(ISweepStore store, string id)
{
    private const int ReadAtOnce = 50_000;

    public string Id => id;

    public SweepState State { get; } = new();

    /// <summary>Called for every event read, in order.</summary>
    public Action<SweepEvent>? Seen { get; init; }

    /// <summary>Opens a sweep that must exist.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="id">The sweep.</param>
    /// <param name="seen">Called for every event, in order.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SweepsException">It does not.</exception>
    public static async Task<SweepView> OpenAsync(
        ISweepStore store, string id, Action<SweepEvent>? seen = null, CancellationToken cancellation = default)
    {
        var view = new SweepView(store, id) { Seen = seen };
        await view.ReadAsync(cancellation);
        return view.State.Sequence > 0 ? view : throw await NotFoundAsync(store, id, cancellation);
    }

    /// <summary>Reads what is new. True: there was something.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellation = default)
    {
        var before = State.Sequence;
        while (true)
        {
            var stored = await store.Log.ReadAsync(id, State.Sequence, ReadAtOnce, cancellation);
            foreach (var item in stored)
            {
                var @event = SweepEventCodec.Decode(item.Type, item.Payload.Span);
                State.Evolve(@event);
                Seen?.Invoke(@event);
            }

            if (stored.Count < ReadAtOnce)
                return State.Sequence > before;
        }
    }

    private static async Task<SweepsException> NotFoundAsync(
        ISweepStore store, string id, CancellationToken cancellation)
    {
        var sweeps = await store.Log.ListAsync(cancellationToken: cancellation);
        var next = sweeps.Count == 0
            ? ". It has no sweep yet: 'sweeps run FILE' makes one."
            : $"{NearestName.Suggest(id, sweeps.Select(sweep => sweep.Id).ToList()).TrimEnd('.')}"
                + " ('sweeps list' shows what there is).";
        return new(ErrorKind.Usage, $"There is no sweep '{id}' in {store.Address}{next}");
    }
}

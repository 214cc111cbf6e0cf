using Sweeps.Client.Sweep.Show;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep;

/// <summary>
/// A sweep's state, folded from its log and updated by reading on: the same on any machine. Of a large sweep the state
/// is kept beside the store, and only what came after it is read.
/// </summary>
internal sealed class SweepView(ISweepStore store, string id)
{
    // Fewer events are read in a moment.
    private const int WorthKeeping = 20_000;

    private long _kept;

    public string Id => id;

    public SweepState State { get; private set; } = new();

    /// <summary>Takes the attempts of the trials; null: nobody asks for them.</summary>
    public TrialHistory? History { get; init; }

    /// <summary>Called for every event read, in order; where a state was kept, for those after it.</summary>
    public Action<SweepEvent>? Seen { get; init; }

    /// <summary>Reads every event of the log, whatever was kept: for whoever checks the log itself.</summary>
    public bool ReadsAll { get; init; }

    /// <summary>Opens a sweep that must exist.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The sweep.</param>
    /// <param name="history">Takes the attempts of its trials; null: nobody asks for them.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <exception cref="SweepsException">There is no such sweep.</exception>
    public static Task<SweepView> OpenAsync(
        ISweepStore store, string id, TrialHistory? history = null, CancellationToken cancellation = default) =>
        OpenAsync(new SweepView(store, id) { History = history }, store, cancellation);

    /// <summary>The same, by reading every event of its log.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The sweep.</param>
    /// <param name="seen">Called for every event, in order.</param>
    /// <param name="cancellation">Cancels reading.</param>
    public static Task<SweepView> OpenWholeAsync(
        ISweepStore store, string id, Action<SweepEvent> seen, CancellationToken cancellation = default) =>
        OpenAsync(new SweepView(store, id) { Seen = seen, ReadsAll = true }, store, cancellation);

    private static async Task<SweepView> OpenAsync(SweepView view, ISweepStore store, CancellationToken cancellation)
    {
        await view.ReadAsync(cancellation);
        return view.State.Sequence > 0 ? view : throw await NotFoundAsync(store, view.Id, cancellation);
    }

    /// <summary>Reads the events appended since the last call; true if there were any.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellation = default)
    {
        var before = State.Sequence;
        if (before == 0 && !ReadsAll && await KeptStates.FindAsync(store, id, History, cancellation) is { } kept)
            (State, _kept) = (kept, kept.Sequence);
        await foreach (var events in SweepEvents.ReadAsync(store, id, State.Sequence, cancellation))
        {
            foreach (var @event in events)
            {
                State.Evolve(@event);
                History?.Add(@event);
                Seen?.Invoke(@event);
            }
        }

        await KeepAsync(cancellation);
        return State.Sequence > before;
    }

    // While it is followed, each time it has doubled: all that is written is no more than twice what is there.
    private async Task KeepAsync(CancellationToken cancellation)
    {
        var read = State.Sequence - _kept;
        if (ReadsAll || read < WorthKeeping || (read < _kept && !State.IsOver))
            return;
        await KeptStates.KeepAsync(store, State, History, cancellation);
        _kept = State.Sequence;
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

using System.Text;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

/// <summary>
/// What every store promises, run on every store. A part per noun: the log, metrics, artifacts, silos, changes. What
/// only durable stores promise (surviving a restart) is in <see cref="DurableConformance"/>.
/// </summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    protected ISweepStore Store { get; set; } = null!;

    protected ISweepLog Log => Store.Log;

    public virtual async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    protected abstract Task<ISweepStore> OpenAsync();

    /// <summary>Makes the store's clock go on by this much for everything written so far.</summary>
    protected abstract Task AdvanceAsync(TimeSpan by);

    protected static NewEvent Event(string text, string type = "TrialStarted") =>
        new(type, Encoding.UTF8.GetBytes(text));

    protected static NewEvent[] Events(int count, int from = 1) =>
        [.. Enumerable.Range(from, count).Select(number => Event($"payload {number}"))];

    protected static string Text(StoredEvent item) => Encoding.UTF8.GetString(item.Payload.Span);

    protected static EpochReport Report(int epoch, double loss = 0.5) =>
        new(epoch, loss, 0.81, double.NaN, double.NaN, 1.25, 0.25, 1.125, 60_000);

    protected async Task<string> NewSweepAsync(string id = "sweep")
    {
        var result = await Log.AppendAsync(id, 0, Events(1));
        Assert.True(result.IsAppended);
        return id;
    }
}

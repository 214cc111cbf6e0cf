using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>A sweep's log, and what it adds up to.</summary>
internal sealed record SweepLog(SweepState State, IReadOnlyList<SweepEvent> Events)
{
    public static async Task<SweepLog> ReadAsync(ISweepStore store, string id)
    {
        var state = new SweepState();
        var events = new List<SweepEvent>();
        while (await store.Log.ReadAsync(id, events.Count, 10_000) is { Count: > 0 } stored)
        {
            foreach (var item in stored)
            {
                var @event = SweepEventCodec.Decode(item.Type, item.Payload.Span);
                state.Evolve(@event);
                events.Add(@event);
            }
        }

        return new(state, events);
    }

    public IEnumerable<T> Of<T>() => Events.OfType<T>();

    /// <summary>What happened to trials without a result, in order.</summary>
    public IEnumerable<SweepEvent> Unfinished()
    {
        var done = Of<TrialCompleted>().Select(item => item.Trial).ToHashSet();
        return Of<TrialEvent>().Where(item => !done.Contains(item.Trial));
    }

    /// <summary>Every planned trial ended once with a result, and the results are those of an undisturbed
    /// run.</summary>
    public void AssertWhole(string undisturbed)
    {
        Assert.Equal(SweepStatus.Completed, State.Status);
        var audit = State.Completion!.Audit;
        if (audit.Completed != audit.Planned)
            Assert.Fail($"{audit}\n{string.Join('\n', Unfinished())}");
        Assert.Equal((audit.Planned, audit.Planned, 0), (audit.Completed, audit.Unique, audit.Lost));
        Assert.Equal(undisturbed, State.Completion.Digest);
        // Counted by hand: an attempt that was taken from its silo never gives a result.
        var taken = Of<AttemptExpired>().Select(expired => (expired.Trial, expired.Attempt)).ToHashSet();
        var completed = Of<TrialCompleted>().Select(done => (done.Trial, done.Attempt)).ToList();
        Assert.Equal(audit.Planned, completed.Select(done => done.Trial).Distinct().Count());
        Assert.Equal(audit.Planned, completed.Count);
        Assert.DoesNotContain(completed, taken.Contains);
    }
}

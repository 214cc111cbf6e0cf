using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// The real store contract behind a network: calls take time, fail in an outage, and sometimes are done without an
/// answer.
/// </summary>
internal sealed class SimulatedDatabase(VirtualTime time, Random random, double answerLoss)
{
    private TimeSpan _outageUntil;

    public MemoryStore Store { get; } = new(time);

    public bool IsOut => _outageUntil > time.Elapsed;

    public void Outage(TimeSpan duration) => _outageUntil = time.Elapsed + duration;

    public void Call<T>(SimulatedProcess caller, Func<ISweepStore, Task<T>> work, Action<T> answer, Action unknown)
    {
        var after = caller.Bound();
        // The work is done even if the caller dies on the way: what was sent was sent.
        time.Schedule(Latency(), () =>
        {
            if (IsOut)
            {
                after(TimeSpan.FromSeconds(1), unknown);
                return;
            }

            var result = Done(work(Store));
            if (random.NextDouble() < answerLoss)
                after(TimeSpan.FromSeconds(1), unknown);
            else
                after(Latency(), () => answer(result));
        });
    }

    /// <summary>The store in memory is done when it returns; anything else would break the order of events.</summary>
    public static T Done<T>(Task<T> task) =>
        task.IsCompleted
            ? task.GetAwaiter().GetResult()
            : throw new InvariantException("The store in memory did not answer at once.");

    public static Task<bool> Done(Task task) => Done(task.ContinueWith(
        done => Task.FromResult(done.IsCompletedSuccessfully), TaskContinuationOptions.ExecuteSynchronously));

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(0.5 + random.NextDouble() * 10);
}

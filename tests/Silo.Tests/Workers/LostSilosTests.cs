using System.Reflection;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests.Workers;

/// <summary>Who may judge the leases of others.</summary>
public sealed class LostSilosTests
{
    /// <summary>As where the store asks again and again while its server is away: when it is back, the judge's sign of
    /// life may be there before those of the others.</summary>
    [Fact]
    public async Task Question_ThatOutlivesTheSignOfLifeItRestsOn_IsLeftOffAndAskedAnew()
    {
        var (leftOff, askedAnew) = (new TaskCompletionSource(), new TaskCompletionSource());
        var asked = 0;
        await using var store = HeldExpiry.Before(new MemoryStore(TimeProvider.System), async cancellation =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                askedAnew.TrySetResult();
                return;
            }

            using var end = cancellation.Register(() => leftOff.TrySetResult());
            await leftOff.Task;
            cancellation.ThrowIfCancellationRequested();
        });
        var settings = TestSweep.Settings() with { Lease = TimeSpan.FromSeconds(2) };
        await using var silo = await TestSweep.StartAsync(store, settings, new NoOpTrainer());
        try
        {
            await leftOff.Task.WaitAsync(TestSweep.Deadline);
            await askedAnew.Task.WaitAsync(TestSweep.Deadline);
        }
        finally
        {
            leftOff.TrySetResult();
        }

        Assert.Equal(SiloState.Active, Assert.Single(await store.Silos.ListAsync()).State);
    }
}

/// <summary>A store in front of another one that waits before it marks silos as lost.</summary>
public class HeldExpiry : DispatchProxy
{
    private object _inner = null!;
    private Func<CancellationToken, Task> _before = null!;

    /// <summary>Puts a wait in front of each such question.</summary>
    internal static ISweepStore Before(ISweepStore inner, Func<CancellationToken, Task> wait) => Around(inner, wait);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (_inner is ISiloDirectory directory && targetMethod.Name == nameof(ISiloDirectory.ExpireAsync))
            return ExpireAsync(directory, (TimeSpan)args![0]!, (string?)args[1], (CancellationToken)args[2]!);
        var answer = targetMethod.Invoke(_inner, args);
        return answer is ISiloDirectory silos ? Around(silos, _before) : answer;
    }

    private async Task<IReadOnlyList<string>> ExpireAsync(
        ISiloDirectory silos, TimeSpan lease, string? judge, CancellationToken cancellation)
    {
        await _before(cancellation);
        return await silos.ExpireAsync(lease, judge, cancellation);
    }

    private static T Around<T>(T inner, Func<CancellationToken, Task> wait)
        where T : class
    {
        var proxy = Create<T, HeldExpiry>();
        var held = (HeldExpiry)(object)proxy;
        (held._inner, held._before) = (inner, wait);
        return proxy;
    }
}

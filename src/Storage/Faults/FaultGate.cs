using Sweeps.Core;

namespace Sweeps.Storage;

/// <summary>Lets a call through, or not, or swallows its answer.</summary>
internal sealed class FaultGate(Func<StoreCall, StoreFault> plan, StoreAddress address)
{
    public StoreFault Next(StoreCall call) => plan(call);

    public Task<T> PassAsync<T>(StoreCall call, Func<Task<T>> work) => PassAsync(call, Next(call), work);

    public async Task<T> PassAsync<T>(StoreCall call, StoreFault fault, Func<Task<T>> work)
    {
        if (fault == StoreFault.Outage)
            throw new SweepsException(ErrorKind.Store, $"The store {address} is out of reach (injected, {call}).");
        var answer = await work();
        return fault == StoreFault.LostAnswer
            ? throw new SweepsException(ErrorKind.Store, $"The store {address} did not answer (injected, {call}).")
            : answer;
    }

    public Task PassAsync(StoreCall call, Func<Task> work) => PassAsync(
        call,
        async () =>
        {
            await work();
            return true;
        });
}

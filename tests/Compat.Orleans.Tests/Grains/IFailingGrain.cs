namespace Sweeps.Compat.Orleans.Tests.Grains;

public interface IFailingGrain : IGrainWithStringKey
{
    Task ThrowAtOnce(string message);

    Task<int> ThrowLater(string message);

    Task ThrowOwn(string message, int number);

    Task ThrowCancelled();

    Task Watch(CancellationToken cancellation);

    Task<bool> Ignore(CancellationToken cancellation);

    [ResponseTimeout("00:00:00.3")]
    Task Hang();

    [ResponseTimeout("00:00:01")]
    Task CallThrough(IFailingGrain other);

    Task CallBack(IFailingGrain other);

    Task Nothing();
}

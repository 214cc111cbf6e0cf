namespace Orleans;

/// <summary>
/// A service that subscribes to stages; registered in the services, it is asked before the first stage.
/// </summary>
public interface ILifecycleParticipant<TLifecycleObservable>
    where TLifecycleObservable : ILifecycleObservable
{
    void Participate(TLifecycleObservable lifecycle);
}

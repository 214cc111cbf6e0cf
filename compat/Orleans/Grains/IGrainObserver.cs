using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// An object outside the grains that grains may call, through a reference made by
/// <see cref="IGrainFactory.CreateObjectReference{TGrainObserverInterface}"/>. The runtime holds the object weakly.
/// </summary>
public interface IGrainObserver : IAddressable;

using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>Makes references, for grains and for the code beside them.</summary>
internal sealed class SiloGrainFactory(SiloRuntime runtime) : IClusterClient
{
    public IServiceProvider ServiceProvider => runtime.Services;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        Get<TGrainInterface>(primaryKey.ToString("N"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Get<TGrainInterface>(primaryKey.ToString("X", CultureInfo.InvariantCulture), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Get<TGrainInterface>(primaryKey, grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)runtime.Reference(typeof(TGrainInterface), grainId);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        return obj is GrainReference
            ? throw new ArgumentException("Argument must not be a grain reference.", nameof(obj))
            : (TGrainObserverInterface)(object)runtime.Reference(
                typeof(TGrainObserverInterface), runtime.Observers.Add(obj));
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver =>
        runtime.Observers.Remove(
            obj is GrainReference reference
                ? reference.GrainId
                : throw new ArgumentException(
                    "Argument is not a reference that was created for an object.", nameof(obj)));

    private TGrainInterface Get<TGrainInterface>(string key, string? prefix)
    {
        var type = runtime.Classes.ByInterface(typeof(TGrainInterface), prefix).GrainType;
        return (TGrainInterface)(object)runtime.Reference(typeof(TGrainInterface), GrainId.Create(type, key));
    }
}

using Orleans.Runtime;
using Orleans.Silo;

namespace Orleans;

/// <summary>
/// The base class of grains. One activation exists per identity; it runs one turn at a time, and a call to it waits
/// until the call before has ended, unless attributes allow the two to interleave.
/// </summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain()
    {
        // Null where a test constructs the class itself, as with the real base class.
        GrainContext = Activation.Current!;
    }

    public IGrainContext GrainContext { get; }

    public GrainReference GrainReference => GrainContext.GrainReference;

    public string IdentityString => GrainContext.GrainId.ToString();

    public string RuntimeIdentity => Activation.Runtime.SiloDetails.SiloAddress.ToString();

    protected IGrainFactory GrainFactory => Activation.Runtime.GrainFactory;

    protected IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private Activation Activation => GrainContext as Activation
        ?? throw new InvalidOperationException(
            "Grain was created outside of the Orleans creation process and no runtime was specified.");

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>Ends this activation as soon as no call runs; calls that wait go to the next activation.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>
    /// Keeps the collector from this activation for a time; zero takes an earlier delay back, infinite means for ever.
    /// </summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>The silo: leads calls to activations and observers.</summary>
internal sealed class SiloRuntime : IDisposable
{
    private readonly SiloMessagingOptions messaging;
    private volatile string? refusal = "The silo has not been started yet.";

    public SiloRuntime(
        IServiceProvider services,
        ILocalSiloDetails details,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        IEnumerable<IIncomingGrainCallFilter> filters,
        ILogger<SiloRuntime> log,
        TimeProvider time)
    {
        this.messaging = messaging.Value;
        Services = services;
        SiloDetails = details;
        Collection = collection.Value;
        Filters = [.. filters];
        Log = log;
        Time = time;
        Classes = new GrainClasses(Collection);
        Directory = new GrainDirectory(this);
        Pending = new PendingCalls(time, this.messaging.ResponseTimeout, this.messaging.CancelRequestOnTimeout);
    }

    public IServiceProvider Services { get; }

    public ILocalSiloDetails SiloDetails { get; }

    public IGrainFactory GrainFactory => field ??= Services.GetRequiredService<IGrainFactory>();

    public GrainCollectionOptions Collection { get; }

    public IIncomingGrainCallFilter[] Filters { get; }

    public ILogger Log { get; }

    public TimeProvider Time { get; }

    public GrainClasses Classes { get; }

    public GrainDirectory Directory { get; }

    public Observers Observers { get; } = new();

    public PendingCalls Pending { get; }

    public bool DropsSettledCalls => messaging.DropExpiredMessages;

    public void Accept() => refusal = null;

    /// <summary>From now on calls fail; those that wait for a reply fail too.</summary>
    public void Refuse(string reason)
    {
        refusal = reason;
        Pending.FailAll(_ => new SiloUnavailableException(reason));
    }

    public GrainReference Reference(Type interfaceType, GrainId id)
    {
        var called = CalledInterfaces.Of(interfaceType);
        return called.Create(this, called, id);
    }

    public void Send<T>(Call<T> call, CancellationToken cancellation)
    {
        if (call.Method.IsOneWay)
        {
            call.CompleteOneWay();
        }
        else
        {
            Pending.Add(call);
            if (cancellation.CanBeCanceled)
            {
                call.CallerCancellation = cancellation.UnsafeRegister(
                    (state, token) => Cancel((Call)state!, token), call);
            }
        }

        Dispatch(call);
    }

    /// <summary>Sends on what an activation that has ended had not begun.</summary>
    public void Redirect(Request request) => Dispatch((Call)request);

    public void Dispose() => Pending.Dispose();

    private void Dispatch(Call call)
    {
        if (refusal is { } reason)
        {
            call.Fail(new SiloUnavailableException(reason));
            return;
        }

        try
        {
            if (Observers.Owns(call.Target))
            {
                Observers.Dispatch(call);
                return;
            }

            while (!Directory.GetOrAdd(call.Target).TryReceive(call))
            {
                // That activation ended between the look-up and the call; the next look-up finds or makes its
                // successor.
            }
        }
        catch (Exception failure)
        {
            call.Fail(failure);
        }
    }

    private void Cancel(Call call, CancellationToken token)
    {
        if (!messaging.WaitForCancellationAcknowledgement)
        {
            call.Fail(new OperationCanceledException(token));
        }

        call.CancelCallee();
    }
}

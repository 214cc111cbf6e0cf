using Orleans.Silo;

namespace Orleans.Runtime;

/// <summary>
/// Where a call goes: the identity of a grain or an observer. The classes that implement grain interfaces by sending a
/// call are derived from this one at run time, one for each interface.
/// </summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly SiloRuntime runtime;
    private readonly CalledInterface calledInterface;

    internal GrainReference(SiloRuntime runtime, CalledInterface calledInterface, GrainId grainId)
    {
        this.runtime = runtime;
        this.calledInterface = calledInterface;
        GrainId = grainId;
    }

    public GrainId GrainId { get; }

    public string InterfaceName => calledInterface.Name;

    internal CalledInterface Interface => calledInterface;

    public virtual TGrainInterface Cast<TGrainInterface>() =>
        this is TGrainInterface self ? self : (TGrainInterface)Cast(typeof(TGrainInterface));

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1 is null ? reference2 is null : reference1.Equals(reference2);

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) =>
        !(reference1 == reference2);

    internal object Cast(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : runtime.Reference(interfaceType, GrainId);

    // The generated classes call the methods below, by name.
    internal Task InvokeTask(int method, object?[] arguments) => Invoke<Nothing>(method, arguments);

    internal Task<T> InvokeTaskOf<T>(int method, object?[] arguments) => Invoke<T>(method, arguments);

    internal ValueTask InvokeValueTask(int method, object?[] arguments) => new(Invoke<Nothing>(method, arguments));

    internal ValueTask<T> InvokeValueTaskOf<T>(int method, object?[] arguments) => new(Invoke<T>(method, arguments));

    internal void InvokeVoid(int method, object?[] arguments) => Invoke<Nothing>(method, arguments);

    private Task<T> Invoke<T>(int index, object?[] arguments)
    {
        var method = calledInterface.Methods[index];
        method.Isolate(arguments);
        var cancellation = method.Cancellation(arguments);
        cancellation.ThrowIfCancellationRequested();
        var call = new Call<T>(method, GrainId, arguments);
        runtime.Send(call, cancellation);
        return call.Reply;
    }
}

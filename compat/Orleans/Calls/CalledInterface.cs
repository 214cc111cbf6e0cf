using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>A grain or observer interface: its methods, and how references to it are made.</summary>
internal sealed class CalledInterface(Type type, CalledMethod[] methods)
{
    public static CalledInterface None { get; } = new(typeof(IAddressable), []);

    public string Name { get; } = type.FullName ?? type.Name;

    public CalledMethod[] Methods => methods;

    public Func<SiloRuntime, CalledInterface, GrainId, GrainReference> Create { get; init; } =
        (runtime, called, id) => new GrainReference(runtime, called, id);
}

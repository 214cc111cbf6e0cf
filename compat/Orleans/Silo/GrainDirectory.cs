using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>Which activation a grain has now: at most one.</summary>
internal sealed class GrainDirectory(SiloRuntime runtime)
{
    private readonly ConcurrentDictionary<GrainId, Activation> activations = new();

    public ICollection<Activation> All => activations.Values;

    public bool IsEmpty => activations.IsEmpty;

    public Activation GetOrAdd(GrainId id) =>
        activations.TryGetValue(id, out var found) ? found : activations.GetOrAdd(id, Create);

    public void Remove(Activation activation) =>
        activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));

    private Activation Create(GrainId id) => new(runtime, runtime.Classes.ByType(id.Type), id);
}

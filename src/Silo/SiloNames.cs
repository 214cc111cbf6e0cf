using Sweeps.Store.Contract;

namespace Sweeps.Silo;

/// <summary>Names for silos that were not given one.</summary>
public static class SiloNames
{
    /// <summary>
    /// The machine's name where no living silo has it, else the first free of <c>machine-2</c>, <c>machine-3</c>,
    /// ... Two
    /// processes that ask at the same moment may get the same one; operators would then speak to both.
    /// </summary>
    public static async Task<string> FreeAsync(
        ISweepStore store, string machine, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var taken = (await store.Silos.ListAsync(cancellation))
            .Where(silo => silo.State is SiloState.Active or SiloState.Draining)
            .Select(silo => silo.Name)
            .ToHashSet(StringComparer.Ordinal);
        return taken.Contains(machine)
            ? Enumerable.Range(2, taken.Count).Select(number => $"{machine}-{number}").First(
                name => !taken.Contains(name))
            : machine;
    }
}

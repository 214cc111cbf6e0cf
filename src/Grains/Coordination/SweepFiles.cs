using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>A user's own data and the weights that trainings start with, and own code, which travel with
/// their sweep through the
/// store.</summary>
public sealed class SweepFiles(ISweepStore store, string sweep)
{
    /// <summary>What the store keeps of a file; null: nothing.</summary>
    /// <exception cref="Core.SweepsException">The copy is damaged.</exception>
    public Task<byte[]?> ReadAsync(DataFile file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        return store.Artifacts.ReadAsync(ArtifactKey.OfSweep(sweep, file.Digest), cancellation);
    }

    /// <summary>Keeps the files that are small enough and not kept yet. The sweep has been submitted.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="read">Gives the bytes of a file; null: this process has the same data from another file.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task KeepAsync(
        SweepPlan plan, Func<DataFile, byte[]?> read, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(read);
        IEnumerable<DataFile> files = [.. plan.Content?.Files() ?? [], .. plan.InitialWeights ?? [],
            .. plan.Assemblies ?? []];
        foreach (var file in files.Where(file => file.Travels()))
        {
            var key = ArtifactKey.OfSweep(sweep, file.Digest);
            if (await store.Artifacts.FindAsync(key, cancellation) is null && read(file) is { } bytes)
                await store.Artifacts.SaveAsync(key, attempt: 1, epoch: 0, bytes, cancellation);
        }
    }
}

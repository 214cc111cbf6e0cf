using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>A user's own data, which travel with their sweep through the store.</summary>
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
    /// <param name="content">The sweep's data.</param>
    /// <param name="read">Gives the bytes of a file.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task KeepAsync(
        DataContent? content, Func<DataFile, byte[]> read, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        foreach (var file in content?.Files().Where(file => file.Travels()) ?? [])
        {
            var key = ArtifactKey.OfSweep(sweep, file.Digest);
            if (await store.Artifacts.FindAsync(key, cancellation) is null)
                await store.Artifacts.SaveAsync(key, attempt: 1, epoch: 0, read(file), cancellation);
        }
    }
}

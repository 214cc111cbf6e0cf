using Sweeps.Core;

namespace Sweeps.Storage;

/// <summary>Short forms of the artifact store's calls.</summary>
public static class ArtifactStoreExtensions
{
    /// <summary>Stores bytes under a name; see <see cref="IArtifactStore.SaveAsync"/>.</summary>
    public static async Task<ArtifactReference?> SaveAsync(
        this IArtifactStore artifacts,
        ArtifactKey key,
        int attempt,
        int epoch,
        byte[] content,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifacts);
        using var stream = new MemoryStream(content, writable: false);
        return await artifacts.SaveAsync(key, attempt, epoch, stream, cancellationToken);
    }

    /// <summary>The content that a name refers to; null: nothing.</summary>
    public static async Task<byte[]?> ReadAsync(
        this IArtifactStore artifacts, ArtifactKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifacts);
        while (true)
        {
            var reference = await artifacts.FindAsync(key, cancellationToken);
            if (reference is null)
                return null;
            try
            {
                return await artifacts.ReadAsync(reference.Digest, cancellationToken);
            }
            catch (SweepsException)
            {
                // A newer checkpoint may have taken its place, and removed it, between the two calls.
                var now = await artifacts.FindAsync(key, cancellationToken);
                if (now?.Digest == reference.Digest)
                    throw;
            }
        }
    }
}

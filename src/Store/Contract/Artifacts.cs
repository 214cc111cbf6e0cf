using Sweeps.Core;

namespace Sweeps.Store.Contract;

/// <summary>
/// Checkpoints, models and sweeps' own data: content-addressed blobs (SHA-256) under names. A name belongs to a trial
/// and is fenced by attempt: what an older attempt writes never replaces what a newer one wrote. A blob lives as long
/// as a name refers to it.
/// </summary>
public interface IArtifactStore
{
    /// <summary>
    /// Stores the content and makes the name refer to it, in one step; the blob replaced is removed if nothing else
    /// refers to it. Null: fenced, the name belongs to a newer attempt or epoch, or was released; nothing was changed.
    /// </summary>
    /// <param name="key">The name.</param>
    /// <param name="attempt">The writing attempt, from 1.</param>
    /// <param name="epoch">The epoch the content belongs to; an older one of the same attempt never replaces a newer
    /// one.</param>
    /// <param name="content">The content, read once from its position to its end; at most 2 GB.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed.</param>
    Task<ArtifactReference?> SaveAsync(
        ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken = default);

    /// <summary>What a name refers to; null: nothing.</summary>
    Task<ArtifactReference?> FindAsync(ArtifactKey key, CancellationToken cancellationToken = default);

    /// <summary>All references of a sweep, by configuration, fold and name.</summary>
    Task<IReadOnlyList<ArtifactReference>> ListAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>The content of a blob, checked against its digest.</summary>
    /// <exception cref="Core.SweepsException">The blob is missing or damaged.</exception>
    Task<byte[]> ReadAsync(string digest, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets go of a name for good: its blob is removed if nothing else refers to it, and no attempt up to
    /// <paramref name="attempt"/> can write it again. Called for a trial's checkpoint when the trial is done.
    /// </summary>
    Task ReleaseAsync(ArtifactKey key, int attempt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes what crashes left behind: blobs that nothing refers to and temporary files older than
    /// <paramref name="grace"/>.
    /// </summary>
    Task<PruneReport> PruneAsync(TimeSpan grace, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether this process can write blobs and sees those of the others: a folder that all silos share may be missing
    /// on one machine. Without such a folder there is nothing to check.
    /// </summary>
    /// <exception cref="SweepsException">It cannot, with the reason.</exception>
    Task CheckAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

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

/// <summary>The name of an artifact.</summary>
/// <param name="Trial">The trial it belongs to.</param>
/// <param name="Name">What it is: <see cref="Checkpoint"/>, <see cref="Model"/> or another word of 1 to 100
/// characters.</param>
public readonly record struct ArtifactKey(TrialKey Trial, string Name)
{
    /// <summary>The state a training resumes from.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>
    /// The state after a completed trial's last epoch, kept for trainings of more epochs to go on from.
    /// </summary>
    public const string KeptCheckpoint = "kept-checkpoint";

    /// <summary>The final weights.</summary>
    public const string Model = "model";

    /// <summary>How the weights were distributed after each epoch, of trainings whose weights are kept.</summary>
    public const string Histograms = "histograms";

    /// <summary>
    /// The name of a file that belongs to a sweep as a whole. It stands under a trial that no sweep can have, since the
    /// number of configurations is at most the largest index.
    /// </summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="digest">SHA-256 of the file, lower-case hex.</param>
    public static ArtifactKey OfSweep(string sweep, string digest) =>
        new(new TrialKey(sweep, int.MaxValue, -1), $"data/{digest}");
}

/// <summary>
/// A name, the attempt and epoch that wrote it last, and the content it refers to: its SHA-256 as 64 lower-case
/// hexadecimal digits, its size, and when it was written, by the store's clock.
/// </summary>
public sealed record ArtifactReference(
    ArtifactKey Key, int Attempt, int Epoch, string Digest, long Bytes, DateTimeOffset Written);

/// <summary>What a prune removed: blobs and temporary files, and the bytes that this freed.</summary>
public readonly record struct PruneReport(int Blobs, long Bytes)
{
    /// <summary>Kept because a name refers to them.</summary>
    public BlobSum Referred { get; init; }

    /// <summary>
    /// Kept because they are younger than the grace: a save may be about to name them. A later prune takes them.
    /// </summary>
    public BlobSum Recent { get; init; }
}

/// <summary>A number of blobs and their size.</summary>
public readonly record struct BlobSum(int Blobs, long Bytes)
{
    internal BlobSum Plus(long bytes) => new(Blobs + 1, Bytes + bytes);
}

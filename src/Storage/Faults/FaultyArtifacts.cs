namespace Sweeps.Storage;

internal sealed class FaultyArtifacts(IArtifactStore inner, FaultGate gate) : IArtifactStore
{
    public Task<ArtifactReference?> SaveAsync(
        ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            StoreCall.WriteArtifact, () => inner.SaveAsync(key, attempt, epoch, content, cancellationToken));

    public Task<ArtifactReference?> LinkAsync(
        ArtifactKey source,
        ArtifactKey target,
        int attempt,
        int epoch,
        CancellationToken cancellationToken = default) =>
        gate.PassAsync(
            StoreCall.WriteArtifact, () => inner.LinkAsync(source, target, attempt, epoch, cancellationToken));

    public Task<ArtifactReference?> FindAsync(ArtifactKey key, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadArtifact, () => inner.FindAsync(key, cancellationToken));

    public Task<IReadOnlyList<ArtifactReference>> ListAsync(
        string sweep, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadArtifact, () => inner.ListAsync(sweep, cancellationToken));

    public Task<byte[]> ReadAsync(string digest, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.ReadArtifact, () => inner.ReadAsync(digest, cancellationToken));

    public Task ReleaseAsync(ArtifactKey key, int attempt, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteArtifact, () => inner.ReleaseAsync(key, attempt, cancellationToken));

    public Task<PruneReport> PruneAsync(TimeSpan grace, CancellationToken cancellationToken = default) =>
        gate.PassAsync(StoreCall.WriteArtifact, () => inner.PruneAsync(grace, cancellationToken));
}

using Sweeps.Store.Contract;

namespace Sweeps.Store.Doubles;

internal sealed class MemoryArtifacts(MemoryLog log, TimeProvider time) : IArtifactStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ArtifactKey, ArtifactReference> _references = [];
    private readonly Dictionary<string, (byte[] Content, int References)> _blobs = [];

    public async Task<ArtifactReference?> SaveAsync(
        ArtifactKey key, int attempt, int epoch, Stream content, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(key);
        log.Require(key.Trial.Sweep);
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        var bytes = copy.ToArray();
        var digest = ArtifactDigest.Of(bytes);
        lock (_lock)
        {
            if (!AdmitsLocked(key, attempt, epoch))
                return null;
            _blobs.TryAdd(digest, (bytes, 0));
            return ReferLocked(key, attempt, epoch, digest, bytes.Length);
        }
    }

    public Task<ArtifactReference?> FindAsync(ArtifactKey key, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return Task.FromResult(FindLocked(key));
    }

    public Task<IReadOnlyList<ArtifactReference>> ListAsync(string sweep, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            IReadOnlyList<ArtifactReference> found =
            [
                .. _references.Values
                    .Where(item => item.Key.Trial.Sweep == sweep && item.Digest.Length > 0)
                    .OrderBy(item => item.Key.Trial.Configuration)
                    .ThenBy(item => item.Key.Trial.Fold)
                    .ThenBy(item => item.Key.Name, StringComparer.Ordinal),
            ];
            return Task.FromResult(found);
        }
    }

    public bool HasKept(StoredResult result)
    {
        lock (_lock)
        {
            return _references.Values.Any(item => item.Key.Trial.Sweep == result.Sweep
                && item.Key.Name == ArtifactKey.KeptCheckpoint && item.Epoch == result.Epochs
                && item.Digest.Length > 0);
        }
    }

    public void Remove(string sweep)
    {
        lock (_lock)
        {
            foreach (var key in _references.Keys.Where(key => key.Trial.Sweep == sweep).ToList())
                _references.Remove(key);
        }
    }

    public Task<byte[]> ReadAsync(string digest, CancellationToken cancellationToken = default)
    {
        ArtifactDigest.Check(digest);
        lock (_lock)
        {
            return _blobs.TryGetValue(digest, out var blob)
                ? Task.FromResult(blob.Content.ToArray())
                : Task.FromException<byte[]>(ArtifactDigest.Missing(digest, "memory:"));
        }
    }

    public Task ReleaseAsync(ArtifactKey key, int attempt, CancellationToken cancellationToken = default)
    {
        StoreRules.Check(key);
        log.Require(key.Trial.Sweep);
        lock (_lock)
        {
            if (AdmitsLocked(key, attempt, ArtifactFence.Released))
                ReferLocked(key, attempt, ArtifactFence.Released, "", 0);
        }

        return Task.CompletedTask;
    }

    /// <summary>There is nothing to remove: a crash leaves no memory behind.</summary>
    public Task<PruneReport> PruneAsync(TimeSpan grace, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var bytes = _blobs.Values.Sum(blob => (long)blob.Content.Length);
            return Task.FromResult(new PruneReport { Referred = new(_blobs.Count, bytes) });
        }
    }

    private bool AdmitsLocked(ArtifactKey key, int attempt, int epoch) =>
        !_references.TryGetValue(key, out var held) || ArtifactFence.Admits(held.Attempt, held.Epoch, attempt, epoch);

    private ArtifactReference? FindLocked(ArtifactKey key) =>
        _references.TryGetValue(key, out var found) && found.Digest.Length > 0 ? found : null;

    private ArtifactReference ReferLocked(ArtifactKey key, int attempt, int epoch, string digest, long bytes)
    {
        var before = FindLocked(key)?.Digest;
        var reference = new ArtifactReference(key, attempt, epoch, digest, bytes, StoreClock.Now(time));
        _references[key] = reference;
        if (digest.Length > 0)
            CountLocked(digest, 1);
        if (before is not null)
            CountLocked(before, -1);
        return reference;
    }

    private void CountLocked(string digest, int change)
    {
        var (content, references) = _blobs[digest];
        if (references + change == 0)
            _blobs.Remove(digest);
        else
            _blobs[digest] = (content, references + change);
    }
}

namespace Sweeps.Store.Contract;

/// <summary>
/// The certificate authority of each cluster: silos that can read it prove to each other that they belong to this
/// store.
/// </summary>
public interface IAuthorityStore
{
    /// <summary>
    /// A cluster's authority. Where there is none, the one that <paramref name="make"/> gives; of several that make one
    /// at once all get the same.
    /// </summary>
    Task<StoredAuthority> GetOrAddAsync(
        string cluster, Func<DateTimeOffset, AuthorityKey> make, CancellationToken cancellationToken = default);
}

/// <summary>An authority's certificate and its private key, encoded by the caller.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Key">The private key; printing it shows nothing of it.</param>
public sealed record AuthorityKey(ReadOnlyMemory<byte> Certificate, ReadOnlyMemory<byte> Key);

/// <summary>An authority as the store has it.</summary>
/// <param name="Key">Certificate and private key.</param>
/// <param name="Now">The store's clock when it was read.</param>
public sealed record StoredAuthority(AuthorityKey Key, DateTimeOffset Now);

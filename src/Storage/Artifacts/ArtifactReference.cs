namespace Sweeps.Storage;

/// <summary>A name and the content it refers to.</summary>
/// <param name="Key">The name.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Epoch">The epoch it belongs to.</param>
/// <param name="Digest">SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Size of the content.</param>
/// <param name="Written">When, by the store's clock.</param>
public sealed record ArtifactReference(
    ArtifactKey Key, int Attempt, int Epoch, string Digest, long Bytes, DateTimeOffset Written);

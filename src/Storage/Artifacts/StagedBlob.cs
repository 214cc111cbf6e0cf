namespace Sweeps.Storage;

/// <summary>A blob on the disk that has no name yet.</summary>
/// <param name="Path">The temporary file.</param>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct StagedBlob(string Path, string Digest, long Bytes);

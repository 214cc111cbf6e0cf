namespace Sweeps.Training.Data.Public;

/// <summary>A file of a public data set.</summary>
/// <param name="Name">Its name, as distributed.</param>
/// <param name="Bytes">Its length, as distributed.</param>
/// <param name="Sha256">SHA-256 of the file as distributed, lower-case hex.</param>
/// <param name="ContentSha256">SHA-256 of what is in the gzip file, where it is known; accepts a copy that was packed
/// again.</param>
public sealed record PublicFile(string Name, long Bytes, string Sha256, string? ContentSha256 = null);

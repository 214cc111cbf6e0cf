namespace Sweeps.Training.Data.Public;

/// <summary>How far the download of one file is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes on disk so far, those of an earlier attempt included.</param>
/// <param name="Total">Bytes in all.</param>
/// <param name="Mirror">The host they come from.</param>
public sealed record DownloadProgress(string File, long Bytes, long Total, string Mirror);

using System.IO.Compression;
using System.Security.Cryptography;

namespace Sweeps.Training.Data.Public;

/// <summary>A file of a public data set.</summary>
/// <param name="Name">Its name, as distributed.</param>
/// <param name="Bytes">Its length, as distributed.</param>
/// <param name="Sha256">SHA-256 of the file as distributed, lower-case hex.</param>
/// <param name="ContentSha256">SHA-256 of what is in the gzip file, where it is known; accepts a copy that was packed
/// again.</param>
public sealed record PublicFile(string Name, long Bytes, string Sha256, string? ContentSha256 = null);

/// <summary>Compares a file on disk with the checksums it is known by.</summary>
internal static class PublicFileCheck
{
    /// <summary>Whether the file is the one published: as distributed, or packed again with the same content.</summary>
    public static async Task<bool> IsPublishedAsync(string path, PublicFile file, CancellationToken cancellation)
    {
        await using var stream = RegularFile.Open(path);
        if (Hex(await SHA256.HashDataAsync(stream, cancellation)) == file.Sha256)
            return true;
        if (file.ContentSha256 is null)
            return false;
        try
        {
            stream.Position = 0;
            await using var content = new GZipStream(stream, CompressionMode.Decompress);
            return Hex(await SHA256.HashDataAsync(content, cancellation)) == file.ContentSha256;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}

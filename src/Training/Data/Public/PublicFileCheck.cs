using System.IO.Compression;
using System.Security.Cryptography;

namespace Sweeps.Training.Data.Public;

/// <summary>Compares a file on disk with the checksums it is known by.</summary>
internal static class PublicFileCheck
{
    /// <summary>Whether the file is the one published: as distributed, or packed again with the same content.</summary>
    public static async Task<bool> IsPublishedAsync(string path, PublicFile file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(path);
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

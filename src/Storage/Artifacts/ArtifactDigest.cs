using System.Security.Cryptography;
using Sweeps.Core;

namespace Sweeps.Storage;

/// <summary>Digests of blobs: SHA-256 as 64 lower-case hexadecimal digits.</summary>
internal static class ArtifactDigest
{
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <exception cref="SweepsException">The text is no digest.</exception>
    public static void Check(string digest)
    {
        if (digest is not { Length: 64 } || !digest.All(char.IsAsciiHexDigitLower))
            throw new SweepsException(ErrorKind.Usage, $"'{digest}' is no artifact digest: 64 lower-case hexadecimal "
                + "digits.");
    }

    /// <exception cref="SweepsException">The content is not the one that was stored.</exception>
    public static void Verify(string digest, ReadOnlySpan<byte> content, string where)
    {
        var actual = Of(content);
        if (actual != digest)
        {
            throw new SweepsException(
                ErrorKind.Store,
                $"Artifact {digest} in {where} is damaged: its content has the digest {actual}. Restore it from a "
                    + "copy, or train again what it belongs to.");
        }
    }

    public static SweepsException Missing(string digest, string where) =>
        new(ErrorKind.Store, $"Artifact {digest} is not in {where}; it was pruned, or lost from outside. Train again "
            + "what it belongs to.");
}

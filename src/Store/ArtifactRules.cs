using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store;

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
            throw new StoreException(
                StoreReason.Damaged,
                $"Artifact {digest} in {where} is damaged: its content has the digest {actual}. Restore it from a "
                    + "copy, or train again what it belongs to.");
        }
    }

    public static StoreException Missing(string digest, string where) =>
        new(
            StoreReason.Missing,
            $"Artifact {digest} is not in {where}; it was pruned, or lost outside. Train again what it belongs to.");
}

/// <summary>Who may write a name: the newer attempt, and within an attempt the same or a later epoch.</summary>
internal static class ArtifactFence
{
    /// <summary>The epoch of a name that was released: nothing of that attempt comes after it.</summary>
    public const int Released = int.MaxValue;

    public static bool Admits(int heldAttempt, int heldEpoch, int attempt, int epoch) =>
        attempt > heldAttempt || (attempt == heldAttempt && epoch >= heldEpoch);
}

/// <summary>What a change of a name did.</summary>
/// <param name="Reference">The name now; null: fenced, nothing was changed.</param>
/// <param name="Unused">The digest of a blob that nothing refers to any more and whose content can go; null:
/// none.</param>
internal readonly record struct ReferenceChange(ArtifactReference? Reference, string? Unused);

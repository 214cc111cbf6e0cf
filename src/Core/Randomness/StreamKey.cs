using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sweeps.Core.Randomness;

/// <summary>
/// Names one random stream. Equal keys give equal numbers on every machine, different keys give independent ones: the
/// fields are hashed (SHA-256) to Philox's 64-bit key and to the upper half of its counter, 128 bits in all.
/// </summary>
/// <param name="Seed">The seed of the sweep.</param>
/// <param name="Purpose">What is drawn.</param>
/// <param name="Configuration">The configuration's key (HyperparametersKey); 0 where configurations share the
/// stream.</param>
/// <param name="Fold">The fold, from 0; 0 without folds.</param>
/// <param name="Epoch">The epoch, from 1; 0 outside epochs.</param>
/// <param name="Index">What the purpose counts: a tensor, a layer, a class; otherwise 0.</param>
public readonly record struct StreamKey(
    long Seed,
    Purpose Purpose,
    ulong Configuration = 0,
    int Fold = 0,
    int Epoch = 0,
    int Index = 0)
{
    /// <summary>Philox's key and the upper half of its counter.</summary>
    internal (ulong Key, ulong Nonce) Derive()
    {
        Span<byte> fields = stackalloc byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(fields, Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(fields[8..], Configuration);
        BinaryPrimitives.WriteInt32LittleEndian(fields[16..], (int)Purpose);
        BinaryPrimitives.WriteInt32LittleEndian(fields[20..], Fold);
        BinaryPrimitives.WriteInt32LittleEndian(fields[24..], Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(fields[28..], Index);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(fields, hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }
}

using System.Numerics;
using Sweeps.Core.Randomness;

namespace Sweeps.Core.Searchers;

/// <summary>
/// A random order of 0 .. size - 1 that is computed, not stored: a Feistel network (Luby and Rackoff 1988) whose round
/// function is Philox, on the smallest even number of bits that holds the size; a result outside is encrypted again
/// until it lies inside (cycle walking: Black and Rogaway, "Ciphers with arbitrary finite domains", 2002), at most four
/// times on average.
/// </summary>
internal sealed class KeyedPermutation
{
    private const int Rounds = 10;
    private const int MinHalfBits = 2;

    private readonly ulong _key;
    private readonly ulong _nonce;
    private readonly long _size;
    private readonly int _halfBits;

    /// <summary>Creates the permutation.</summary>
    /// <param name="size">From 1 to 2^62.</param>
    /// <param name="key">Names it: equal keys and sizes give equal permutations.</param>
    public KeyedPermutation(long size, StreamKey key)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1L << 62);
        _size = size;
        _halfBits = Math.Max(MinHalfBits, (64 - BitOperations.LeadingZeroCount((ulong)size - 1) + 1) / 2);
        (_key, _nonce) = key.Derive();
    }

    /// <summary>The number in place <paramref name="index"/>.</summary>
    public long At(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _size);
        // The network permutes all numbers of its width, so the walk from a number inside comes back inside.
        do
            index = Encrypt(index);
        while (index >= _size);
        return index;
    }

    private long Encrypt(long number)
    {
        var mask = (1L << _halfBits) - 1;
        var (left, right) = (number >> _halfBits, number & mask);
        Span<uint> words = stackalloc uint[Philox4x32.WordsPerBlock];
        for (var round = 0; round < Rounds; round++)
        {
            Philox4x32.Fill(_key, _nonce, ((ulong)round << 32) | (ulong)right, words);
            (left, right) = (right, left ^ (words[0] & mask));
        }

        return (left << _halfBits) | right;
    }
}

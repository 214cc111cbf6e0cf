using Sweeps.Core.Randomness;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Points that fill the unit cube evenly (Sobol' 1967), with the direction numbers of Joe and Kuo ("Constructing Sobol
/// sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008; their table new-joe-kuo-6),
/// scrambled by random lower triangular matrices and a shift (Matoušek, J. Complexity 14, 1998), which keeps the
/// evenness of every 2^k points and makes each point uniform.
/// </summary>
internal sealed class SobolSequence
{
    /// <summary>Most dimensions.</summary>
    public const int MostDimensions = 40;

    private const int Bits = 32;

    /// <summary>
    /// For each dimension but the first: the inner coefficients of its primitive polynomial as bits, and the first
    /// direction numbers, as many as its degree.
    /// </summary>
    private static readonly (uint Coefficients, uint[] First)[] s_directions =
    [
        (0, [1]), (1, [1, 3]), (1, [1, 3, 1]), (2, [1, 1, 1]), (1, [1, 1, 3, 3]), (4, [1, 3, 5, 13]),
        (2, [1, 1, 5, 5, 17]), (4, [1, 1, 5, 5, 5]), (7, [1, 1, 7, 11, 19]), (11, [1, 1, 5, 1, 1]),
        (13, [1, 1, 1, 3, 11]), (14, [1, 3, 5, 5, 31]), (1, [1, 3, 3, 9, 7, 49]), (13, [1, 1, 1, 15, 21, 21]),
        (16, [1, 3, 1, 13, 27, 49]), (19, [1, 1, 1, 15, 7, 5]), (22, [1, 3, 1, 15, 13, 25]),
        (25, [1, 1, 5, 5, 19, 61]), (1, [1, 3, 7, 11, 23, 15, 103]), (4, [1, 3, 7, 13, 13, 15, 69]),
        (7, [1, 1, 3, 13, 7, 35, 63]), (8, [1, 3, 5, 9, 1, 25, 53]), (14, [1, 3, 1, 13, 9, 35, 107]),
        (19, [1, 3, 1, 5, 27, 61, 31]), (21, [1, 1, 5, 11, 19, 41, 61]), (28, [1, 3, 5, 3, 3, 13, 69]),
        (31, [1, 1, 7, 13, 1, 19, 1]), (32, [1, 3, 7, 5, 13, 19, 59]), (37, [1, 1, 3, 9, 25, 29, 41]),
        (41, [1, 3, 5, 13, 23, 1, 55]), (42, [1, 3, 7, 3, 13, 59, 17]), (50, [1, 3, 1, 3, 5, 53, 69]),
        (55, [1, 1, 5, 5, 23, 33, 13]), (56, [1, 1, 7, 7, 1, 61, 123]), (59, [1, 1, 7, 9, 13, 61, 49]),
        (62, [1, 3, 3, 5, 3, 55, 33]), (14, [1, 3, 1, 15, 31, 13, 49, 245]), (21, [1, 3, 5, 15, 31, 59, 63, 97]),
        (22, [1, 3, 1, 11, 11, 11, 77, 249]),
    ];

    private readonly uint[][] _directions;
    private readonly uint[] _shifts;

    /// <summary>Creates the sequence.</summary>
    /// <param name="dimensions">From 1 to <see cref="MostDimensions"/>.</param>
    /// <param name="scrambling">The scrambling; null: none, with the origin as the first point.</param>
    public SobolSequence(int dimensions, StreamKey? scrambling)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        _directions = [.. Enumerable.Range(0, dimensions).Select(DirectionsOf)];
        _shifts = new uint[dimensions];
        if (scrambling is not { } key)
            return;
        var stream = new RandomStream(key);
        for (var dimension = 0; dimension < dimensions; dimension++)
        {
            Scramble(_directions[dimension], stream);
            _shifts[dimension] = stream.NextUInt32();
        }
    }

    /// <summary>Coordinate of a point as 32 bits: it lies in [x, x + 1) / 2^32.</summary>
    /// <param name="index">The point, from 0.</param>
    public uint At(int index, int dimension)
    {
        var sum = _shifts[dimension];
        for (var bit = 0; index != 0; bit++, index >>= 1)
        {
            if ((index & 1) != 0)
                sum ^= _directions[dimension][bit];
        }

        return sum;
    }

    /// <summary>Coordinate of a point in (0, 1): the middle of the interval of <see cref="At"/>.</summary>
    public double QuantileAt(int index, int dimension) => (At(index, dimension) + 0.5) / 4294967296.0;

    private static uint[] DirectionsOf(int dimension)
    {
        var directions = new uint[Bits];
        if (dimension == 0)
        {
            for (var i = 0; i < Bits; i++)
                directions[i] = 1u << (Bits - 1 - i);
            return directions;
        }

        var (coefficients, first) = s_directions[dimension - 1];
        var degree = first.Length;
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                directions[i] = first[i] << (Bits - 1 - i);
                continue;
            }

            directions[i] = directions[i - degree] ^ (directions[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
            {
                if ((coefficients >> (degree - 1 - k) & 1) != 0)
                    directions[i] ^= directions[i - k];
            }
        }

        return directions;
    }

    /// <summary>Each digit becomes itself plus a random sum of the digits before it.</summary>
    private static void Scramble(uint[] directions, RandomStream stream)
    {
        var scrambled = new uint[Bits];
        for (var digit = 0; digit < Bits; digit++)
        {
            var place = 1u << (Bits - 1 - digit);
            // The digits above this one, at random, and this one.
            var mask = (stream.NextUInt32() & ~(place | (place - 1))) | place;
            for (var i = 0; i < Bits; i++)
            {
                if ((uint.PopCount(directions[i] & mask) & 1) != 0)
                    scrambled[i] |= place;
            }
        }

        scrambled.CopyTo(directions, 0);
    }
}

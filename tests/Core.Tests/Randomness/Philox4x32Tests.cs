using System.Runtime.Intrinsics.X86;
using Sweeps.Core.Randomness;

namespace Sweeps.Core.Tests.Randomness;

public sealed class Philox4x32Tests
{
    /// <summary>
    /// Known answers of the Random123 library, file kat_vectors, lines "philox4x32 10": counter, key, result.
    /// </summary>
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers => new()
    {
        {
            [0x00000000, 0x00000000, 0x00000000, 0x00000000],
            [0x00000000, 0x00000000],
            [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
        },
        {
            [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
            [0xffffffff, 0xffffffff],
            [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
        },
        {
            [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
            [0xa4093822, 0x299f31d0],
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Fill_KnownAnswerVectors_GivesThePublishedWords(uint[] counter, uint[] key, uint[] expected)
    {
        var words = new uint[4];

        Philox4x32.Fill(Pair(key[0], key[1]), Pair(counter[2], counter[3]), Pair(counter[0], counter[1]), words);

        Assert.Equal(expected, words);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0xFFFFFFFDUL)]
    [InlineData(ulong.MaxValue - 2)]
    public void Fill_AnyPath_GivesTheWordsOfTheScalarPath(ulong block)
    {
        const ulong key = 0x0123456789ABCDEF, nonce = 0xFEDCBA9876543210;
        var expected = new uint[4 * 37];
        for (var i = 0; i < 37; i++)
            Philox4x32.FillScalar(key, nonce, block + (ulong)i, expected.AsSpan(4 * i, 4));

        var whole = new uint[expected.Length];
        Philox4x32.Fill(key, nonce, block, whole);
        Assert.Equal(expected, whole);

        if (Avx2.IsSupported)
        {
            var words = new uint[expected.Length];
            var done = Philox4x32.FillVector256(key, nonce, block, words);
            Assert.Equal(36 * 4, done);
            Assert.Equal(expected[..done], words[..done]);
        }

        if (Avx512F.IsSupported)
        {
            var words = new uint[expected.Length];
            var done = Philox4x32.FillVector512(key, nonce, block, words);
            Assert.Equal(32 * 4, done);
            Assert.Equal(expected[..done], words[..done]);
        }
    }

    [Fact]
    public void Fill_PartOfABlock_Throws() =>
        Assert.Throws<ArgumentException>(() => Philox4x32.Fill(1, 2, 3, new uint[6]));

    private static ulong Pair(uint low, uint high) => low | ((ulong)high << 32);
}

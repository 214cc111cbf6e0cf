using System.Runtime.Intrinsics.X86;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

/// <summary>Every path must give the correctly rounded b / 255, which System.Decimal computes independently.</summary>
public sealed class ByteScalingTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [Fact]
    public void Scale_EveryByte_IsTheCorrectlyRoundedQuotient()
    {
        var scaled = new float[256];
        ByteScaling.Scale(AllBytes, scaled);
        for (var value = 0; value < 256; value++)
            Assert.Equal((float)((decimal)value / 255m), scaled[value]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(784)]
    [InlineData(3072)]
    [InlineData(1001)]
    public void Scale_AnyLengthAndPath_EqualsTheScalarBits(int length)
    {
        var source = Enumerable.Range(0, length).Select(i => (byte)(i * 97)).ToArray();
        var expected = new float[length + 1];
        ByteScaling.ScaleScalar(source, expected);
        Check(source, expected, (from, to) => ByteScaling.Scale(from, to));
        if (Avx512F.IsSupported)
            Check(source, expected, (from, to) =>
                Finish(ByteScaling.Scale512(ref from[0], ref to[0], length), from, to));
        if (Avx2.IsSupported && Fma.IsSupported)
            Check(source, expected, (from, to) =>
                Finish(ByteScaling.Scale256(ref from[0], ref to[0], length), from, to));
        Check(source, expected, (from, to) => Finish(ByteScaling.Scale128(ref from[0], ref to[0], length), from, to));
    }

    private static void Finish(int done, byte[] from, float[] to) =>
        ByteScaling.ScaleScalar(from.AsSpan(done), to.AsSpan(done));

    private static void Check(byte[] source, float[] expected, Action<byte[], float[]> scale)
    {
        var actual = new float[expected.Length];
        actual[^1] = 0;
        if (source.Length > 0)
            scale(source, actual);
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
    }
}

using System.Buffers.Binary;
using Sweeps.Core;
using Sweeps.Training.Data.Public;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>Files are built byte by byte from the format's description; each way to be wrong has its message.</summary>
public sealed class IdxReaderTests
{
    private static readonly byte[] Images = Idx.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 2, 3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_PlainOrZipped_GivesSizesAndBytes(bool zipped)
    {
        var array = Read(zipped ? Idx.Zip(Images) : Images);
        Assert.Equal([2, 2, 3], array.Dimensions);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], array.Values);
    }

    [Fact]
    public void Read_EmptyFile_SaysSo() => Fails([], "empty");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_BytesMissing_SaysTruncated(bool zipped)
    {
        var cut = Images[..^1];
        Fails(zipped ? Idx.Zip(cut) : cut, "truncated: the header announces 2 x 2 x 3 bytes");
    }

    [Fact]
    public void Read_HeaderCut_SaysTruncated() => Fails(Images[..9], "truncated: 9 bytes");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_BytesLeftOver_SaysLonger(bool zipped)
    {
        byte[] longer = [.. Images, 0];
        Fails(zipped ? Idx.Zip(longer) : longer, "longer than its header says");
    }

    [Fact]
    public void Read_LabelsForImages_NamesBothMagicNumbers() =>
        Fails(Idx.Of([1, 2], 2), "wrong magic number 0x00000801: those of labels", "0x00000803");

    [Fact]
    public void Read_FloatElements_SaysWrongType() => Fails([0, 0, 0x0d, 3, .. Images[4..]], "another element type");

    [Fact]
    public void Read_OtherFile_SaysNotIdx() => Fails("PK\u0003\u0004 some archive"u8.ToArray(), "not an IDX file's");

    [Fact]
    public void Read_SizeOfZero_NamesTheDimension() => Fails(Idx.Of([], 2, 0, 3), "size of 0 in dimension 2");

    [Fact]
    public void Read_CutGzip_SaysDamagedOrTruncated()
    {
        var zipped = Idx.Zip(Idx.Of(Noise(50_000), 50, 100, 10));
        var message = Assert.Throws<SweepsException>(() => Read(zipped[..(zipped.Length / 2)])).Message;
        Assert.Matches("truncated|damaged", message);
    }

    [Fact]
    public void Read_FlippedBitInGzip_IsNoticed()
    {
        var zipped = Idx.Zip(Idx.Of(Noise(50_000), 50, 100, 10));
        zipped[zipped.Length / 2] ^= 4;
        Fails(zipped, "gzip data is damaged");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_HeaderOfFourBillionImages_FailsBeforeAllocating(bool zipped)
    {
        byte[] lying = [.. Images];
        BinaryPrimitives.WriteUInt32BigEndian(lying.AsSpan(4), uint.MaxValue);
        var file = zipped ? Idx.Zip(lying) : lying;
        Fails(file, "4294967295 x 2 x 3");
        BinaryPrimitives.WriteUInt32BigEndian(lying.AsSpan(4), 300_000_000);
        file = zipped ? Idx.Zip(lying) : lying;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fails(file, "300000000 x 2 x 3");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        var error = Assert.Throws<SweepsException>(() => IdxReader.Read("/no/such/file", 1));
        Assert.Contains("/no/such/file: cannot be read", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Noise(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * i * 31) >> 3))];

    private static IdxArray Read(byte[] file) => IdxReader.Read(new MemoryStream(file), "some-file", 3);

    private static void Fails(byte[] file, params string[] parts)
    {
        var error = Assert.Throws<SweepsException>(() => Read(file));
        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.StartsWith("some-file: ", error.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}

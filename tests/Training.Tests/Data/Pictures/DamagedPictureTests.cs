using System.Buffers.Binary;
using StbImageSharp;
using Sweeps.Training.Data.Pictures;

namespace Sweeps.Training.Tests.Data.Pictures;

/// <summary>
/// Pictures that are cut off or changed. What the decoder makes of them may be whatever happens to be in memory, so
/// other pictures are decoded in between: equal bytes give equal pixels, or are refused.
/// </summary>
public sealed class DamagedPictureTests
{
    private static readonly byte[] s_gif = Convert.FromHexString(
        "47494638396102000200800000000000FFFFFF2C0000000002000200000203440205003B");

    private static readonly byte[] s_packedTga = Convert.FromBase64String(
        "AAAKAAAAAAAAAAAABQADABgABBK8Ezy8QWm8cpa8o8C80QQKbxMjb0E+b3JYb6Nxb9EEAyETCiFBEyFyGiGjIiHRAAAAAAAAAABU"
        + "UlVFVklTSU9OLVhGSUxFLgA=");

    public static TheoryData<string> Jpegs => [.. SmallJpeg.All.Keys];

    public static TheoryData<string> Others => ["bmp", "gif", "tga", "packed tga", "png"];

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void Of_WholeJpeg_IsWhatTheDecoderAloneMakes(string name)
    {
        var expected = ImageResult.FromMemory(SmallJpeg.All[name], ColorComponents.RedGreenBlue);

        var (pixels, why) = Decoded(SmallJpeg.All[name]);

        Assert.Null(why);
        Assert.Equal(expected.Data, pixels);
        // Cameras append what they like.
        Assert.Equal(pixels, Decoded([.. SmallJpeg.All[name], 0, 0xFF, 0xD8, 1, 2, 3]).Pixels);
    }

    /// <summary>Lumas that PIL decodes; decoders differ by a level or two.</summary>
    [Theory]
    [InlineData(nameof(SmallJpeg.Baseline), 2, 113, 226)]
    [InlineData(nameof(SmallJpeg.Progressive), 2, 113, 226)]
    [InlineData(nameof(SmallJpeg.Grey), 0, 113, 226)]
    [InlineData(nameof(SmallJpeg.Restarts), 18, 37, 0)]
    [InlineData(nameof(SmallJpeg.Scans), 28, 175, 83)]
    [InlineData(nameof(SmallJpeg.ProgressiveRestarts), 68, 196, 150)]
    public void Of_WholeJpeg_IsWhatAnotherDecoderMakes(string name, int first, int middle, int last)
    {
        var picture = DecodedPicture.Of(SmallJpeg.All[name]);
        var grey = new byte[picture.Width * picture.Height];
        picture.FitInto(1, picture.Height, picture.Width, grey);

        Assert.InRange(grey[0], first - 4, first + 4);
        Assert.InRange(grey[(picture.Height / 2 * picture.Width) + (picture.Width / 2)], middle - 4, middle + 4);
        Assert.InRange(grey[^1], last - 4, last + 4);
    }

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void Of_JpegCutAnywhere_IsRefused(string name)
    {
        var whole = SmallJpeg.All[name];
        for (var length = 0; length < whole.Length; length++)
        {
            var (_, why) = Decoded(whole[..length]);
            Assert.Contains(length < 2 ? "it is" : "it is damaged (cut off)", why, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void Of_JpegWithAChangedByte_GivesTheSamePixelsAgainOrIsRefused(string name)
    {
        byte[][] noise = [.. Enumerable.Range(0, 2).Select(
            seed => SmallPng.Rgb(24, 16, (x, y) => ((byte)(x * 9), (byte)(y * 7), (byte)(seed * 90))))];
        var whole = SmallJpeg.All[name];
        for (var at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= (byte)(1 << (at * 5 % 8));
            // A size of its own would be another picture, of up to 50 million pixels.
            if (IsInFrame(whole, at))
                continue;
            var first = Decoded(changed);
            Decoded(noise[at % 2]);
            Decoded(SmallJpeg.Scans);
            var second = Decoded(changed);
            Assert.Equal(first.Why, second.Why);
            Assert.Equal(first.Pixels, second.Pixels);
        }
    }

    [Fact]
    public void Of_JpegThatLacksScansOrMarkers_IsRefused()
    {
        var scans = SmallJpeg.Scans;
        var last = scans.AsSpan().LastIndexOf<byte>([0xFF, 0xDA]);
        Assert.Contains("scan of its colours", Decoded([.. scans[..last], 0xFF, 0xD9]).Why, StringComparison.Ordinal);

        var restarts = SmallJpeg.Restarts;
        var marker = restarts.AsSpan().IndexOf<byte>([0xFF, 0xD1]);
        Assert.Contains(
            "restart markers", Decoded([.. restarts[..marker], .. restarts[(marker + 2)..]]).Why,
            StringComparison.Ordinal);
        // One after the last block is allowed, as some cameras write it.
        Assert.Equal(Decoded(restarts).Pixels, Decoded([.. restarts[..^2], 0xFF, 0xD2, 0xFF, 0xD9]).Pixels);

        var progressive = SmallJpeg.Progressive;
        var first = progressive.AsSpan().IndexOf<byte>([0xFF, 0xDA]);
        var second = first + 2 + progressive.AsSpan(first + 2).IndexOf<byte>([0xFF, 0xC4]);
        Assert.Contains(
            "scan of its colours", Decoded([.. progressive[..first], .. progressive[second..]]).Why,
            StringComparison.Ordinal);

        // Tables that other files would bring along.
        var table = scans.AsSpan().IndexOf<byte>([0xFF, 0xC4]);
        byte[] bare = [.. scans[..table], .. scans[scans.AsSpan().IndexOf<byte>([0xFF, 0xDA])..]];
        Assert.Contains("a table for its pixels", Decoded(bare).Why, StringComparison.Ordinal);
    }

    /// <summary>The coded pieces are there, and one holds more than its block: the decoder leaves the rest undone.
    /// </summary>
    [Fact]
    public void Of_JpegWithARestartTooLate_IsRefused()
    {
        foreach (var whole in new[] { SmallJpeg.Restarts, SmallJpeg.ProgressiveRestarts })
        {
            var marker = whole.AsSpan().IndexOf<byte>([0xFF, 0xD0]);
            byte[] late = [.. whole[..marker], .. Enumerable.Repeat<byte>(0x55, 40), .. whole[marker..]];

            Assert.Contains("its pixels cannot be decoded", Decoded(late).Why, StringComparison.Ordinal);
        }
    }

    /// <summary>Ends within a camera's own data, where the decoder looked for a size for ever.</summary>
    [Fact]
    public void Measure_JpegCutBeforeItsSize_IsRefused()
    {
        byte[] cut = [0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFE, .. new byte[100]];

        var error = Assert.Throws<PictureException>(() => DecodedPicture.Measure(new MemoryStream(cut)));
        Assert.Equal("it is damaged (cut off)", error.Message);

        var lossless = (byte[])[.. SmallJpeg.Grey];
        lossless[lossless.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 1] = 0xC3;
        Assert.Contains("save it as baseline", Decoded(lossless).Why, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_OtherPictureCutAnywhere_IsRefusedOrTheWhole(string kind)
    {
        var whole = OtherOf(kind);
        var (pixels, why) = Decoded(whole);
        Assert.Null(why);

        var refused = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            var (left, reason) = Decoded(whole[..length]);
            refused += reason is null ? 0 : 1;
            if (reason is null)
                Assert.Equal(pixels, left);
            else
                Assert.StartsWith("it ", reason, StringComparison.Ordinal);
        }

        // All but what comes after the pixels: filling, an end mark, a footer of 26 bytes.
        Assert.InRange(refused, whole.Length - 26, whole.Length);
    }

    [Fact]
    public void Of_OtherPictureCutInItsPixels_IsCutOff()
    {
        foreach (var kind in new[] { "bmp", "tga", "packed tga", "png" })
            Assert.Equal("it is damaged (cut off)", Decoded(OtherOf(kind)[..^38]).Why);
        Assert.Equal("it is damaged (cut off)", Decoded(s_gif[..^4]).Why);
    }

    /// <summary>Small, and of more than 64 KB: those are inflated before.</summary>
    [Fact]
    public void Of_PngWithAChangedByte_SaysSoInOurWords()
    {
        var random = new Random(1);
        foreach (var side in new[] { 4, 300 })
        {
            var whole = SmallPng.Grey(side, side, (_, _) => (byte)random.Next(256));
            for (var at = 33; at < whole.Length - 12; at += Math.Max(1, whole.Length / 50))
            {
                byte[] changed = [.. whole];
                changed[at] ^= 4;
                Assert.Matches("^it is damaged \\((cut off|its bytes .*|its header .*)\\)$", Decoded(changed).Why);
            }
        }

        // A text beside the pixels does not matter to them.
        var png = OtherOf("png");
        byte[] text = [0, 0, 0, 1, .. "tEXt"u8, (byte)'a', 1, 2, 3, 4];
        Assert.Equal(Decoded(png).Pixels, Decoded([.. png[..33], .. text, .. png[33..]]).Pixels);
    }

    private static byte[] OtherOf(string kind)
    {
        var pixels = Enumerable.Range(0, 7 * 9 * 3).Select(value => (byte)(value * 5)).ToArray();
        byte[] tga = [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 9, 0, 24, 0, .. pixels];
        var bmp = new byte[54 + (24 * 9)];
        (bmp[0], bmp[1], bmp[10], bmp[14], bmp[18], bmp[22], bmp[26], bmp[28])
            = ((byte)'B', (byte)'M', 54, 40, 7, 9, 1, 24);
        for (var i = 54; i < bmp.Length; i++)
            bmp[i] = (byte)(i * 3);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(2), bmp.Length);
        return kind switch
        {
            "bmp" => bmp,
            "gif" => s_gif,
            "tga" => tga,
            "packed tga" => s_packedTga,
            _ => SmallPng.Rgb(9, 7, (x, y) => ((byte)(x * 20), (byte)(y * 30), 9)),
        };
    }

    private static bool IsInFrame(byte[] jpeg, int at)
    {
        var frame = Math.Max(jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]), jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC2]));
        return at >= frame + 5 && at < frame + 9;
    }

    private static (byte[]? Pixels, string? Why) Decoded(byte[] bytes)
    {
        try
        {
            var picture = DecodedPicture.Of(bytes);
            var pixels = new byte[3 * picture.Width * picture.Height];
            picture.FitInto(3, picture.Height, picture.Width, pixels);
            var size = picture.Width * picture.Height;
            return ([.. Enumerable.Range(0, pixels.Length).Select(i => pixels[(i % 3 * size) + (i / 3)])], null);
        }
        catch (PictureException error)
        {
            return (null, error.Message);
        }
    }
}

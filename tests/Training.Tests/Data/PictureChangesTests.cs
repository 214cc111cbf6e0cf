using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

/// <summary>Changed pictures against the same changes written out pixel by pixel in double precision.</summary>
public sealed class PictureChangesTests
{
    private const int Rows = 9;
    private const int Columns = 12;
    private const int Pixels = Rows * Columns;

    private static readonly float[] s_picture = [.. Small.Uniform(Pixels, 3).Select(v => (v + 1) / 2)];

    [Fact]
    public void Shift_ManySamples_MovesByWholePixelsEachWayAsOften()
    {
        var seen = new Dictionary<(int Right, int Down), int>();
        for (var sample = 0; sample < 4_000; sample++)
        {
            var changed = Change(new() { Shift = 0.25 }, sample);
            var moves =
                from right in Enumerable.Range(-3, 7)
                from down in Enumerable.Range(-2, 5)
                where changed.SequenceEqual(Moved(right, down))
                select (right, down);
            var move = Assert.Single(moves);
            seen[move] = seen.GetValueOrDefault(move) + 1;
        }

        // +-3 of 12 columns and +-2.25 of 9 rows, rounded: the ends are rounded to from half as far, or from a quarter.
        Assert.Equal(7 * 5, seen.Count);
        Assert.InRange(seen[(0, 0)], 4_000 / 6 / 4.5 * 0.7, 4_000 / 6 / 4.5 * 1.3);
        Assert.InRange(seen[(2, -1)], 4_000 / 6 / 4.5 * 0.7, 4_000 / 6 / 4.5 * 1.3);
    }

    [Fact]
    public void Flip_ManySamples_MirrorsHalfOfThem()
    {
        var mirrored = Enumerable.Range(0, Pixels)
            .Select(at => s_picture[(at / Columns * Columns) + Columns - 1 - (at % Columns)]).ToArray();
        var flipped = 0;
        for (var sample = 0; sample < 1_000; sample++)
        {
            var changed = Change(new() { Flip = true }, sample);
            flipped += changed.SequenceEqual(mirrored) ? 1 : 0;
            Assert.True(changed.SequenceEqual(mirrored) || changed.SequenceEqual(s_picture));
        }

        // Four standard deviations of 1,000 coins.
        Assert.InRange(flipped, 500 - 64, 500 + 64);
    }

    [Theory]
    [InlineData(30, 0, false, 0)]
    [InlineData(180, 0.5, false, 0)]
    [InlineData(0, 0.5, true, 0)]
    [InlineData(20, 0.2, true, 0.3)]
    public void RotationAndZoom_AnySample_IsTheBilinearPicture(double rotation, double zoom, bool flip, double shift)
    {
        var augmentation = new Augmentation { Rotation = rotation, Zoom = zoom, Flip = flip, Shift = shift };
        for (var sample = 0; sample < 50; sample++)
        {
            var changed = Change(augmentation, sample);
            var expected = Bilinear(augmentation, sample);
            for (var at = 0; at < Pixels; at++)
                Assert.Equal(expected[at], changed[at], 0.02);
        }
    }

    [Fact]
    public void RotationAndZoom_OfNothing_LeavesThePicture()
    {
        var changed = Change(new() { Rotation = 1e-9, Zoom = 1e-12 }, 5);
        Assert.Equal(s_picture, changed);
    }

    [Fact]
    public void Brightness_AnySample_MultipliesAndStaysWithinOne()
    {
        var factors = new List<float>();
        for (var sample = 0; sample < 200; sample++)
        {
            var changed = Change(new() { Brightness = 0.5 }, sample);
            var darkest = Array.IndexOf(s_picture, s_picture.Where(v => v > 0.01).Min());
            var factor = changed[darkest] / s_picture[darkest];
            factors.Add(factor);
            for (var at = 0; at < Pixels; at++)
                Assert.Equal(Math.Min(1, s_picture[at] * factor), changed[at], 1e-4);
        }

        Assert.InRange(factors.Min(), 0.5, 0.55);
        Assert.InRange(factors.Max(), 1.45, 1.5);
    }

    [Fact]
    public void Cutout_AnySample_BlackensOneSquare()
    {
        var whole = 0;
        for (var sample = 0; sample < 200; sample++)
        {
            var changed = Change(new() { Cutout = 0.5 }, sample);
            var black = Enumerable.Range(0, Pixels).Where(at => changed[at] == 0 && s_picture[at] != 0).ToList();
            var (left, right) = (black.Min(at => at % Columns), black.Max(at => at % Columns));
            var (top, bottom) = (black.Min(at => at / Columns), black.Max(at => at / Columns));
            // Half of 9 rows is 4.5: five pixels, fewer where a part lies outside.
            Assert.InRange(right - left, 0, 4);
            Assert.InRange(bottom - top, 0, 4);
            Assert.Equal((right - left + 1) * (bottom - top + 1), black.Count);
            whole += black.Count == 25 ? 1 : 0;
            Assert.All(Enumerable.Range(0, Pixels).Except(black), at => Assert.Equal(s_picture[at], changed[at]));
        }

        Assert.InRange(whole, 200 * (5 * 8) / 108 * 0.6, 200 * (5 * 8) / 108 * 1.4);
    }

    /// <summary>What a sample becomes is its own: whatever its batch, its place there and what came before.</summary>
    [Fact]
    public void Apply_OtherBatches_GivesTheSamePictures()
    {
        var all = new Augmentation
        {
            Shift = 0.2,
            Rotation = 30,
            Zoom = 0.3,
            Flip = true,
            Brightness = 0.2,
            Cutout = 0.3,
        };
        int[] samples = [7, 0, 100_000, 7];
        var pictures = samples.SelectMany(_ => s_picture).ToArray();
        var changes = new PictureChanges(all, [1, Rows, Columns], Small.Streams);
        changes.BeginEpoch(2);
        changes.Apply(pictures, samples);
        Assert.Equal(pictures[..Pixels], pictures[^Pixels..]);
        for (var row = 0; row < samples.Length; row++)
            Assert.Equal(Change(all, samples[row], 2), pictures[(row * Pixels)..((row + 1) * Pixels)]);
        Assert.NotEqual(Change(all, 7, 3), Change(all, 7, 2));
        Assert.NotEqual(Change(all, 8, 2), Change(all, 7, 2));
    }

    /// <summary>The channels of a colour picture move together.</summary>
    [Fact]
    public void Apply_Colours_ChangesEachChannelAlike()
    {
        var all = new Augmentation { Shift = 0.2, Rotation = 30, Zoom = 0.3, Flip = true, Cutout = 0.3 };
        float[] picture = [.. s_picture, .. s_picture, .. s_picture];
        var changes = new PictureChanges(all, [3, Rows, Columns], Small.Streams);
        changes.BeginEpoch(1);
        changes.Apply(picture, [4]);
        Assert.Equal(Change(all, 4), picture[..Pixels]);
        Assert.Equal(picture[..Pixels], picture[Pixels..(2 * Pixels)]);
        Assert.Equal(picture[..Pixels], picture[(2 * Pixels)..]);
    }

    private static float[] Change(Augmentation augmentation, int sample, int epoch = 1)
    {
        var picture = (float[])s_picture.Clone();
        var changes = new PictureChanges(augmentation, [1, Rows, Columns], Small.Streams);
        changes.BeginEpoch(epoch);
        changes.Apply(picture, [sample]);
        return picture;
    }

    private static float[] Moved(int right, int down) =>
        [.. Enumerable.Range(0, Pixels).Select(at => Pixel((at % Columns) - right, (at / Columns) - down))];

    private static float Pixel(int x, int y) => x >= 0 && x < Columns && y >= 0 && y < Rows
        ? s_picture[(y * Columns) + x]
        : 0;

    /// <summary>The documented words of the stream, and the inverse of: mirror, make larger, turn, move.</summary>
    private static double[] Bilinear(Augmentation a, int sample)
    {
        var stream = new RandomStream(Small.Streams with { Purpose = Purpose.Augmentation, Epoch = 1 })
        {
            Position = (ulong)sample * 8,
        };
        double Signed() => (stream.NextUInt32() / 2147483648.0) - 1;
        var right = Math.Floor((Signed() * a.Shift!.Value * Columns) + 0.5);
        var down = Math.Floor((Signed() * a.Shift!.Value * Rows) + 0.5);
        var angle = Signed() * a.Rotation!.Value * Math.PI / 180;
        var size = 1 + (Signed() * a.Zoom!.Value);
        var mirror = a.Flip && stream.NextUInt32() >= 1u << 31 ? -1 : 1;
        var expected = new double[Pixels];
        for (var at = 0; at < Pixels; at++)
        {
            var dx = (at % Columns) - right - ((Columns - 1) / 2.0);
            var dy = (at / Columns) - down - ((Rows - 1) / 2.0);
            var x = (mirror * ((Math.Cos(angle) * dx) + (Math.Sin(angle) * dy)) / size) + ((Columns - 1) / 2.0);
            var y = (((Math.Cos(angle) * dy) - (Math.Sin(angle) * dx)) / size) + ((Rows - 1) / 2.0);
            var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
            var (u, v) = (x - left, y - top);
            expected[at] = ((1 - v) * (((1 - u) * Pixel(left, top)) + (u * Pixel(left + 1, top))))
                + (v * (((1 - u) * Pixel(left, top + 1)) + (u * Pixel(left + 1, top + 1))));
        }

        return expected;
    }
}

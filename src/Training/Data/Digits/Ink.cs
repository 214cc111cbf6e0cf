namespace Sweeps.Training.Data.Digits;

/// <summary>
/// What a pen leaves on the paper: strokes of varying width and darkness, the odd gap where the ball skipped, soft
/// edges and the grain of the scanner. Draws into a square of 28 x 28 bytes, 0 paper, 255 full ink, as MNIST.
/// </summary>
internal sealed class Ink
{
    /// <summary>Pixels along a side.</summary>
    public const int Side = 28;

    private readonly float[] _coverage = new float[Side * Side];

    /// <summary>Draws the strokes into <paramref name="image"/>, <see cref="Side"/> squared bytes of 0.</summary>
    public void Draw(IReadOnlyList<Point[]> strokes, DigitRandom random, Span<byte> image)
    {
        Array.Clear(_coverage);
        var radius = 0.72f + (random.Unit() * (0.4f + (0.65f * random.Unit())));
        var softness = random.Between(0.8f, 1.5f);
        foreach (var stroke in strokes)
            DrawStroke(stroke, radius, softness, random);
        Develop(random, image);
    }

    private void DrawStroke(Point[] stroke, float radius, float softness, DigitRandom random)
    {
        var gap = random.Happens(0.14f) ? random.Below(stroke.Length) : -1;
        var gapLength = random.Between(1f, 1f + (stroke.Length * 0.08f));
        var (start, end) = (radius * random.Between(0.75f, 1.25f), radius * random.Between(0.65f, 1.25f));
        for (var i = 0; i + 1 < stroke.Length; i++)
        {
            if (gap >= 0 && i >= gap && i < gap + gapLength)
                continue;
            var (first, second) = ((float)i / stroke.Length, (float)(i + 1) / stroke.Length);
            DrawSegment(
                stroke[i], stroke[i + 1], start + ((end - start) * first), start + ((end - start) * second), softness);
        }
    }

    // Coverage by distance to the segment; where strokes cross, the darker one counts.
    private void DrawSegment(Point from, Point to, float radiusFrom, float radiusTo, float softness)
    {
        var reach = Math.Max(radiusFrom, radiusTo) + (softness * 0.5f);
        var (left, right) = Span(from.X, to.X, reach);
        var (top, bottom) = Span(from.Y, to.Y, reach);
        var along = to - from;
        var inverse = 1f / Math.Max(1e-6f, (along.X * along.X) + (along.Y * along.Y));
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var (dx, dy) = (x - from.X, y - from.Y);
                var t = Math.Clamp(((dx * along.X) + (dy * along.Y)) * inverse, 0f, 1f);
                var (ex, ey) = (dx - (t * along.X), dy - (t * along.Y));
                var distance = MathF.Sqrt((ex * ex) + (ey * ey));
                var inside = radiusFrom + ((radiusTo - radiusFrom) * t) + (softness * 0.5f) - distance;
                var share = Math.Clamp(inside / softness, 0f, 1f);
                ref var pixel = ref _coverage[(y * Side) + x];
                pixel = Math.Max(pixel, share * share * (3f - (2f * share)));
            }
        }
    }

    private static (int First, int Last) Span(float a, float b, float reach) =>
        (Math.Max(0, (int)(Math.Min(a, b) - reach)), Math.Min(Side - 1, (int)(Math.Max(a, b) + reach) + 1));

    private void Develop(DigitRandom random, Span<byte> image)
    {
        var darkness = random.Between(205f, 262f);
        var grain = random.Happens(0.5f) ? random.Between(0.04f, 0.22f) : 0.04f;
        for (var i = 0; i < _coverage.Length; i++)
        {
            var share = _coverage[i];
            if (share > 0f)
                image[i] = (byte)Math.Clamp(darkness * share * (1f + random.Normal(grain)), 0f, 255f);
        }

        for (var specks = random.Happens(0.25f) ? 1 + random.Below(4) : 0; specks > 0; specks--)
            image[random.Below(image.Length)] = (byte)random.Between(40f, 200f);
    }
}

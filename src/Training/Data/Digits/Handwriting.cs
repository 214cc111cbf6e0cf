namespace Sweeps.Training.Data.Digits;

/// <summary>
/// One hand writing one digit once: takes a skeleton and gives the path of the pen in pixels. Everything that makes two
/// people's digits differ in form happens here; what the pen's ink does is <see cref="Ink"/>.
/// </summary>
internal sealed class Handwriting
{
    private const int StepsPerSpan = 6;
    private const float Centre = 14f;

    // How much hands differ. Chosen so that a linear model, an MLP and a CNN come out as far apart as on MNIST.
    private const float PointJitter = 0.020f;
    private const float Elasticity = 0.095f;
    private const float SlantMean = 0.12f;
    private const float SlantDeviation = 0.21f;
    private const float HalfTurnDeviation = 0.05f;
    private const float OffsetDeviation = 0.75f;

    private readonly List<Point[]> _strokes = [];

    /// <summary>The strokes written last, each a chain of points in pixels.</summary>
    public IReadOnlyList<Point[]> Strokes => _strokes;

    /// <summary>Writes a digit in one of its ways.</summary>
    public void Write(int digit, DigitRandom random)
    {
        var ways = DigitSkeletons.All[digit];
        var way = ways[random.Below(ways.Count)];
        var bend = new Point(random.Normal(0.22f), random.Normal(0.30f));
        var field = new ElasticField(random, Elasticity);
        _strokes.Clear();
        foreach (var stroke in way)
        {
            var points = stroke.Points.Select(point => (Jitter(Bend(point.At, bend), random), point.Corner)).ToList();
            Shorten(points, random);
            _strokes.Add([.. Smooth(points).Select(field.Move)]);
        }

        Place(random);
    }

    // The proportions of a digit's upper and lower, left and right half, without moving the edges of its box.
    private static Point Bend(Point point, Point bend) =>
        new(point.X + (bend.X * point.X * (1f - point.X)), point.Y + (bend.Y * point.Y * (1f - point.Y)));

    private static Point Jitter(Point point, DigitRandom random) =>
        point + new Point(random.Normal(PointJitter), random.Normal(PointJitter));

    // A hurried stroke ends early or starts late.
    private static void Shorten(List<(Point At, bool Corner)> points, DigitRandom random)
    {
        var last = points.Count - 1;
        var (start, end) = (random.Between(-0.15f, 0.3f), random.Between(-0.15f, 0.3f));
        points[0] = (points[0].At + ((points[1].At - points[0].At) * start), points[0].Corner);
        points[last] = (points[last].At + ((points[last - 1].At - points[last].At) * end), points[last].Corner);
    }

    // Catmull and Rom's spline (1974): through all points, smooth but for the corners.
    private static IEnumerable<Point> Smooth(List<(Point At, bool Corner)> points)
    {
        yield return points[0].At;
        for (var i = 0; i + 1 < points.Count; i++)
        {
            var (from, to) = (points[i].At, points[i + 1].At);
            var before = i == 0 || points[i].Corner ? from : points[i - 1].At;
            var after = i + 2 == points.Count || points[i + 1].Corner ? to : points[i + 2].At;
            var (leave, arrive) = ((to - before) * 0.5f, (after - from) * 0.5f);
            for (var step = 1; step <= StepsPerSpan; step++)
                yield return Hermite(from, leave, to, arrive, (float)step / StepsPerSpan);
        }
    }

    private static Point Hermite(Point from, Point leave, Point to, Point arrive, float t)
    {
        var (square, cube) = (t * t, t * t * t);
        return (from * ((2f * cube) - (3f * square) + 1f)) + (leave * (cube - (2f * square) + t))
            + (to * ((3f * square) - (2f * cube))) + (arrive * (cube - square));
    }

    private void Place(DigitRandom random)
    {
        var (height, width) = (random.Between(17f, 20.5f), random.Between(0.62f, 0.98f));
        var slant = SlantMean + random.Normal(SlantDeviation);
        var half = random.Normal(HalfTurnDeviation);
        var (cosine, sine) = ((1f - (half * half)) / (1f + (half * half)), 2f * half / (1f + (half * half)));
        foreach (var stroke in _strokes)
        {
            for (var i = 0; i < stroke.Length; i++)
            {
                var x = ((stroke[i].X - 0.5f) * width) - (slant * (stroke[i].Y - 0.5f));
                var y = stroke[i].Y - 0.5f;
                stroke[i] = new Point((cosine * x) - (sine * y), (sine * x) + (cosine * y)) * height;
            }
        }

        Centred(new Point(Centre + random.Normal(OffsetDeviation), Centre + random.Normal(OffsetDeviation)));
    }

    private void Centred(Point centre)
    {
        var points = _strokes.SelectMany(stroke => stroke);
        var (left, right) = (points.Min(point => point.X), points.Max(point => point.X));
        var (top, bottom) = (points.Min(point => point.Y), points.Max(point => point.Y));
        var scale = Math.Min(1f, Math.Min(23f / (right - left), 23f / (bottom - top)));
        var middle = new Point((left + right) * 0.5f, (top + bottom) * 0.5f);
        foreach (var stroke in _strokes)
        {
            for (var i = 0; i < stroke.Length; i++)
                stroke[i] = ((stroke[i] - middle) * scale) + centre;
        }
    }
}

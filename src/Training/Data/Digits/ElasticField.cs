namespace Sweeps.Training.Data.Digits;

/// <summary>
/// A smooth random displacement of the plane (Simard, Steinkraus and Platt 2003), here of the pen's path instead of the
/// pixels: random shifts at the nodes of a coarse grid, blended by cubic B-splines, which bend without kinks.
/// </summary>
internal readonly struct ElasticField
{
    private const int Cells = 3;
    private const int Nodes = Cells + 3;
    private readonly Point[] _shifts;

    /// <summary>Draws the shifts, each with the deviation given, in units of the digit's box.</summary>
    public ElasticField(DigitRandom random, float deviation)
    {
        _shifts = new Point[Nodes * Nodes];
        for (var i = 0; i < _shifts.Length; i++)
            _shifts[i] = new(random.Normal(deviation), random.Normal(deviation));
    }

    /// <summary>Where a point of the digit's box goes.</summary>
    public Point Move(Point point)
    {
        Span<float> across = stackalloc float[4];
        Span<float> down = stackalloc float[4];
        var column = Weights(point.X, across);
        var row = Weights(point.Y, down);
        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 4; x++)
                point += _shifts[((row + y) * Nodes) + column + x] * (down[y] * across[x]);
        }

        return point;
    }

    private static int Weights(float coordinate, Span<float> weights)
    {
        var scaled = Math.Clamp(coordinate, 0f, 0.9999f) * Cells;
        var cell = (int)scaled;
        var t = scaled - cell;
        var (square, cube) = (t * t, t * t * t);
        weights[0] = (1f - (3f * t) + (3f * square) - cube) / 6f;
        weights[1] = (4f - (6f * square) + (3f * cube)) / 6f;
        weights[2] = (1f + (3f * t) + (3f * square) - (3f * cube)) / 6f;
        weights[3] = cube / 6f;
        return cell;
    }
}

namespace Sweeps.Training.Data.Digits;

/// <summary>A point or a difference of points.</summary>
internal readonly record struct Point(float X, float Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public static Point operator *(Point a, float factor) => new(a.X * factor, a.Y * factor);
}

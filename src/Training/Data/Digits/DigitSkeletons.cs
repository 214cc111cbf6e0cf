using System.Globalization;

namespace Sweeps.Training.Data.Digits;

/// <summary>
/// How people write the ten digits: several ways each, as strokes through control points. A point is x,y in hundredths
/// of the digit's box, y downwards; the pen goes smoothly through the points, a star after a point makes a corner of
/// it, and a bar lifts the pen.
/// </summary>
internal static class DigitSkeletons
{
    private static readonly string[][] Written =
    [
        [
            "55,4 28,14 13,40 15,68 32,93 55,96 78,82 88,52 80,20 57,5",
            "62,8 36,12 20,44 27,84 50,97 72,80 79,46 67,16 44,7",
            "72,14 48,4 23,22 14,55 26,87 54,96 82,78 88,42 70,12 60,10",
            "40,6 20,30 16,64 36,94 64,92 84,64 82,30 62,6 38,5 30,14",
        ],
        [
            "52,4 51,50 49,96",
            "30,27 54,5* 53,50 52,96",
            "28,24 54,5* 54,94 | 28,95 54,94 80,95",
            "66,4 52,50 38,96",
            "40,20 58,4* 52,50 48,97",
        ],
        [
            "17,28 30,8 58,4 80,22 72,46 44,70 15,94* 50,92 87,93",
            "20,24 40,5 70,8 79,30 60,58 34,84 18,88 22,74 40,82 62,94 87,86",
            "15,20 44,4 76,14 77,38 50,66 17,92* 52,88 84,97",
            "24,30 26,12 50,4 74,14 74,34 52,62 20,95* 54,95 82,94 86,84",
        ],
        [
            "20,16 46,4 74,14 74,36 46,47* 78,56 82,80 52,97 16,86",
            "18,6 50,7 79,6* 46,40* 76,48 86,72 62,95 15,90",
            "22,20 40,5 70,10 71,34 46,46 40,51 50,49 76,58 78,82 48,97 17,84",
            "16,10 50,4 78,18 66,40 38,48* 70,50 86,70 66,92 36,97 18,92",
        ],
        [
            "28,6 24,34 15,57* 50,58 89,55 | 68,8 64,50 62,97",
            "64,4 40,34 13,64* 50,65 91,64 | 65,4 64,50 63,97",
            "24,8 17,36 30,54 56,52 77,40 | 79,6 74,50 69,97",
            "30,4 16,48* 84,50 | 74,20 68,60 60,97",
            "70,97 68,50 70,5* 40,40 12,66* 50,68 90,64",
        ],
        [
            "80,6 55,7 31,6* 26,44* 52,36 82,54 78,84 48,97 15,86",
            "34,8 26,46* 54,38 80,56 74,86 44,97 15,84 | 34,8 58,7 84,6",
            "77,9 46,6 27,22 34,42 62,52 81,70 66,92 40,97 16,86",
            "38,6 30,48* 60,44 78,66 66,90 40,97 18,90 | 36,9 84,4",
        ],
        [
            "70,6 40,22 19,56 24,84 50,97 76,84 76,62 52,52 26,66",
            "58,4 30,44 17,74 36,96 66,94 80,74 62,56 34,60 21,76",
            "78,16 56,4 28,30 17,66 36,95 66,92 79,70 58,54 29,66",
            "46,4 26,40 20,72 40,96 68,92 72,68 50,58 26,74",
        ],
        [
            "14,10 50,10 85,8* 56,48 40,97",
            "14,11 50,10 84,8* 58,48 42,97 | 32,54 54,52 78,50",
            "15,25 18,8* 50,11 85,10* 62,42 46,97",
            "13,17 38,8 64,14 87,6* 60,44 49,97",
            "18,8 82,8* 76,40 66,97",
        ],
        [
            "50,48 24,30 30,8 56,3 77,16 70,36 50,48 24,66 19,86 48,97 79,86 74,64 50,48",
            "75,14 50,4 25,16 36,40 66,60 79,82 52,97 23,84 30,62 62,40 77,16",
            "50,46 28,36 26,14 50,4 74,14 72,36 50,46 | 50,46 22,60 18,84 50,97 82,84 78,60 50,46",
            "24,14 50,4 72,18 58,42 30,64 24,88 52,97 76,84 66,60 36,38 24,16",
        ],
        [
            "77,22 54,5 26,16 24,40 48,50 72,38 79,18* 75,60 69,97",
            "75,30 62,6 32,8 21,34 44,50 70,40 77,16 79,50 70,82 44,97 22,88",
            "79,10 46,4 19,24 30,48 58,46 79,12* 72,54 60,97",
            "70,12 40,4 24,26 38,48 66,44 76,20 74,60 56,97",
        ],
    ];

    /// <summary>By digit, then way of writing, then stroke: the control points.</summary>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<Stroke>>> All { get; } =
        [.. Written.Select(ways => (IReadOnlyList<IReadOnlyList<Stroke>>)[.. ways.Select(Parse)])];

    private static IReadOnlyList<Stroke> Parse(string way) =>
        [.. way.Split(" | ").Select(stroke => new Stroke([.. stroke.Split(' ').Select(ParsePoint)]))];

    private static (Point, bool) ParsePoint(string written)
    {
        var numbers = written.TrimEnd('*').Split(',').Select(Hundredths).ToArray();
        return (new(numbers[0], numbers[1]), written.EndsWith('*'));
    }

    private static float Hundredths(string written) => int.Parse(written, CultureInfo.InvariantCulture) / 100f;
}

/// <summary>A movement of the pen without lifting it: the points it passes, and which of them are corners.</summary>
internal sealed record Stroke(IReadOnlyList<(Point At, bool Corner)> Points);

/// <summary>A point or a difference of points.</summary>
internal readonly record struct Point(float X, float Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public static Point operator *(Point a, float factor) => new(a.X * factor, a.Y * factor);
}

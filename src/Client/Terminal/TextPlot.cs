using System.Globalization;
using System.Text;

namespace Sweeps.Client.Terminal;

/// <summary>
/// A picture of points in characters: one letter a series, axes labelled, linear or logarithmic across. Where points of
/// several series fall together the first one shows.
/// </summary>
internal sealed class TextPlot(string title, string across, string up)
{
    private const int Columns = 64;
    private const int Rows = 14;
    private const int LabelWidth = 9;
    private readonly List<TextSeries> _series = [];

    private sealed record TextSeries(char Mark, string Name, List<(double X, double Y)> Points, bool IsJoined);

    /// <summary>Logarithmic across: for learning rates, batch sizes and seconds.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>
    /// Adds a series; points that cannot be drawn (not finite, not positive on a logarithmic axis) are left out.
    /// </summary>
    /// <param name="mark">Its letter.</param>
    /// <param name="name">For the legend.</param>
    /// <param name="points">In any order.</param>
    /// <param name="isJoined">Dots join them from left to right.</param>
    public void Add(char mark, string name, IEnumerable<(double X, double Y)> points, bool isJoined = false)
    {
        var drawable = new List<(double X, double Y)>();
        var isInOrder = true;
        foreach (var point in points)
        {
            if (!IsDrawable(point))
                continue;
            isInOrder &= drawable.Count == 0 || drawable[^1].X <= point.X;
            drawable.Add(point);
        }

        // The order of points that nothing joins does not show.
        _series.Add(new(
            mark, name, isJoined && !isInOrder ? [.. drawable.OrderBy(point => point.X)] : drawable, isJoined));
    }

    /// <summary>Draws; empty where there is nothing to draw.</summary>
    public string Draw()
    {
        if (_series.TrueForAll(series => series.Points.Count == 0))
            return string.Empty;
        var x = Range.Of(_series, point => Scale(point.X));
        var y = Range.Of(_series, point => point.Y);
        var grid = Enumerable.Range(0, Rows).Select(_ => new string(' ', Columns).ToCharArray()).ToArray();
        foreach (var series in Enumerable.Reverse(_series))
            DrawSeries(grid, series, x, y);
        return Frame(grid, x, y);
    }

    private void DrawSeries(char[][] grid, TextSeries series, Range x, Range y)
    {
        var places = new (int Column, int Row)[series.Points.Count];
        for (var index = 0; index < places.Length; index++)
        {
            var point = series.Points[index];
            places[index] = (x.Place(Scale(point.X), Columns), Rows - 1 - y.Place(point.Y, Rows));
        }

        for (var index = 1; series.IsJoined && index < places.Length; index++)
            Join(grid, places[index - 1], places[index]);
        foreach (var (column, row) in places)
            grid[row][column] = series.Mark;
    }

    private static void Join(char[][] grid, (int Column, int Row) from, (int Column, int Row) to)
    {
        for (var column = from.Column + 1; column < to.Column; column++)
        {
            var share = (double)(column - from.Column) / (to.Column - from.Column);
            var row = (int)Math.Round(from.Row + (share * (to.Row - from.Row)));
            if (grid[row][column] == ' ')
                grid[row][column] = '.';
        }
    }

    private string Frame(char[][] grid, Range x, Range y)
    {
        var text = new StringBuilder();
        text.AppendLine(title);
        for (var row = 0; row < Rows; row++)
        {
            var isLabelled = row is 0 or Rows - 1 or Rows / 2;
            var label = isLabelled ? Number(y.At((double)(Rows - 1 - row) / (Rows - 1))) : string.Empty;
            text.Append(label.PadLeft(LabelWidth)).Append(isLabelled ? " +" : " |")
                .AppendLine(new string(grid[row]).TrimEnd());
        }

        text.Append(' ', LabelWidth + 1).Append('+').Append('-', Columns).AppendLine();
        var left = Number(Unscale(x.At(0)));
        var middle = Number(Unscale(x.At(0.5)));
        var right = Number(Unscale(x.At(1)));
        text.Append(' ', LabelWidth + 2).Append(left)
            .Append(middle.PadLeft((Columns / 2) - left.Length + (middle.Length / 2)));
        text.AppendLine(right.PadLeft((Columns / 2) - ((middle.Length + 1) / 2)));
        text.Append(' ', LabelWidth + 2).Append("x: ").Append(across).Append(IsLogarithmic ? " (log)" : string.Empty)
            .Append(", y: ").AppendLine(up);
        foreach (var series in _series.Where(series => series.Points.Count > 0))
            text.Append(' ', LabelWidth + 2).Append(series.Mark).Append("  ").AppendLine(series.Name);
        return text.ToString();
    }

    private bool IsDrawable((double X, double Y) point) =>
        double.IsFinite(point.X) && double.IsFinite(point.Y) && (!IsLogarithmic || point.X > 0);

    private double Scale(double value) => IsLogarithmic ? Math.Log10(value) : value;

    private double Unscale(double value) => IsLogarithmic ? Math.Pow(10, value) : value;

    // 3e-4, 0.01, 0.9731, 128, 1.5e5.
    private static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = size is >= 1e5 or (> 0 and < 0.00995) ? "0.##e0" : size >= 100 ? "0" : "0.####";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    private readonly record struct Range(double Low, double High)
    {
        public static Range Of(List<TextSeries> series, Func<(double X, double Y), double> value)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var point in series.SelectMany(each => each.Points))
                (low, high) = (Math.Min(low, value(point)), Math.Max(high, value(point)));
            // A single value gets room around it.
            var room = high > low ? 0 : Math.Max(Math.Abs(high) * 0.05, 1e-3);
            return new(low - room, high + room);
        }

        public int Place(double value, int places) => (int)Math.Round((value - Low) / (High - Low) * (places - 1));

        public double At(double share) => Low + (share * (High - Low));
    }
}

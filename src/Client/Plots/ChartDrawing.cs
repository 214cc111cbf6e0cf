using ScottPlot;
using SkiaSharp;

namespace Sweeps.Client.Plots;

/// <summary>
/// Draws charts with ScottPlot. Colours are those of Okabe and Ito (Color Universal Design, 2008), which colour-blind
/// readers tell apart; symbols, dashes and heights tell the same in grey print.
/// </summary>
internal static class ChartDrawing
{
    private const float TextSize = 13;
    private const double BarSize = 0.64;

    private static readonly Color s_ink = Color.FromHex("#1b1f24");
    private static readonly Color s_soft = Color.FromHex("#57606a");
    private static readonly Color s_line = Color.FromHex("#e5e8eb");

    private static readonly Color[] s_colors =
    [
        .. ((string[])["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a8a00"])
            .Select(hex => Color.FromHex(hex)),
    ];

    private static readonly MarkerShape[] s_shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleUp,
        MarkerShape.Cross, MarkerShape.Eks, MarkerShape.Asterisk, MarkerShape.FilledTriangleDown,
    ];

    private static readonly MarkerShape[] s_hollow =
    [
        MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenDiamond, MarkerShape.OpenTriangleUp,
        MarkerShape.Cross, MarkerShape.Eks, MarkerShape.Asterisk, MarkerShape.OpenTriangleDown,
    ];

    private static readonly LinePattern[] s_dashes =
    [
        LinePattern.Solid, new([8, 4], 0, "dash"), new([2, 3], 0, "dot"), new([8, 3, 2, 3], 0, "dash dot"),
        new([14, 5], 0, "long dash"), new([14, 3, 2, 3], 0, "long dash dot"),
    ];

    private static readonly LinePattern s_dots = new([2, 3], 0, "dots");

    /// <summary>Draws charts side by side.</summary>
    /// <param name="canvas">In points.</param>
    /// <param name="panels">At least one.</param>
    /// <param name="width">Of all together.</param>
    /// <param name="height">Likewise.</param>
    /// <param name="font">For all texts.</param>
    public static void Draw(SKCanvas canvas, IReadOnlyList<Chart> panels, int width, int height, string font)
    {
        for (var index = 0; index < panels.Count; index++)
        {
            using var plot = PlotOf(panels[index], font, isAlone: panels.Count == 1);
            var place = new PixelRect(0, width / panels.Count, height, 0);
            SetTicks(plot, panels[index], place, font);
            canvas.Save();
            // A plot clears all that it may draw on.
            canvas.ClipRect(new(width * index / panels.Count, 0, width * (index + 1) / panels.Count, height));
            canvas.Translate(width * index / panels.Count, 0);
            plot.Render(canvas, place);
            canvas.Restore();
        }
    }

    private static Plot PlotOf(Chart chart, string font, bool isAlone)
    {
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.Axes.Color(s_ink);
        plot.Grid.MajorLineColor = s_line;
        var (across, up) = (new AxisPlaces(chart.Across), new AxisPlaces(chart.Up));
        AddCells(plot, chart);
        AddSpans(plot, chart);
        AddBars(plot, chart);
        foreach (var series in chart.Series)
            Add(plot, series, chart, across, up);
        AddLines(plot, chart);
        if (chart.Mark is { } mark)
            AddMark(plot, mark);
        SetAxes(plot, chart, across, up);
        AddScale(plot, chart);
        plot.Axes.Title.Label.Text = chart.Title;
        plot.Axes.Title.Label.FontSize = TextSize + 2;
        plot.Axes.Title.FullFigureCenter = true;
        // A place for a title even where a panel has none: panels side by side are then of one height.
        if (chart.Title.Length == 0)
            plot.Axes.Title.Label.Text = " ";
        foreach (var text in plot.GetPlottables<ScottPlot.Plottables.Text>())
            text.LabelStyle.FontName = font;
        if (chart.Series.Any(series => series.Name.Length > 0) || chart.Mark is not null
            || plot.Legend.ManualItems.Count > 0)
            AddLegend(plot, font, isAlone);
        else
            plot.HideLegend();
        plot.Font.Set(font);
        return plot;
    }

    private static void AddLegend(Plot plot, string font, bool isAlone)
    {
        plot.Legend.FontSize = TextSize - 2;
        plot.Legend.FontName = font;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.SymbolWidth = 28;
        plot.Legend.Orientation = isAlone ? Orientation.Vertical : Orientation.Horizontal;
        plot.ShowLegend(isAlone ? Edge.Right : Edge.Bottom);
    }

    private static void SetAxes(Plot plot, Chart chart, AxisPlaces across, AxisPlaces up)
    {
        foreach (var (axis, place, about) in ((IAxis, AxisPlaces, ChartAxis)[])
            [(plot.Axes.Bottom, across, chart.Across), (plot.Axes.Left, up, chart.Up)])
        {
            axis.Label.Text = about.Label;
            axis.Label.FontSize = TextSize;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = TextSize - 2;
        }

        var (left, right) = across.Range(Values(chart, isAcross: true));
        var (bottom, top) = up.Range(Values(chart, isAcross: false));
        if (chart.Up.IsDownward)
            (bottom, top) = (top, bottom);
        plot.Axes.SetLimits(left, right, bottom, top);
        plot.Grid.XAxisStyle.IsVisible = chart.Across.Names is null;
        plot.Grid.YAxisStyle.IsVisible = chart.Up is { Names: null, IsBare: false };
        if (!chart.Up.IsBare)
            return;
        // The axes that stand inside are enough.
        foreach (var axis in (IAxis[])[plot.Axes.Left, plot.Axes.Right, plot.Axes.Top])
            axis.IsVisible = false;
    }

    /// <summary>Ticks whose texts do not touch, now that it is known how much room there is.</summary>
    private static void SetTicks(Plot plot, Chart chart, PixelRect place, string font)
    {
        var limits = plot.Axes.GetLimits();
        var (across, up) = (new AxisPlaces(chart.Across), new AxisPlaces(chart.Up));
        using var text = new SKFont(PictureFonts.Known.Typeface(font, false), TextSize - 2);
        using var nowhere = new SKNWayCanvas((int)place.Width, (int)place.Height);
        // Twice: names that stand aslant leave less room above them.
        for (var round = 0; round < 2; round++)
        {
            plot.Render(nowhere, place);
            var room = plot.RenderManager.LastRender.DataRect;
            if (chart.Across.Names is { Count: > 0 } names && names.Sum(name => text.MeasureText(name) + TickRoom.Gap)
                > room.Width * names.Count / (names.Count + 0.2))
            {
                plot.Axes.Bottom.TickLabelStyle.Rotation = 40;
                plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
                plot.Axes.Bottom.MinimumSize = 24 + (0.65f * names.Max(name => text.MeasureText(name)));
            }

            var isAslant = plot.Axes.Bottom.TickLabelStyle.Rotation != 0;
            plot.Axes.Bottom.TickGenerator = across.Ticks(
                limits.Left, limits.Right,
                new(room.Width, isAslant ? _ => TickRoom.LineHeight : label => text.MeasureText(label)));
            plot.Axes.Left.TickGenerator = up.Ticks(
                Math.Min(limits.Bottom, limits.Top), Math.Max(limits.Bottom, limits.Top),
                new(room.Height, _ => TickRoom.LineHeight));
        }
    }

    // All that has to be inside, whiskers too, in the chart's own numbers.
    private static IEnumerable<double> Values(Chart chart, bool isAcross)
    {
        foreach (var series in chart.Series.Where(each => each.Look != SeriesLook.Reference))
        {
            foreach (var (index, (x, y)) in series.Points.Index())
            {
                yield return isAcross ? x : y;
                if (isAcross || series.Spread is not { } spread)
                    continue;
                yield return y - spread[index];
                yield return y + spread[index];
            }
        }

        foreach (var bar in chart.Bars.Where(_ => isAcross))
        {
            yield return bar.Value;
            // The number beside the bar needs room too.
            yield return 1.12 * (bar.Whisker?.High ?? bar.Value + (double.IsNaN(bar.Spread) ? 0 : bar.Spread));
        }

        foreach (var span in chart.Spans.Where(_ => isAcross))
        {
            yield return span.From;
            yield return span.To;
        }
    }

    private static void Add(Plot plot, Series series, Chart chart, AxisPlaces across, AxisPlaces up)
    {
        var points = series.Points.Where(point => across.Holds(point.X) && (up.Holds(point.Y) || double.IsNaN(point.Y)))
            .Select(point => new Coordinates(across.Of(point.X), up.Of(point.Y))).ToList();
        if (points.Count == 0)
            return;
        if (series.Values is { } values)
        {
            foreach (var (index, point) in points.Index())
                plot.Add.Marker(point, MarkerShape.FilledCircle, 9, ColorOf(values[index], chart.Scale!));
            return;
        }

        var color = s_colors[series.Style % s_colors.Length];
        if (series.Spread is { } spread)
            AddWhiskers(plot, series, spread, across, up);
        var line = plot.Add.Scatter(series.Look == SeriesLook.Steps ? Steps(points) : [.. points]);
        // A front of one point has no line.
        line.LegendText = series.Look == SeriesLook.Steps && points.Count == 1 ? "" : series.Name;
        line.Color = color;
        line.MarkerShape = series.Look == SeriesLook.Rings ? MarkerShape.OpenCircle
            : (series.IsHollow ? s_hollow : s_shapes)[series.Style % s_shapes.Length];
        line.LinePattern = s_dashes[series.Style % s_dashes.Length];
        (line.MarkerSize, line.LineWidth, line.MarkerLineWidth) = series.Look switch
        {
            SeriesLook.Rings => (15, 0, 1.5f),
            SeriesLook.Points => (points.Count > 500 ? 5 : 8, 0, 1.5f),
            SeriesLook.PointsAndLines => (8, 1.6f, 1.5f),
            SeriesLook.Line => (0, 2.2f, 0f),
            SeriesLook.PaleLine => (0, 0.9f, 0f),
            _ => (0f, 1.5f, 0f),
        };
        if (series.Look == SeriesLook.PaleLine)
            line.Color = color.WithAlpha(0.45);
        if (series.Look is SeriesLook.Steps or SeriesLook.Reference or SeriesLook.Rings)
        {
            line.Color = series.Look == SeriesLook.Reference ? s_soft : s_ink;
            line.LinePattern = s_dots;
        }
    }

    private static void AddWhiskers(
        Plot plot, Series series, IReadOnlyList<double> spread, AxisPlaces across, AxisPlaces up)
    {
        foreach (var (index, (x, y)) in series.Points.Index())
        {
            if (!across.Holds(x) || !up.Holds(y - spread[index]) || !up.Holds(y + spread[index]) || spread[index] <= 0)
                continue;
            var (at, low, high) = (across.Of(x), up.Of(y - spread[index]), up.Of(y + spread[index]));
            var whisker = plot.Add.ErrorBar(new[] { at }, new[] { (low + high) / 2 }, new[] { (high - low) / 2 });
            (whisker.Color, whisker.LineWidth, whisker.CapSize) = (s_soft, 0.9f, 4);
        }
    }

    // First across, then up or down.
    private static Coordinates[] Steps(List<Coordinates> points) =>
        [.. points.SelectMany((point, index) => index == 0
            ? (Coordinates[])[point] : [new(point.X, points[index - 1].Y), point])];

    private static void AddBars(Plot plot, Chart chart)
    {
        if (chart.Bars.Count == 0)
            return;
        foreach (var (index, bar) in chart.Bars.Index())
        {
            var body = plot.Add.Rectangle(
                Math.Min(0, bar.Value), Math.Max(0, bar.Value), index - (BarSize / 2), index + (BarSize / 2));
            (body.FillColor, body.LineWidth) = (s_colors[0].Lighten(0.25), 0);
            var spread = double.IsNaN(bar.Spread) ? 0 : bar.Spread;
            var (low, high) = bar.Whisker ?? (bar.Value - spread, bar.Value + spread);
            if (high > low)
            {
                Line(plot, low, high, index, index);
                foreach (var end in (double[])[low, high])
                    Line(plot, end, end, index - 0.12, index + 0.12);
            }

            var text = plot.Add.Text(bar.Text, Math.Max(high, bar.Value), index);
            (text.LabelStyle.FontSize, text.LabelStyle.ForeColor) = (TextSize - 2, s_ink);
            (text.LabelStyle.Alignment, text.OffsetX) = (Alignment.MiddleLeft, 5);
        }
    }

    private static void Line(Plot plot, double x1, double x2, double y1, double y2)
    {
        var line = plot.Add.Line(x1, y1, x2, y2);
        (line.LineColor, line.LineWidth) = (s_ink, 1.2f);
    }

    private static void AddCells(Plot plot, Chart chart)
    {
        foreach (var cell in chart.Cells)
        {
            var color = ColorOf(cell.Value, chart.Scale!);
            var square = plot.Add.Rectangle(cell.Column - 0.5, cell.Column + 0.5, cell.Row - 0.5, cell.Row + 0.5);
            (square.FillColor, square.LineColor, square.LineWidth) = (color, Colors.White, 1);
        }

        var isSmall = chart.Cells.Count > 150;
        foreach (var cell in chart.Cells.Where(cell => cell.Text.Length > 0))
        {
            var text = plot.Add.Text(cell.Text, cell.Column, cell.Row);
            text.LabelStyle.Alignment = Alignment.MiddleCenter;
            text.LabelStyle.FontSize = isSmall ? 9 : TextSize - 2;
            text.LabelStyle.ForeColor = Luminance(ColorOf(cell.Value, chart.Scale!)) > 0.5 ? s_ink : Colors.White;
        }
    }

    private static void AddSpans(Plot plot, Chart chart)
    {
        var kinds = chart.Spans.Select(span => span.Kind).Distinct().ToList();
        foreach (var span in chart.Spans)
        {
            var kind = kinds.IndexOf(span.Kind);
            // Each kind is a little lower than the one before: seen without colours too.
            var half = BarSize / 2 * Math.Pow(0.72, kind % 5);
            var body = plot.Add.Rectangle(span.From, span.To, span.Lane - half, span.Lane + half);
            body.FillColor = span.IsHollow ? Colors.White : s_colors[(kind == 0 ? 5 : kind) % s_colors.Length];
            (body.LineColor, body.LineWidth) = (s_soft, chart.Spans.Count > 500 ? 0 : 0.3f);
        }

        if (kinds.Count > 1)
            plot.Legend.ManualItems.AddRange(kinds.Select((kind, index) => new LegendItem
            {
                LabelText = kind,
                FillColor = chart.Spans.First(span => span.Kind == kind).IsHollow
                    ? Colors.White : s_colors[(index == 0 ? 5 : index) % s_colors.Length],
                OutlineColor = s_soft,
                OutlineWidth = chart.Spans.First(span => span.Kind == kind).IsHollow ? 1 : 0,
            }));
    }

    private static void AddLines(Plot plot, Chart chart)
    {
        foreach (var line in chart.Lines)
        {
            var drawn = plot.Add.ScatterLine(line.Heights.Select((height, place) => new Coordinates(place, height))
                .ToArray());
            var share = ShareOf(line.Value, chart.Scale!);
            drawn.Color = ColorOf(line.Value, chart.Scale!);
            drawn.LineWidth = 0.8f + (1.6f * (float)(chart.Scale!.IsReversed ? 1 - share : share));
        }

        if (chart.Lines.Count == 0)
            return;
        for (var place = 0; place < chart.Across.Names!.Count; place++)
            Line(plot, place, place, 0, 1);
        foreach (var mark in chart.Marks)
        {
            Line(plot, mark.Place - 0.015, mark.Place + 0.015, mark.Height, mark.Height);
            var text = plot.Add.Text(mark.Text, mark.Place, mark.Height);
            (text.LabelStyle.FontSize, text.LabelStyle.ForeColor) = (TextSize - 3, s_ink);
            // Lines go under it: what it says is read all the same.
            text.LabelStyle.BackgroundColor = Colors.White.WithAlpha(0.8);
            (text.LabelStyle.Alignment, text.OffsetX) = (Alignment.MiddleLeft, 5);
        }
    }

    private static void AddMark(Plot plot, (double At, string Text) mark)
    {
        var line = plot.Add.VerticalLine(mark.At, 1.2f, s_soft, s_dots);
        line.LegendText = $"{mark.Text} (epoch {mark.At:0})";
    }

    private static void AddScale(Plot plot, Chart chart)
    {
        if (chart.Scale is not { Label.Length: > 0, To: var to } scale || !(to > scale.From))
            return;
        var bar = plot.Add.ColorBar(new ScaleSource(scale), Edge.Right);
        bar.Label = scale.Label;
        (bar.LabelStyle.FontSize, bar.LabelStyle.Bold) = (TextSize, false);
        bar.Axis.TickLabelStyle.FontSize = TextSize - 2;
        bar.Axis.TickGenerator = ChartNumbers.Ticks(scale.IsBlue);
    }

    private static Color ColorOf(double value, ColorScale scale) =>
        new ScaleSource(scale).Colormap.GetColor(ShareOf(value, scale));

    private static double ShareOf(double value, ColorScale scale) =>
        scale.To > scale.From ? Math.Clamp((value - scale.From) / (scale.To - scale.From), 0, 1) : 1;

    // Of sRGB by ITU-R BT.709, in [0, 1].
    private static double Luminance(Color color) =>
        ((0.2126 * color.Red) + (0.7152 * color.Green) + (0.0722 * color.Blue)) / 255;
}

namespace Sweeps.Client.Plots;

/// <summary>
/// What a picture shows, in numbers and words: the same whatever draws it. A chart has series of points, bars, cells,
/// spans or lines through several axes.
/// </summary>
/// <param name="Title">Above it.</param>
/// <param name="Across">The axis from left to right.</param>
/// <param name="Up">The axis from below to above.</param>
internal sealed record Chart(string Title, ChartAxis Across, ChartAxis Up)
{
    /// <summary>Points and lines.</summary>
    public IReadOnlyList<Series> Series { get; init; } = [];

    /// <summary>Bars that lie, from the top down; their places on <see cref="Up"/> are 0, 1, ...</summary>
    public IReadOnlyList<Bar> Bars { get; init; } = [];

    /// <summary>Squares of a table, by their column and row.</summary>
    public IReadOnlyList<Cell> Cells { get; init; } = [];

    /// <summary>Lines through the places 0, 1, ... of <see cref="Across"/>; the last ones are on top.</summary>
    public IReadOnlyList<CrossLine> Lines { get; init; } = [];

    /// <summary>What stands beside the axes that <see cref="Lines"/> go through.</summary>
    public IReadOnlyList<CrossMark> Marks { get; init; } = [];

    /// <summary>How cells, lines and coloured points are coloured; null: there are none.</summary>
    public ColorScale? Scale { get; init; }

    /// <summary>Stretches of time on lanes.</summary>
    public IReadOnlyList<Span> Spans { get; init; } = [];

    /// <summary>A dotted line from below to above with its text; null: none.</summary>
    public (double At, string Text)? Mark { get; init; }

    /// <summary>What is left out, in words; null: nothing is.</summary>
    public string? Note { get; init; }

    /// <summary>Its height beside a width of 720 where the user names no size.</summary>
    public int Height { get; init; } = 480;

    /// <summary>Its width where the user names no size and it stands alone.</summary>
    public int Width { get; init; } = 720;

    /// <summary>All words that are drawn, for the choice of a font.</summary>
    public IEnumerable<string> Words =>
    [
        Title, Across.Label, Up.Label, .. Across.Names ?? [], .. Up.Names ?? [], .. Series.Select(each => each.Name),
        .. Bars.Select(bar => bar.Text), .. Cells.Select(cell => cell.Text), .. Spans.Select(span => span.Kind),
        .. Marks.Select(mark => mark.Text), Mark?.Text ?? "", Scale?.Label ?? "",
    ];
}

/// <summary>An axis.</summary>
/// <param name="Label">What it measures, with its unit.</param>
internal sealed record ChartAxis(string Label)
{
    /// <summary>Logarithmic, to the base 10; all values are positive.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whole numbers only, such as epochs.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Numbers are shares and shown as percentages.</summary>
    public bool IsShare { get; init; }

    /// <summary>The names of the places 0, 1, ...; null: it is an axis of numbers.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The only values that were tried, where they are few; null: any number may be named.</summary>
    public IReadOnlyList<double>? Values { get; init; }

    /// <summary>From where to where; null: as far as there are points.</summary>
    public (double From, double To)? Range { get; init; }

    /// <summary>No value is greater, as of an accuracy: no number above it is named.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>Begins at 0 in any case.</summary>
    public bool FromZero { get; init; }

    /// <summary>It is not drawn: what stands there is said elsewhere.</summary>
    public bool IsBare { get; init; }

    /// <summary>The first place is at the top.</summary>
    public bool IsDownward { get; init; }
}

/// <summary>Points of one kind.</summary>
/// <param name="Name">For the legend; empty: it has no line there.</param>
/// <param name="Points">NaN breaks a line.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Half the length of each point's whisker; null: they have none.</summary>
    public IReadOnlyList<double>? Spread { get; init; }

    /// <summary>Colours of the points, by <see cref="Chart.Scale"/>; null: all are alike.</summary>
    public IReadOnlyList<double>? Values { get; init; }

    /// <summary>Which colour, symbol and dash it has.</summary>
    public int Style { get; init; }

    /// <summary>Its symbols are hollow: what was not trained in full.</summary>
    public bool IsHollow { get; init; }

    /// <summary>How its points are shown.</summary>
    public SeriesLook Look { get; init; } = SeriesLook.Points;
}

/// <summary>How the points of a series are shown.</summary>
internal enum SeriesLook
{
    /// <summary>Symbols.</summary>
    Points,

    /// <summary>Rings around points of other series.</summary>
    Rings,

    /// <summary>Symbols joined by lines.</summary>
    PointsAndLines,

    /// <summary>A line.</summary>
    Line,

    /// <summary>A thin and pale line, beside the mean of several.</summary>
    PaleLine,

    /// <summary>A dotted black line of steps: a front.</summary>
    Steps,

    /// <summary>A dotted grey line: what it is compared with.</summary>
    Reference,
}

/// <summary>A bar from 0.</summary>
/// <param name="Value">Its length.</param>
/// <param name="Spread">Half the length of its whisker; NaN: it has none.</param>
/// <param name="Text">Its number, in words.</param>
internal sealed record Bar(double Value, double Spread, string Text)
{
    /// <summary>Where its whisker begins and ends; null: as <see cref="Spread"/> says.</summary>
    public (double Low, double High)? Whisker { get; init; }
}

/// <summary>A square of a table.</summary>
/// <param name="Value">Its colour, by <see cref="Chart.Scale"/>.</param>
/// <param name="Text">What stands in it; empty: nothing.</param>
internal sealed record Cell(int Column, int Row, double Value, string Text);

/// <summary>A line through several axes that stand side by side.</summary>
/// <param name="Heights">Where it crosses each of them, from 0 (below) to 1.</param>
/// <param name="Value">Its colour, by <see cref="Chart.Scale"/>.</param>
internal sealed record CrossLine(IReadOnlyList<double> Heights, double Value);

/// <summary>A value beside one of those axes.</summary>
/// <param name="Height">From 0 (below) to 1.</param>
internal sealed record CrossMark(int Place, double Height, string Text);

/// <summary>A stretch of time.</summary>
/// <param name="Kind">What its colour and height say.</param>
internal sealed record Span(int Lane, double From, double To, string Kind)
{
    /// <summary>An outline.</summary>
    public bool IsHollow { get; init; }
}

/// <summary>A scale of colours that a grey print and a colour-blind reader keep in order.</summary>
/// <param name="Label">What is coloured; empty: no scale is drawn.</param>
/// <param name="From">The value of the first colour.</param>
/// <param name="To">The value of the last one.</param>
/// <param name="IsBlue">From white to blue, for shares; else Viridis.</param>
/// <param name="IsReversed">The lightest colour is the smallest value's.</param>
internal sealed record ColorScale(string Label, double From, double To, bool IsBlue = false, bool IsReversed = false);

using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>How a kernel or a pool moves over an image.</summary>
/// <param name="Height">Rows of the kernel.</param>
/// <param name="Width">Columns of the kernel.</param>
/// <param name="StrideHeight">Rows from one position to the next.</param>
/// <param name="StrideWidth">Columns from one position to the next.</param>
/// <param name="Padding">What is put around the image.</param>
public readonly record struct Window(int Height, int Width, int StrideHeight, int StrideWidth, Padding Padding)
{
    // Less 1, so that a window without it has none.
    private readonly int _gaps;

    /// <summary>Rows and columns from one value of the kernel to the next; 1: they touch (Yu and Koltun 2016).
    /// </summary>
    public int Dilation
    {
        get => _gaps + 1;
        init => _gaps = value - 1;
    }

    /// <summary>A square window.</summary>
    public static Window Square(int size, int stride = 1, Padding padding = default) =>
        new(size, size, stride, stride, padding);

    /// <summary>
    /// Number of positions along one axis: floor((W - F + 2P) / S) + 1, and ceil(W / S) for <c>same</c>
    /// (TensorFlow's documentation of tf.nn.convolution); below 1 where the window does not fit.
    /// </summary>
    public static int Positions(int size, int kernel, int stride, Padding padding)
    {
        if (padding.Kind == PaddingKind.Same)
            return (size + stride - 1) / stride;
        var room = size + 2 * padding.Size - kernel;
        return room < 0 ? 0 : room / stride + 1;
    }

    /// <summary>The padding of this window around an image, with <c>same</c> worked out.</summary>
    public Margins MarginsFor(TensorShape input)
    {
        var (top, bottom) = Around(input.Height, Reach(Height), StrideHeight);
        var (left, right) = Around(input.Width, Reach(Width), StrideWidth);
        return new(top, bottom, left, right);
    }

    /// <summary>Rows and columns of the output; the channels are the caller's.</summary>
    internal (int Height, int Width) Slide(TensorShape input) => (
        Positions(input.Height, Reach(Height), StrideHeight, Padding),
        Positions(input.Width, Reach(Width), StrideWidth, Padding));

    /// <summary>As <see cref="Slide"/>; throws <see cref="LayerException"/> where the kernel does not fit.</summary>
    internal (int Height, int Width) SlideOver(TensorShape input) =>
        Misfit(input, "kernel") is { } reason ? throw new LayerException(reason) : Slide(input);

    /// <summary>Rows or columns from the kernel's first value to its last.</summary>
    public int Reach(int kernel) => (kernel - 1) * Dilation + 1;

    internal string Kernel => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    internal string Stride => StrideHeight == StrideWidth
        ? StrideHeight.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{StrideHeight}x{StrideWidth}");

    internal void Validate(string kernel)
    {
        Bound.Check(Height, 1, NetworkLimits.MaxWindow, $"rows of the {kernel}");
        Bound.Check(Width, 1, NetworkLimits.MaxWindow, $"columns of the {kernel}");
        Bound.Check(StrideHeight, 1, NetworkLimits.MaxWindow, "stride");
        Bound.Check(StrideWidth, 1, NetworkLimits.MaxWindow, "stride");
        Bound.Check(Dilation, 1, NetworkLimits.MaxWindow, "dilation");
        Bound.Check(Padding.Size, 0, NetworkLimits.MaxWindow, "padding");
    }

    /// <summary>Why the window does not fit, or null.</summary>
    internal string? Misfit(TensorShape input, string kernel)
    {
        var (height, width) = Slide(input);
        if (height > NetworkLimits.MaxSize || width > NetworkLimits.MaxSize)
            return $"its output of {height}x{width} is too large; at most {NetworkLimits.MaxSize} rows and columns "
                + "are allowed";
        if (height >= 1 && width >= 1)
            return null;
        var padded = Padding.Kind == PaddingKind.Explicit
            ? string.Create(CultureInfo.InvariantCulture, $" with padding {Padding.Size}")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"its {kernel} of {Kernel}{(Dilation > 1 ? $" with dilation {Dilation}" : "")} is larger than the "
            + $"{input.Height}x{input.Width} image{padded}; "
            + $"make it smaller, pad with 'same', or shrink the image less in the layers before");
    }

    private (int Before, int After) Around(int size, int kernel, int stride)
    {
        if (Padding.Kind != PaddingKind.Same)
            return (Padding.Size, Padding.Size);
        var positions = Positions(size, kernel, stride, Padding);
        var total = Math.Max((positions - 1) * stride + kernel - size, 0);
        return (total / 2, total - total / 2);
    }
}

/// <summary>
/// Padding of a window. Convolutions and average pools pad with zeros that an average does not count; max pools with
/// -infinity.
/// </summary>
/// <param name="Kind">How it is chosen.</param>
/// <param name="Size">Rows and columns on every side where explicit; otherwise 0.</param>
public readonly record struct Padding(PaddingKind Kind, int Size = 0)
{
    /// <summary>None; Keras's default.</summary>
    public static Padding Valid => default;

    /// <summary>TensorFlow's <c>same</c>.</summary>
    public static Padding Same => new(PaddingKind.Same);

    /// <summary>That many rows and columns on every side; 0 is <see cref="Valid"/>.</summary>
    public static Padding Of(int size) => size == 0 ? Valid : new(PaddingKind.Explicit, size);

    /// <summary>The words of a layer's text: <c>valid</c>, <c>same</c> or <c>pad 2</c>.</summary>
    public override string ToString() => Kind switch
    {
        PaddingKind.Valid => "valid",
        PaddingKind.Same => "same",
        _ => string.Create(CultureInfo.InvariantCulture, $"pad {Size}"),
    };
}

/// <summary>What is put around an image before a window slides over it.</summary>
public enum PaddingKind
{
    /// <summary>Nothing: windows lie within the image.</summary>
    Valid,

    /// <summary>
    /// TensorFlow's <c>same</c>: as much as makes the output ceil(W / S) wide; where it is odd, one more at the end.
    /// </summary>
    Same,

    /// <summary>A stated number of rows and columns on every side.</summary>
    Explicit,
}

/// <summary>Rows and columns that a window's padding adds to an image; may differ from side to side.</summary>
/// <param name="Top">Rows before the first.</param>
/// <param name="Bottom">Rows after the last.</param>
/// <param name="Left">Columns before the first.</param>
/// <param name="Right">Columns after the last.</param>
public readonly record struct Margins(int Top, int Bottom, int Left, int Right)
{
    /// <summary>True when opposite sides are equal, which libtorch's own padding arguments can express.</summary>
    public bool IsSymmetric => Top == Bottom && Left == Right;

    /// <summary>True when nothing is added.</summary>
    public bool IsEmpty => this == default;
}

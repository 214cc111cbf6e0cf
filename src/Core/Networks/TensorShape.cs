using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// The shape of one sample between two layers: an image or a vector. Tensors are kept channels first (C, H, W), as
/// libtorch computes; people read and write channels last, <c>28x28x1</c>, as Keras prints.
/// </summary>
public readonly record struct TensorShape
{
    private TensorShape(int channels, int height, int width, bool isFlat) =>
        (Channels, Height, Width, IsFlat) = (channels, height, width, isFlat);

    /// <summary>Channels of an image, or features of a vector.</summary>
    public int Channels { get; }

    /// <summary>Rows; 1 for a vector.</summary>
    public int Height { get; }

    /// <summary>Columns; 1 for a vector.</summary>
    public int Width { get; }

    /// <summary>True for a vector.</summary>
    public bool IsFlat { get; }

    /// <summary>Number of values.</summary>
    public long Size => (long)Channels * Height * Width;

    /// <summary>A vector of that many features.</summary>
    public static TensorShape Flat(int features)
    {
        Check(features, nameof(features));
        return new(features, 1, 1, true);
    }

    /// <summary>An image, channels first.</summary>
    public static TensorShape Image(int channels, int height, int width)
    {
        Check(channels, nameof(channels));
        Check(height, nameof(height));
        Check(width, nameof(width));
        return new(channels, height, width, false);
    }

    /// <summary>
    /// Reads <c>784</c> (a vector), <c>28x28</c> (an image of one channel) or <c>32x32x3</c> (height, width, channels).
    /// </summary>
    /// <exception cref="SweepsException">Not a shape.</exception>
    public static TensorShape Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('x', 'X');
        var sizes = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i])
                || sizes[i] is < 1 or > NetworkLimits.MaxSize)
            {
                throw NotAShape(text);
            }
        }

        var shape = sizes.Length switch
        {
            1 => Flat(sizes[0]),
            2 => Image(1, sizes[0], sizes[1]),
            3 => Image(sizes[2], sizes[0], sizes[1]),
            _ => throw NotAShape(text),
        };
        return shape.Size <= NetworkLimits.MaxActivations
            ? shape
            : throw new SweepsException(ErrorKind.Usage,
                $"An input of {text} has {shape.Size} values; at most {NetworkLimits.MaxActivations} are allowed.");
    }

    /// <inheritdoc />
    public override string ToString() => IsFlat
        ? Channels.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}x{Channels}");

    private static void Check(int size, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, NetworkLimits.MaxSize, name);
    }

    private static SweepsException NotAShape(string text) => new(
        ErrorKind.Usage,
        $"'{Quote.Short(text)}' is not a shape: write 784 (a vector), 28x28 (grey) or 32x32x3 "
        + $"(height, width, channels), each from 1 to {NetworkLimits.MaxSize}.");
}

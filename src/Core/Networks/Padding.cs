using System.Globalization;

namespace Sweeps.Core.Networks;

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

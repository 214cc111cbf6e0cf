namespace Sweeps.Core.Networks;

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

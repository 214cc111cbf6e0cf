namespace Sweeps.Training.Native.Products;

/// <summary>
/// What the tiles of one block of a product share. The depth may come in segments that lie apart in the left matrix:
/// the rows of an image under a kernel.
/// </summary>
internal readonly unsafe struct MatrixBlock
{
    /// <summary>A block whose depth is one segment.</summary>
    public MatrixBlock() => Segments = 1;

    /// <summary>Floats from one row of the left matrix to the next.</summary>
    public required int ARow { get; init; }

    /// <summary>Floats from one column of the left matrix to the next.</summary>
    public required int AColumn { get; init; }

    /// <summary>Floats from one row of the product to the next.</summary>
    public required int CRow { get; init; }

    /// <summary>The block of the right matrix, row after row.</summary>
    public required float* Panel { get; init; }

    /// <summary>Floats from one row of the panel to the next.</summary>
    public required int PanelWidth { get; init; }

    /// <summary>Rows of the panel in a segment: terms that it adds to each sum.</summary>
    public required int Depth { get; init; }

    /// <summary>Number of segments; 1 unless set.</summary>
    public int Segments { get; init; }

    /// <summary>Floats of the left matrix from the start of one segment to the next.</summary>
    public nint ASegment { get; init; }
}

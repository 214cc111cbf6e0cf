namespace Sweeps.Training.Numerics;

/// <summary>What the tiles of one block of a product share.</summary>
internal readonly unsafe struct MatrixBlock
{
    /// <summary>Floats from one row of the left matrix to the next.</summary>
    public required int ARow { get; init; }

    /// <summary>Floats from one column of the left matrix to the next.</summary>
    public required int AColumn { get; init; }

    /// <summary>Floats from one row of the product to the next.</summary>
    public required int CRow { get; init; }

    /// <summary>The block of the right matrix, row after row.</summary>
    public required float* Panel { get; init; }

    /// <summary>Floats in a row of the panel.</summary>
    public required int PanelWidth { get; init; }

    /// <summary>Rows of the panel: terms that this block adds to each sum.</summary>
    public required int Depth { get; init; }
}

namespace Sweeps.Training.Numerics;

/// <summary>
/// A view of floats as a matrix. Where columns are adjacent (<see cref="ColumnStride"/> 1) a row occupies whole
/// vectors: its stride is a multiple of <see cref="FloatBuffer.Lane"/> and the floats beyond <see cref="Columns"/> are
/// padding. Only a left factor may have rows of any stride.
/// </summary>
internal readonly unsafe struct Matrix
{
    private Matrix(float* pointer, int rows, int columns, int rowStride, int columnStride)
    {
        Pointer = pointer;
        (Rows, Columns, RowStride, ColumnStride) = (rows, columns, rowStride, columnStride);
    }

    /// <summary>A matrix whose rows lie <paramref name="stride"/> floats apart.</summary>
    public Matrix(float* pointer, int rows, int columns, int stride)
        : this(pointer, rows, columns, stride, 1)
    {
    }

    /// <summary>The element at 0, 0.</summary>
    public float* Pointer { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns, padding not counted.</summary>
    public int Columns { get; }

    /// <summary>Floats from a row to the next.</summary>
    public int RowStride { get; }

    /// <summary>Floats from a column to the next.</summary>
    public int ColumnStride { get; }

    /// <summary>The same floats, rows and columns exchanged.</summary>
    public Matrix Transposed => new(Pointer, Columns, Rows, ColumnStride, RowStride);

    /// <summary>The first rows alone.</summary>
    public Matrix Top(int rows) => new(Pointer, rows, Columns, RowStride, ColumnStride);

    /// <summary>Some rows alone.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public Matrix RowsFrom(int first, int count) =>
        new(Pointer + ((long)first * RowStride), count, Columns, RowStride, ColumnStride);

    /// <summary>The same rows from a column on.</summary>
    public Matrix From(int column) =>
        new(Pointer + ((long)column * ColumnStride), Rows, Columns - column, RowStride, ColumnStride);

    /// <summary>The floats of one row, padding included.</summary>
    public Span<float> Row(int row) => new(Pointer + ((long)row * RowStride), RowStride);
}

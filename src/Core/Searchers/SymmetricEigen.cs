namespace Sweeps.Core.Searchers;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, row by row (Golub and Van Loan, "Matrix
/// computations", section 8.5): + - * / and square roots in a fixed order, so that the bits are the same everywhere.
/// </summary>
internal static class SymmetricEigen
{
    /// <summary>Convergence is quadratic: more sweeps are never needed.</summary>
    private const int MostSweeps = 50;

    /// <summary>The decomposition.</summary>
    /// <param name="matrix">Symmetric; it is not changed.</param>
    /// <returns>The eigenvalues, and the vectors as columns in the same order.</returns>
    public static (double[] Values, double[][] Vectors) Of(double[][] matrix)
    {
        var size = matrix.Length;
        double[][] a = [.. matrix.Select(row => (double[])row.Clone())];
        double[][] vectors = [.. Enumerable.Range(0, size).Select(i => Unit(size, i))];
        for (var sweep = 0; sweep < MostSweeps && IsCoupled(a); sweep++)
        {
            for (var p = 0; p < size; p++)
            {
                for (var q = p + 1; q < size; q++)
                    Rotate(a, vectors, p, q);
            }
        }

        return ([.. Enumerable.Range(0, size).Select(i => a[i][i])], vectors);
    }

    private static double[] Unit(int size, int at)
    {
        var row = new double[size];
        row[at] = 1;
        return row;
    }

    private static bool IsCoupled(double[][] a)
    {
        for (var p = 0; p < a.Length; p++)
        {
            for (var q = p + 1; q < a.Length; q++)
            {
                if (IsCoupled(a, p, q))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether an element is more than rounding beside its two diagonal ones.</summary>
    private static bool IsCoupled(double[][] a, int p, int q) =>
        Math.Abs(a[p][q]) > 1e-16 * Math.Sqrt(Math.Abs(a[p][p])) * Math.Sqrt(Math.Abs(a[q][q]))
        && Math.Abs(a[p][q]) > 1e-300;

    /// <summary>Makes the element of row p and column q zero.</summary>
    private static void Rotate(double[][] a, double[][] vectors, int p, int q)
    {
        if (!IsCoupled(a, p, q))
            return;
        var theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        var tangent = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        for (var k = 0; k < a.Length; k++)
            (a[k][p], a[k][q]) = (cosine * a[k][p] - sine * a[k][q], sine * a[k][p] + cosine * a[k][q]);
        for (var k = 0; k < a.Length; k++)
            (a[p][k], a[q][k]) = (cosine * a[p][k] - sine * a[q][k], sine * a[p][k] + cosine * a[q][k]);
        (a[p][q], a[q][p]) = (0, 0);
        for (var k = 0; k < a.Length; k++)
        {
            var row = vectors[k];
            (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
        }
    }
}

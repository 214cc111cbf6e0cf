namespace Sweeps.Training.Data.Public;

/// <summary>The content of an IDX file of unsigned bytes.</summary>
/// <param name="Dimensions">The sizes, slowest first: [count] or [count, height, width].</param>
/// <param name="Values">The bytes, row-major; their number is the product of the sizes.</param>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Values);

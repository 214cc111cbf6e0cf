namespace Sweeps.Core.Networks;

/// <summary>One trainable tensor of a layer.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Dimensions">libtorch's layout: [out, in] (dense), [filters, channels, rows, columns] (conv), otherwise
/// [n].</param>
/// <param name="FanIn">Inputs that meet in one output, as Keras counts: in, or channels x rows x columns of the kernel;
/// 0 unless a weight.</param>
/// <param name="FanOut">Outputs that one input reaches: out, or filters x rows x columns of the kernel; 0 unless a
/// weight.</param>
public sealed record ParameterShape(ParameterRole Role, IReadOnlyList<long> Dimensions, long FanIn, long FanOut)
{
    /// <summary>A scale that comes with a running mean and variance.</summary>
    public bool HasStatistics { get; init; }

    /// <summary>Number of values.</summary>
    public long Size { get; } = Dimensions.Aggregate(1L, (product, size) => checked(product * size));

    internal static ParameterShape Dense(long units, long features) =>
        new(ParameterRole.Weight, [units, features], features, units);

    internal static ParameterShape Kernel(long filters, long channels, Window window, int groups = 1)
    {
        long area = (long)window.Height * window.Width;
        return new(
            ParameterRole.Weight, [filters, channels / groups, window.Height, window.Width],
            channels / groups * area, filters / groups * area);
    }

    /// <summary>Kernels of a depthwise convolution: those of one channel follow one another.</summary>
    internal static ParameterShape Depthwise(long channels, long multiplier, Window window)
    {
        long area = (long)window.Height * window.Width;
        return new(
            ParameterRole.Weight, [channels * multiplier, 1, window.Height, window.Width], area, multiplier * area);
    }

    /// <summary>Gamma and beta of a normalisation.</summary>
    internal static IReadOnlyList<ParameterShape> ScaleAndShift(long size, bool hasStatistics = false) =>
    [
        Vector(ParameterRole.Gamma, size) with { HasStatistics = hasStatistics }, Vector(ParameterRole.Beta, size),
    ];

    internal static ParameterShape Vector(ParameterRole role, long size) => new(role, [size], 0, 0);
}

/// <summary>What a trainable tensor is; decides how it starts.</summary>
public enum ParameterRole
{
    /// <summary>Weights of a dense layer or a kernel: start as the initialiser says.</summary>
    Weight,

    /// <summary>Added at the end: starts at 0.</summary>
    Bias,

    /// <summary>Scale of a batch normalisation: starts at 1.</summary>
    Gamma,

    /// <summary>Shift of a batch normalisation: starts at 0.</summary>
    Beta,
}

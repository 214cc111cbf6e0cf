using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Sparse;

/// <summary>When a stage leaves zeros out of its sums; the bits are the same either way.</summary>
internal enum ZeroPolicy
{
    /// <summary>Where that is faster.</summary>
    WhereFaster,

    /// <summary>Wherever it can.</summary>
    Always,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary>
/// The products of a convolution without the terms of zero: inputs that were rectified, and gradients of which a max
/// pool let one in each window through. Each says whether it was done; where not, it is to be done with all terms.
/// </summary>
internal sealed unsafe class SparseConvolution : IDisposable
{
    // Shares of zeros from which on leaving them out is faster: docs/measurements.md.
    private const double ForwardShare = 0.4;
    private const double BackwardShare = 0.5;

    private readonly ConvShape _shape;
    private readonly ZeroPolicy _policy;
    private readonly SpreadProduct? _forward;
    private readonly SpreadProduct? _backward;
    private readonly SparseKernelGradient _kernels;
    private Matrix _input;
    private FactorKinds _inputKinds;

    private SparseConvolution(ConvShape shape, bool inputWanted, ThreadTeam team, bool wide, ZeroPolicy policy)
    {
        (_shape, _policy) = (shape, policy);
        if (shape is { StrideHeight: 1, StrideWidth: 1 })
            _forward = new(SpreadShape.Forward(shape), team, wide);
        _backward = inputWanted ? new(SpreadShape.Backward(shape), team, wide) : null;
        _kernels = new(shape, team, wide);
    }

    /// <summary>Buffers for it; null: it is nothing for this convolution.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="inputWanted">Whether the gradient of its inputs is wanted.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether vectors of 512 bits are used.</param>
    /// <param name="policy">When to do it.</param>
    public static SparseConvolution? Create(
        ConvShape shape, bool inputWanted, ThreadTeam team, bool wide, ZeroPolicy policy) =>
        policy != ZeroPolicy.Never && shape.Channels % FloatBuffer.Lane == 0
            ? new(shape, inputWanted, team, wide, policy) : null;

    /// <summary>The outputs.</summary>
    /// <param name="input">The images.</param>
    /// <param name="weights">[kernel row, kernel column, channel] by filter.</param>
    /// <param name="values">Receives them.</param>
    public bool Forward(in Matrix input, float* weights, float* values)
    {
        _input = input;
        _inputKinds = ProductTerms.Look(
            input.Pointer, input.Rows, _shape.Height * _shape.Width * _shape.Channels, input.RowStride);
        if (_forward is null || !Pays(_inputKinds, ForwardShare) || !IsFinite(weights))
            return false;
        _forward.TakeTurned(weights);
        return _forward.Compute(input, values);
    }

    /// <summary>Looks at the gradient of the outputs, of which the other gradients are made.</summary>
    public bool BeginBackward(in Matrix gradient) => Pays(
        ProductTerms.Look(
            gradient.Pointer, gradient.Rows, _shape.OutputPixels * _shape.Filters, gradient.RowStride),
        BackwardShare);

    /// <summary>The gradient of the weights.</summary>
    public bool AddWeightGradients(in Matrix gradient, float* weightGradients) =>
        _inputKinds.IsFinite && _kernels.Compute(_input, gradient, weightGradients);

    /// <summary>The gradient of the inputs.</summary>
    public bool InputGradients(in Matrix gradient, float* weights, float* inputGradients)
    {
        if (!IsFinite(weights))
            return false;
        _backward!.Take(weights);
        return _backward.Compute(gradient, inputGradients);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _forward?.Dispose();
        _backward?.Dispose();
        _kernels.Dispose();
    }

    private bool Pays(in FactorKinds kinds, double share) => _policy == ZeroPolicy.Always || kinds.Zeros >= share;

    private bool IsFinite(float* weights) =>
        ProductTerms.Look(weights, _shape.KernelSize, _shape.Filters, _shape.Filters).IsFinite;
}

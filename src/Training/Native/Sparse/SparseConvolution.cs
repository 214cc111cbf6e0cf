using Sweeps.Training.Native.Narrow;
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
    // Shares of zeros from which on leaving them out is faster: docs/measurements.md. Lists of terms are made one by
    // one, whatever the width of the vectors that are then multiplied.
    private const double LeastShare = 0.5;
    private const double LeastShareWide = 0.6;

    // Of a term that reaches so many sums in a row the list is a small part.
    private const double Lower = 0.1;
    private const double LowerWide = 0.2;
    private const int LongSegment = 160;

    // Of smaller kernels a list would cost what it saves.
    private const int LeastKernel = 9;

    private readonly ConvShape _shape;
    private readonly ZeroPolicy _policy;
    private readonly double _least;
    private readonly double _leastLong;
    private readonly double _forwardShare;
    private readonly double _backwardShare;
    private readonly FactorSurvey _survey;
    private readonly SpreadProduct? _forward;
    private readonly SpreadProduct? _backward;
    private readonly SparseKernelGradient _kernels;
    private Matrix _input;
    private FactorKinds _inputKinds;

    private SparseConvolution(
        ConvShape shape, int capacity, bool inputWanted, ThreadTeam team, bool wide, ZeroPolicy policy,
        NarrowConvolution? narrow)
    {
        (_shape, _policy) = (shape, policy);
        (_forwardShare, _backwardShare) = (narrow?.ForwardShare ?? 1, narrow?.BackwardShare ?? 1);
        (_least, _leastLong) = wide ? (LeastShareWide, LeastShareWide - LowerWide) : (LeastShare, LeastShare - Lower);
        _survey = new(capacity, team);
        if (shape is { StrideHeight: 1, StrideWidth: 1 })
            _forward = new(SpreadShape.Forward(shape), team, wide);
        _backward = inputWanted ? new(SpreadShape.Backward(shape), team, wide) : null;
        _kernels = new(shape, team, wide);
    }

    /// <summary>Buffers for it; null: it is nothing for this convolution.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="capacity">The most images of a batch.</param>
    /// <param name="inputWanted">Whether the gradient of its inputs is wanted.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether vectors of 512 bits are used.</param>
    /// <param name="policy">When to do it.</param>
    /// <param name="narrow">What leaves out the zeros of padding alone.</param>
    public static SparseConvolution? Create(
        ConvShape shape, int capacity, bool inputWanted, ThreadTeam team, bool wide, ZeroPolicy policy,
        NarrowConvolution? narrow)
    {
        var pays = policy switch
        {
            ZeroPolicy.Never => false,
            ZeroPolicy.Always => true,
            _ => shape.KernelHeight * shape.KernelWidth >= LeastKernel,
        };
        return pays && shape.Channels % FloatBuffer.Lane == 0
            ? new(shape, capacity, inputWanted, team, wide, policy, narrow) : null;
    }

    /// <summary>The outputs.</summary>
    /// <param name="input">The images.</param>
    /// <param name="weights">[kernel row, kernel column, channel] by filter.</param>
    /// <param name="values">Receives them.</param>
    public bool Forward(in Matrix input, float* weights, float* values)
    {
        _input = input;
        _inputKinds = _survey.Of(input, _shape.Height * _shape.Width * _shape.Channels);
        var least = _shape.KernelWidth * _shape.Filters >= LongSegment ? _leastLong : _least;
        if (_forward is null || !Pays(_inputKinds, least, _forwardShare) || !IsFinite(weights))
            return false;
        _forward.TakeTurned(weights);
        return _forward.Compute(input, values);
    }

    /// <summary>Looks at the gradient of the outputs, of which the other gradients are made.</summary>
    public bool BeginBackward(in Matrix gradient) =>
        Pays(_survey.Of(gradient, _shape.OutputPixels * _shape.Filters), _least, _backwardShare);

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

    // The terms that are left must be so much fewer than those of the other way.
    private bool Pays(in FactorKinds kinds, double least, double share) =>
        _policy == ZeroPolicy.Always || kinds.Zeros >= 1 - ((1 - least) * share);

    private bool IsFinite(float* weights) => ProductTerms.AreFinite(weights, _shape.KernelSize * _shape.Filters);
}

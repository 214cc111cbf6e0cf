using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// y = f(x W + b). With d the gradient with respect to x W + b: W gets x' d, b the sums of d's columns, x gets d W'.
/// Weights and gradients are views of the network's flat buffers; the product writes the gradient where it stays.
/// </summary>
internal sealed unsafe class DenseStage : Stage
{
    // Measured on MNIST and digits (0.8 of the pixels are zero) and Fashion-MNIST (0.5): docs/measurements.md.
    private const double WideShare = 0.4;
    private const double MiddlingShare = 0.7;

    // Shares of zeros, columns and rows from which on sums are made of the other terms: docs/measurements.md.
    // With vectors of 512 bits lists of terms are a larger part of the work, of few columns above all.
    private const double TermShare = 0.5;
    private const double TermShareWide = 0.6;
    private const double TermShareFew = 0.7;
    private const int TermColumns = 256;
    private const int SomeColumns = 512;
    private const int ManyColumns = 1_024;
    private const int TermRows = 32;

    private readonly ZeroPolicy _zeros;
    private readonly FactorSurvey _survey;
    private readonly TermProduct? _outputTerms;
    private readonly TermProduct? _inputTerms;
    private readonly MatrixProduct _product;
    private readonly NarrowProduct? _narrow;
    private readonly ActivationPass _activation;
    private readonly FloatBuffer _values;
    private readonly FloatBuffer? _arguments;
    private readonly FloatBuffer? _inputGradients;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _stride;
    private Matrix _input;
    private bool _leavesOutInputs;
    private Matrix _gradient;

    /// <summary>Buffers for up to <paramref name="capacity"/> samples.</summary>
    public DenseStage(
        int inputs, int outputs, Activation activation, int capacity, bool inputWanted, MatrixProduct product,
        ThreadTeam team, ZeroPolicy zeros = ZeroPolicy.WhereFaster, bool isTurned = false)
    {
        (_zeros, _survey) = (zeros, new(capacity, team));
        if (IsWide(outputs))
            _outputTerms = new(outputs, team, product.Wide);
        if (IsWide(inputs) && inputWanted)
            _inputTerms = new(inputs, team, product.Wide);
        (_inputs, _outputs, _stride, _product) = (inputs, outputs, FloatBuffer.RoundUp(outputs), product);
        IsTurned = isTurned;
        _narrow = isTurned ? new(inputs, outputs, product.Wide) : null;
        _activation = ActivationPass.Create(activation);
        _values = new((long)capacity * _stride);
        _arguments = _activation.NeedsArgument ? new((long)capacity * _stride) : null;
        _inputGradients = inputWanted ? new((long)capacity * FloatBuffer.RoundUp(inputs)) : null;
    }

    /// <summary>The weights, [in, out] with padded rows, or turned: [out, in].</summary>
    public required float* Weights { get; init; }

    /// <summary>Their gradient, laid out likewise.</summary>
    public required float* WeightGradients { get; init; }

    /// <summary>The biases, padded; null: none.</summary>
    public required float* Biases { get; init; }

    /// <summary>Their gradient; null: none.</summary>
    public required float* BiasGradients { get; init; }

    /// <summary>Whether its weights and their gradient lie turned: [out, in], inputs being whole vectors.</summary>
    public bool IsTurned { get; }

    /// <summary>Its number of outputs.</summary>
    public int Outputs => _outputs;

    /// <summary>
    /// Whether somebody else takes its products, with those of other networks (<see cref="ProductsTogether"/>): before
    /// each forward pass into <see cref="Arguments"/>, and after each backward pass from <see cref="Gradient"/> into
    /// <see cref="WeightGradient"/>.
    /// </summary>
    public bool IsServed { get; set; }

    /// <summary>The weights, [in, out].</summary>
    public Matrix Weight => Lying(Weights);

    /// <summary>Their gradient.</summary>
    public Matrix WeightGradient => Lying(WeightGradients);

    /// <summary>The gradient with respect to x W + b, of the last backward pass; valid until the next pass.</summary>
    public Matrix Gradient => _gradient;

    /// <summary>Whether products that leave out zeros are faster, by the share of the inputs that is zero.</summary>
    public bool GainsByZeros(double share) => GainsByZeros(_outputs, share);

    /// <summary>The same of a product with so many columns.</summary>
    public static bool GainsByZeros(int columns, double share) => columns >= WideTile512.Columns ? share >= WideShare
        : columns > FloatBuffer.Lane && share >= MiddlingShare && Vector512.IsHardwareAccelerated;

    /// <summary>Where x W goes.</summary>
    /// <param name="rows">Samples of the batch.</param>
    public Matrix Arguments(int rows) => new((_arguments ?? _values).Pointer, rows, _outputs, _stride);

    /// <summary>Where the input of the next passes is zero; null: not known.</summary>
    public SparsityPattern? InputPattern { get; set; }

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _input = input;
        var arguments = Arguments(input.Rows);
        if (!IsServed)
            Multiply(input, arguments);
        var values = new Matrix(_values.Pointer, input.Rows, _outputs, _stride);
        _activation.Forward(arguments, Biases, values);
        return values;
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        var values = new Matrix(_values.Pointer, gradient.Rows, _outputs, _stride);
        _activation.Backward(values, Arguments(gradient.Rows), gradient, BiasGradients);
        _gradient = gradient;
        if (!IsServed)
            MultiplyTransposed(gradient);
        if (!inputWanted)
            return default;
        var inputGradient = new Matrix(_inputGradients!.Pointer, gradient.Rows, _inputs, FloatBuffer.RoundUp(_inputs));
        var turned = Weight.Transposed;
        if (!HasZeros(_inputTerms, gradient, _inputs) || !_inputTerms!.Multiply(gradient, turned, inputGradient))
            _product.Multiply(gradient, turned, inputGradient);
        return inputGradient;
    }

    /// <summary>Takes the product of the last backward pass by itself, though it was served.</summary>
    public void CompleteGradient() => MultiplyTransposed(_gradient);

    /// <inheritdoc />
    public override void Dispose()
    {
        _outputTerms?.Dispose();
        _inputTerms?.Dispose();
        _narrow?.Dispose();
        _values.Dispose();
        _arguments?.Dispose();
        _inputGradients?.Dispose();
    }

    private Matrix Lying(float* weights) => IsTurned
        ? new Matrix(weights, _outputs, _inputs, _inputs).Transposed
        : new(weights, _inputs, _outputs, _stride);

    private bool IsWide(int columns) => _zeros switch
    {
        ZeroPolicy.Never => false,
        ZeroPolicy.Always => true,
        _ => columns >= TermColumns,
    };

    /// <summary>Whether so much of a left factor is zero that sums are better made of the other terms.</summary>
    private bool HasZeros(TermProduct? terms, in Matrix factors, int columns)
    {
        var width = (int)FloatBuffer.RoundUp(factors.Columns);
        if (terms is null || width > factors.RowStride)
            return false;
        return _zeros == ZeroPolicy.Always || (factors.Rows >= TermRows && terms.SuitsTeam
            && _survey.Of(factors, width).Zeros >= LeastShare(columns));
    }

    private double LeastShare(int columns) => !_product.Wide || columns >= ManyColumns ? TermShare
        : columns >= SomeColumns ? TermShareWide : TermShareFew;

    private void Multiply(in Matrix input, in Matrix arguments)
    {
        _leavesOutInputs = HasZeros(_outputTerms, input, _outputs);
        if (_narrow is { IsForward: true })
            _narrow.Multiply(input, Weight, arguments);
        else if (!_leavesOutInputs || !_outputTerms!.Multiply(input, Weight, arguments))
            _product.Multiply(input, Weight, arguments, pattern: InputPattern?.View ?? default);
    }

    private void MultiplyTransposed(in Matrix gradient)
    {
        if (_narrow is not null)
            _narrow.MultiplyTransposed(_input, gradient, WeightGradient);
        else if (!_leavesOutInputs || !_outputTerms!.Multiply(_input.Transposed, gradient, WeightGradient))
        {
            _product.Multiply(
                _input.Transposed, gradient, WeightGradient, pattern: InputPattern?.Transposed ?? default);
        }
    }
}

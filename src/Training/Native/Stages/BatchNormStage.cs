using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>Where the numbers of a batch normalisation lie, each padded to whole vectors.</summary>
internal unsafe struct BatchNormPlaces
{
    /// <summary>The scale of each channel.</summary>
    public required float* Gamma { get; init; }

    /// <summary>Its gradient.</summary>
    public required float* GammaGradient { get; init; }

    /// <summary>The shift of each channel.</summary>
    public required float* Beta { get; init; }

    /// <summary>Its gradient.</summary>
    public required float* BetaGradient { get; init; }

    /// <summary>The running mean.</summary>
    public required float* Mean { get; init; }

    /// <summary>The running variance.</summary>
    public required float* Variance { get; init; }
}

/// <summary>
/// f(gamma (x - mean) / sqrt(variance + epsilon) + beta), channel by channel, with mean and variance over the pixels of
/// the batch, or running ones (Ioffe and Szegedy 2015). With g the gradient with respect to what f is applied to, n the
/// number of pixels and z the normalised x, beta gets sum g, gamma sum g z, and x gets
/// gamma / sqrt(variance + epsilon) (g - sum g / n - z sum(g z) / n).
/// </summary>
/// <remarks>
/// Sums run over chunks of rows, each in four chains of additions; the moments of the chunks are put together by Chan
/// et al., "Updating formulae and a pairwise algorithm for computing sample variances" (1979). Chunks depend neither on
/// the processor nor on the threads that share them, and are put together in their order: so are the bits.
/// </remarks>
internal sealed unsafe class BatchNormStage : Stage
{
    private const int ChunkFloats = 8192;

    private readonly int _pixels;
    private readonly int _present;
    private readonly int _channels;
    private readonly int _chunk;
    private readonly float _kept;
    private readonly float _epsilon;
    private readonly bool _isFrozen;
    private readonly ActivationPass? _activation;
    private readonly BatchNormPlaces _places;
    private readonly FloatBuffer _values;
    private readonly FloatBuffer? _arguments;
    private readonly FloatBuffer _numbers;
    private readonly FloatBuffer _sums;
    private readonly ThreadTeam _team;
    private readonly ThreadTeam.TeamLoop _measure;
    private readonly ThreadTeam.TeamLoop _normalise;
    private readonly ThreadTeam.TeamLoop _sum;
    private readonly ThreadTeam.TeamLoop _return;
    private Matrix _input;
    private Matrix _output;
    private Matrix _argument;
    private Matrix _gradient;
    private bool _isMeasured;

    /// <summary>Buffers for up to <paramref name="capacity"/> samples.</summary>
    /// <param name="layer">Momentum and epsilon.</param>
    /// <param name="pixels">Pixels of an image; 1 for vectors.</param>
    /// <param name="channels">Values of a pixel, which is padded to whole vectors.</param>
    /// <param name="activation">The function applied at the end.</param>
    /// <param name="isFrozen">Whether it keeps its running statistics and normalises by them, as in Keras.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="places">Its weights and statistics.</param>
    /// <param name="team">The threads that share its loops.</param>
    public BatchNormStage(
        BatchNormLayer layer, int pixels, int channels, Activation activation, bool isFrozen, int capacity,
        in BatchNormPlaces places, ThreadTeam team)
    {
        (_team, _measure, _normalise) = (team, MeasureChunks, NormaliseChunks);
        (_sum, _return) = (SumChunks, ReturnChunks);
        (_pixels, _present, _channels) = (pixels, channels, FloatBuffer.RoundUp(channels));
        (_isFrozen, _places) = (isFrozen, places);
        _chunk = Math.Clamp(ChunkFloats / _channels, 16, 512);
        (_kept, _epsilon) = ((float)layer.Momentum, (float)layer.Epsilon);
        _activation = activation.Kind == ActivationKind.Linear ? null : ActivationPass.Create(activation);
        _values = new((long)capacity * pixels * _channels);
        _arguments = _activation?.NeedsArgument == true ? new((long)capacity * pixels * _channels) : null;
        _numbers = new(6L * _channels);
        _sums = new(2L * _channels * Chunks(capacity * pixels));
    }

    private float* BatchMean => _numbers.Pointer;

    private float* Inverse => _numbers.Pointer + _channels;

    private float* Scale => _numbers.Pointer + (2 * _channels);

    private float* Shift => _numbers.Pointer + (3 * _channels);

    private float* Deviations => _numbers.Pointer + (4 * _channels);

    private float* MeanGradient => _numbers.Pointer + (5 * _channels);

    private long Work => (long)_input.Rows * _channels * ThreadTeam.ElementWork;

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _input = Rows(input.Pointer, input.Rows);
        _isMeasured = learning && !_isFrozen && _input.Rows > 1;
        if (_isMeasured)
            Measure();
        Prepare(_input.Rows);
        _output = Rows(_values.Pointer, input.Rows);
        _argument = _arguments is null ? _output : Rows(_arguments.Pointer, input.Rows);
        _team.For(Chunks(_input.Rows), Work, _normalise);
        return new(_values.Pointer, input.Rows, input.Columns, _pixels * _channels);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _gradient = Rows(gradient.Pointer, gradient.Rows);
        _team.For(Chunks(_gradient.Rows), Work, _sum);
        new Span<float>(_places.GammaGradient, _channels).Clear();
        new Span<float>(_places.BetaGradient, _channels).Clear();
        for (var chunk = 0; chunk < Chunks(_gradient.Rows); chunk++)
        {
            Add(BetaSums(chunk), _places.BetaGradient);
            Add(GammaSums(chunk), _places.GammaGradient);
        }

        for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
        {
            var ofGamma = Vector512.Load(_places.GammaGradient + channel) * Vector512.Load(Inverse + channel);
            ofGamma.Store(_places.GammaGradient + channel);
            var count = Vector512.Create((float)_gradient.Rows);
            (ofGamma * Vector512.Load(Inverse + channel) / count).Store(Deviations + channel);
            (Vector512.Load(_places.BetaGradient + channel) / count).Store(MeanGradient + channel);
        }

        if (!inputWanted)
            return default;
        _team.For(Chunks(_gradient.Rows), Work, _return);
        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _values.Dispose();
        _arguments?.Dispose();
        _numbers.Dispose();
        _sums.Dispose();
    }

    private Matrix Rows(float* pointer, int samples) => new(pointer, samples * _pixels, _present, _channels);

    private int Chunks(int rows) => (rows + _chunk - 1) / _chunk;

    private Matrix Chunk(in Matrix rows, int chunk) =>
        rows.RowsFrom(chunk * _chunk, Math.Min(_chunk, rows.Rows - (chunk * _chunk)));

    // What a chunk adds to beta's gradient, or its mean.
    private float* BetaSums(int chunk) => _sums.Pointer + ((long)chunk * 2 * _channels);

    // What a chunk adds to gamma's gradient, or its sum of squared deviations.
    private float* GammaSums(int chunk) => BetaSums(chunk) + _channels;

    private void MeasureChunks(int member, int first, int end)
    {
        for (var index = first; index < end; index++)
        {
            var chunk = Chunk(_input, index);
            var count = Vector512.Create((float)chunk.Rows);
            for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
            {
                var mean = Sum(chunk, channel) / count;
                mean.Store(BetaSums(index) + channel);
                SumOfSquares(chunk, channel, mean).Store(GammaSums(index) + channel);
            }
        }
    }

    private void NormaliseChunks(int member, int first, int end)
    {
        for (var index = first; index < end; index++)
        {
            Normalise(Chunk(_input, index), Chunk(_argument, index));
            _activation?.Forward(Chunk(_argument, index), null, Chunk(_output, index));
        }
    }

    private void SumChunks(int member, int first, int end)
    {
        for (var index = first; index < end; index++)
        {
            var gradient = Chunk(_gradient, index);
            _activation?.Backward(Chunk(_output, index), Chunk(_argument, index), gradient, null);
            Sum(Chunk(_input, index), gradient, BetaSums(index), GammaSums(index));
        }
    }

    private void ReturnChunks(int member, int first, int end)
    {
        for (var index = first; index < end; index++)
            Return(Chunk(_input, index), Chunk(_gradient, index));
    }

    /// <summary>Mean and sum of squared deviations of each channel; moves the running statistics.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure()
    {
        var x = _input;
        _team.For(Chunks(x.Rows), Work, _measure);
        for (var index = 0; index < Chunks(x.Rows); index++)
        {
            var (first, rows) = (index * _chunk, Chunk(x, index).Rows);
            var (count, all) = (Vector512.Create((float)rows), Vector512.Create((float)(first + rows)));
            var before = Vector512.Create((float)first);
            for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
            {
                var mean = Vector512.Load(BetaSums(index) + channel);
                var deviations = Vector512.Load(GammaSums(index) + channel);
                if (first > 0)
                {
                    var difference = mean - Vector512.Load(BatchMean + channel);
                    deviations += Vector512.Load(Deviations + channel)
                        + (difference * difference * (before * (count / all)));
                    mean = Vector512.FusedMultiplyAdd(difference, count / all, Vector512.Load(BatchMean + channel));
                }

                mean.Store(BatchMean + channel);
                deviations.Store(Deviations + channel);
            }
        }

        var (kept, moved) = (Vector512.Create(_kept), Vector512.Create(1 - _kept));
        var unbiased = Vector512.Create((float)(x.Rows - 1));
        for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
        {
            float* mean = _places.Mean + channel, variance = _places.Variance + channel;
            ((Vector512.Load(mean) * kept) + (Vector512.Load(BatchMean + channel) * moved)).Store(mean);
            var measured = Vector512.Load(Deviations + channel) / unbiased;
            ((Vector512.Load(variance) * kept) + (measured * moved)).Store(variance);
        }
    }

    /// <summary>What each channel is multiplied with, and what is added.</summary>
    private void Prepare(int rows)
    {
        var epsilon = Vector512.Create(_epsilon);
        for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
        {
            if (!_isMeasured)
                Vector512.Load(_places.Mean + channel).Store(BatchMean + channel);
            var variance = _isMeasured
                ? Vector512.Load(Deviations + channel) / Vector512.Create((float)rows)
                : Vector512.Load(_places.Variance + channel);
            var inverse = Vector512<float>.One / Vector512.Sqrt(variance + epsilon);
            var scale = Vector512.Load(_places.Gamma + channel) * inverse;
            inverse.Store(Inverse + channel);
            scale.Store(Scale + channel);
            (Vector512.Load(_places.Beta + channel) - (Vector512.Load(BatchMean + channel) * scale))
                .Store(Shift + channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalise(in Matrix x, in Matrix y)
    {
        for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
        {
            Vector512<float> scale = Vector512.Load(Scale + channel), shift = Vector512.Load(Shift + channel);
            float* from = x.Pointer + channel, to = y.Pointer + channel;
            for (var row = 0; row < x.Rows; row++, from += _channels, to += _channels)
                Vector512.FusedMultiplyAdd(Vector512.Load(from), scale, shift).Store(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<float> Sum(in Matrix x, int channel)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nint stride = _channels;
        var from = x.Pointer + channel;
        var row = x.Rows;
        for (; row >= 4; row -= 4, from += 4 * stride)
        {
            s0 += Vector512.Load(from);
            s1 += Vector512.Load(from + stride);
            s2 += Vector512.Load(from + (2 * stride));
            s3 += Vector512.Load(from + (3 * stride));
        }

        for (; row > 0; row--, from += stride)
            s0 += Vector512.Load(from);
        return s0 + s1 + (s2 + s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<float> SumOfSquares(in Matrix x, int channel, Vector512<float> mean)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nint stride = _channels;
        var from = x.Pointer + channel;
        var row = x.Rows;
        for (; row >= 4; row -= 4, from += 4 * stride)
        {
            Vector512<float> d0 = Vector512.Load(from) - mean, d1 = Vector512.Load(from + stride) - mean;
            Vector512<float> d2 = Vector512.Load(from + (2 * stride)) - mean;
            Vector512<float> d3 = Vector512.Load(from + (3 * stride)) - mean;
            s0 = Vector512.FusedMultiplyAdd(d0, d0, s0);
            s1 = Vector512.FusedMultiplyAdd(d1, d1, s1);
            s2 = Vector512.FusedMultiplyAdd(d2, d2, s2);
            s3 = Vector512.FusedMultiplyAdd(d3, d3, s3);
        }

        for (; row > 0; row--, from += stride)
        {
            var difference = Vector512.Load(from) - mean;
            s0 = Vector512.FusedMultiplyAdd(difference, difference, s0);
        }

        return s0 + s1 + (s2 + s3);
    }

    /// <summary>The sums of g and of g (x - mean) over a chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(in Matrix x, in Matrix gradient, float* ofGradient, float* ofProduct)
    {
        nint stride = _channels;
        for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
        {
            var mean = Vector512.Load(BatchMean + channel);
            Vector512<float> s0 = default, s1 = default, p0 = default, p1 = default;
            float* from = x.Pointer + channel, g = gradient.Pointer + channel;
            var row = x.Rows;
            for (; row >= 2; row -= 2, from += 2 * stride, g += 2 * stride)
            {
                Vector512<float> g0 = Vector512.Load(g), g1 = Vector512.Load(g + stride);
                s0 += g0;
                s1 += g1;
                p0 = Vector512.FusedMultiplyAdd(g0, Vector512.Load(from) - mean, p0);
                p1 = Vector512.FusedMultiplyAdd(g1, Vector512.Load(from + stride) - mean, p1);
            }

            if (row > 0)
            {
                s0 += Vector512.Load(g);
                p0 = Vector512.FusedMultiplyAdd(Vector512.Load(g), Vector512.Load(from) - mean, p0);
            }

            (s0 + s1).Store(ofGradient + channel);
            (p0 + p1).Store(ofProduct + channel);
        }
    }

    private void Add(float* from, float* to)
    {
        for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
            (Vector512.Load(to + channel) + Vector512.Load(from + channel)).Store(to + channel);
    }

    /// <summary>Turns g into the gradient with respect to x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Return(in Matrix x, in Matrix gradient)
    {
        for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane)
        {
            Vector512<float> scale = Vector512.Load(Scale + channel), mean = Vector512.Load(BatchMean + channel);
            // Running statistics do not depend on x.
            var slope = _isMeasured ? Vector512.Load(Deviations + channel) : default;
            var middle = _isMeasured ? Vector512.Load(MeanGradient + channel) : default;
            float* from = x.Pointer + channel, g = gradient.Pointer + channel;
            for (var row = 0; row < x.Rows; row++, from += _channels, g += _channels)
            {
                var centred = Vector512.Load(g) - middle;
                (scale * Vector512.FusedMultiplyAdd(-(Vector512.Load(from) - mean), slope, centred)).Store(g);
            }
        }
    }
}

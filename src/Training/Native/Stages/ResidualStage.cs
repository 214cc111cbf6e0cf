using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// f(main(x) + shortcut(x)). It overwrites what the last stage of the main path gave, which must not need it again.
/// </summary>
internal sealed unsafe class ResidualStage : Stage
{
    private const int ChunkFloats = 4096;

    private readonly StageChain _main;
    private readonly StageChain _shortcut;
    private readonly ActivationPass _activation;
    private readonly FloatBuffer? _values;
    private readonly FloatBuffer _kept;
    private readonly int _pixels;
    private readonly int _channels;
    private readonly int _chunk;
    private readonly ThreadTeam _team;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _backward;
    private readonly ThreadTeam.TeamLoop _add;
    private Matrix _sums;
    private Matrix _results;
    private Matrix _around;
    private Matrix _after;
    private Matrix _keptRows;
    private Matrix _before;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    /// <param name="main">The layers.</param>
    /// <param name="shortcut">The way around them.</param>
    /// <param name="pixels">Pixels of an image after it, each padded to whole vectors.</param>
    /// <param name="channels">Values of a pixel.</param>
    /// <param name="activation">The function applied to the sum.</param>
    /// <param name="capacity">The most images of a batch.</param>
    /// <param name="team">The threads that share its loops.</param>
    public ResidualStage(
        StageChain main, StageChain shortcut, int pixels, int channels, Activation activation, int capacity,
        ThreadTeam team)
    {
        (_team, _forward, _backward, _add) = (team, ForwardChunks, BackwardChunks, AddRows);
        (_main, _shortcut, _activation) = (main, shortcut, ActivationPass.Create(activation));
        (_pixels, _channels) = (pixels, channels);
        _chunk = Math.Max(1, ChunkFloats / FloatBuffer.RoundUp(channels));
        var length = (long)capacity * pixels * FloatBuffer.RoundUp(channels);
        _values = _activation.NeedsArgument ? new(length) : null;
        _kept = new(length);
    }

    /// <inheritdoc />
    public override void BeginEpoch(int epoch)
    {
        _main.BeginEpoch(epoch);
        _shortcut.BeginEpoch(epoch);
    }

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        var sums = _main.Forward(input, learning);
        _around = Pixels(_shortcut.Forward(input, learning).Pointer, sums.Rows);
        _sums = Pixels(sums.Pointer, sums.Rows);
        _results = _values is null ? _sums : Pixels(_values.Pointer, sums.Rows);
        _team.For(Chunks(_sums), Work(_sums), _forward);
        return new(_results.Pointer, sums.Rows, sums.Columns, sums.RowStride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        (_after, _keptRows) = (Pixels(gradient.Pointer, gradient.Rows), Pixels(_kept.Pointer, gradient.Rows));
        _team.For(Chunks(_after), Work(_after), _backward);
        var before = _main.Backward(gradient, inputWanted);
        var around = _shortcut.Backward(
            new(_kept.Pointer, gradient.Rows, gradient.Columns, gradient.RowStride), inputWanted);
        if (!inputWanted)
            return default;
        (_before, _around) = (before, around);
        _team.For(before.Rows, Work(before), _add);
        return before;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _main.Dispose();
        _shortcut.Dispose();
        _values?.Dispose();
        _kept.Dispose();
    }

    private Matrix Pixels(float* images, int count) =>
        new(images, count * _pixels, _channels, FloatBuffer.RoundUp(_channels));

    private int Chunks(in Matrix pixels) => (pixels.Rows + _chunk - 1) / _chunk;

    private Matrix Chunk(in Matrix pixels, int chunk) =>
        pixels.RowsFrom(chunk * _chunk, Math.Min(_chunk, pixels.Rows - (chunk * _chunk)));

    private static long Work(in Matrix values) => (long)values.Rows * values.RowStride * ThreadTeam.ElementWork;

    private void ForwardChunks(int member, int first, int end)
    {
        for (var chunk = first; chunk < end; chunk++)
        {
            Add(Chunk(_sums, chunk), Chunk(_around, chunk));
            _activation.Forward(Chunk(_sums, chunk), null, Chunk(_results, chunk));
        }
    }

    private void BackwardChunks(int member, int first, int end)
    {
        for (var chunk = first; chunk < end; chunk++)
        {
            var part = Chunk(_after, chunk);
            _activation.Backward(Chunk(_results, chunk), Chunk(_sums, chunk), part, null);
            // Both paths may overwrite it.
            var length = part.Rows * part.RowStride;
            new Span<float>(part.Pointer, length).CopyTo(new(Chunk(_keptRows, chunk).Pointer, length));
        }
    }

    private void AddRows(int member, int first, int end) =>
        Add(_before.RowsFrom(first, end - first), _around.RowsFrom(first, end - first));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(in Matrix to, in Matrix from)
    {
        float* sum = to.Pointer, other = from.Pointer;
        for (var i = 0L; i < (long)to.Rows * to.RowStride; i += FloatBuffer.Lane)
            (Vector512.Load(sum + i) + Vector512.Load(other + i)).Store(sum + i);
    }
}

using Sweeps.Core.Trainings;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Data;

/// <summary>
/// The samples that one step reads, in buffers that every batch of a training reuses.
/// </summary>
internal sealed class Batch : IDisposable
{
    private readonly long[] _labels;
    private readonly float[] _targets;
    private readonly int[] _indices;
    private SparsityPattern? _pattern;
    private bool _isPatternKnown;
    private bool _isChanged;

    /// <summary>Buffers for up to <paramref name="capacity"/> samples of <paramref name="part"/>.</summary>
    public Batch(DataPart part, int capacity)
    {
        Part = part;
        Capacity = capacity;
        Inputs = new((long)capacity * part.Features);
        _labels = new long[part.Task == TaskKind.Classification ? capacity : 0];
        _targets = new float[part.Task == TaskKind.Classification ? 0 : capacity * part.Outputs];
        _indices = new int[capacity];
    }

    /// <summary>Where samples come from.</summary>
    public DataPart Part { get; }

    /// <summary>The most samples it holds.</summary>
    public int Capacity { get; }

    /// <summary>Samples in it now.</summary>
    public int Count { get; private set; }

    /// <summary>The samples' values, row after row without padding.</summary>
    public FloatBuffer Inputs { get; }

    /// <summary>The class of each sample; empty without classes.</summary>
    public ReadOnlySpan<long> Labels => _labels.AsSpan(0, Math.Min(Count, _labels.Length));

    /// <summary>The targets or labels of each sample, side by side; empty for classification.</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, Math.Min(Count * Part.Outputs, _targets.Length));

    /// <summary>The inputs as a matrix of samples by features.</summary>
    public unsafe Matrix Matrix => new(Inputs.Pointer, Count, Part.Features, Part.Features);

    /// <summary>
    /// Where the inputs are zero, worked out when it is first asked for; null: they are no bytes, or were changed.
    /// </summary>
    public SparsityPattern? Pattern
    {
        get
        {
            if (!Part.IsBytes || _isChanged)
                return null;
            _pattern ??= new(Capacity, Part.Features);
            if (!_isPatternKnown)
                Part.GatherPattern(_indices.AsSpan(0, Count), _pattern);
            _isPatternKnown = true;
            return _pattern;
        }
    }

    /// <summary>The inputs, to be changed by the caller.</summary>
    public Span<float> Change()
    {
        _isChanged = true;
        return Inputs.Span;
    }

    /// <summary>Takes the samples at <paramref name="indices"/>.</summary>
    public void Fill(ReadOnlySpan<int> indices)
    {
        Count = indices.Length;
        indices.CopyTo(_indices);
        (_isPatternKnown, _isChanged) = (false, false);
        Part.Gather(indices, Inputs.Span);
        if (_labels.Length > 0)
            Part.GatherLabels(indices, _labels);
        else
            Part.GatherTargets(indices, _targets);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Inputs.Dispose();
        _pattern?.Dispose();
    }
}

using System.Runtime.InteropServices;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Runs;

/// <summary>Judges a network on samples it does not learn from.</summary>
internal static class Evaluation
{
    /// <summary>Sums of loss and metric over the samples at <paramref name="indices"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">Buffers over the part that the samples belong to; its capacity is the batch size.</param>
    /// <param name="indices">The samples.</param>
    /// <param name="confusion">Receives counts [true class x predicted class], if not empty.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <param name="kept">Receives the outputs; null: nobody asks for them again.</param>
    public static BatchScore Score(
        Network network,
        Loss loss,
        Batch batch,
        ReadOnlySpan<int> indices,
        Span<int> confusion,
        CancellationToken cancellation,
        KeptOutputs? kept = null)
    {
        var score = default(BatchScore);
        var classes = (int)Math.Sqrt(confusion.Length);
        while (indices.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Fill(indices[..Math.Min(batch.Capacity, indices.Length)]);
            indices = indices[batch.Count..];
            var outputs = network.Forward(batch, learning: false);
            score += loss.Score(outputs, batch);
            kept?.Add(outputs, batch.Count);
            for (var row = 0; row < (confusion.IsEmpty ? 0 : batch.Count); row++)
                confusion[((int)batch.Labels[row] * classes)
                    + Loss.ClassOf(outputs.Row(row)[..outputs.Columns])]++;
        }

        return score;
    }

    /// <summary>The one look at the test part.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="kind">Which loss that is: it says what an output means.</param>
    /// <param name="batch">Buffers over the test part.</param>
    /// <param name="classes">Number of classes; 0 without classes.</param>
    /// <param name="shape">What the network is: its outputs stay with the part, for a report of this process.</param>
    /// <param name="asked">Names of further metrics, with blanks between; null: none.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public static TestReport Test(
        Network network, Loss loss, LossKind kind, Batch batch, int classes, NetworkShape shape, string? asked,
        CancellationToken cancellation)
    {
        var indices = new int[batch.Part.Count];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = i;
        var confusion = new int[classes * classes];
        var kept = KeptOutputs.Of(network, shape, batch.Part);
        var score = Score(network, loss, batch, indices, confusion, cancellation, kept);
        batch.Part.Kept = kept;
        var report = new TestReport(score.MeanLoss, score.MeanMetric, classes > 0 ? confusion : null, classes)
        {
            Metrics = asked is null ? null : ValidationMetrics.Of(asked, network, kind, batch, indices, cancellation),
        };
        if (batch.Part.Outputs == 1)
            return report;
        var (values, columns) = ValidationMetrics.AnswersOf(network, kind, batch, indices, cancellation);
        if (batch.Part.Task == TaskKind.MultiLabel)
        {
            var labels = new LabelReport(batch.Part.Targets, new(score.MeanLoss, score.MeanMetric, values, columns));
            return report with { Labels = [.. labels.Scores], ExactMatch = labels.ExactMatch };
        }

        return report with { Targets = ValidationMetrics.ScoresOf(batch.Part, indices, values) };
    }
}

/// <summary>
/// The outputs of a network for all samples of a part, so that who asks the same network again need not compute them.
/// Of the native engine alone, whose bits do not depend on how samples are put into batches.
/// </summary>
internal sealed class KeptOutputs
{
    /// <summary>16 MB: 262,144 samples of up to 16 classes, which all test sets with a name are below.</summary>
    private const long MostFloats = 1 << 22;

    private readonly string _network;
    private readonly float[] _floats;
    private readonly Matrix _matrix;
    private int _rows;

    private unsafe KeptOutputs(string network, int samples, int columns)
    {
        _network = network;
        var stride = (int)FloatBuffer.RoundUp(columns);
        // It stays where it is: the matrix is a view of it.
        _floats = GC.AllocateArray<float>(samples * stride, pinned: true);
        _matrix = new((float*)Marshal.UnsafeAddrOfPinnedArrayElement(_floats, 0), samples, columns, stride);
    }

    /// <summary>Room for what a network says of a part; null: it is not kept.</summary>
    public static KeptOutputs? Of(Network network, NetworkShape shape, DataPart part)
    {
        var columns = shape.Layers[^1].Output.Size;
        return network is StagedNetwork && part.Count * FloatBuffer.RoundUp(columns) <= MostFloats
            ? new(NameOf(network, shape), part.Count, (int)columns)
            : null;
    }

    /// <summary>Whether it holds what this network says.</summary>
    public bool IsOf(Network network, NetworkShape shape) =>
        network is StagedNetwork && _rows == _matrix.Rows && _network == NameOf(network, shape);

    /// <summary>Adds the outputs for the next samples.</summary>
    public void Add(Matrix outputs, int count)
    {
        for (var row = 0; row < count; row++)
            outputs.Row(row)[..outputs.Columns].CopyTo(_matrix.Row(_rows++));
    }

    /// <summary>The outputs for some samples; valid as long as this is.</summary>
    public Matrix Rows(int first, int count) => _matrix.RowsFrom(first, count);

    private static string NameOf(Network network, NetworkShape shape) =>
        $"{SafeTensors.Digest(network)} {shape.Architecture} on {shape.Input}";
}

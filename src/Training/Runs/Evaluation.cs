using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
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
    public static BatchScore Score(
        Network network,
        Loss loss,
        Batch batch,
        ReadOnlySpan<int> indices,
        Span<int> confusion,
        CancellationToken cancellation)
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
    /// <param name="cancellation">Checked between batches.</param>
    public static TestReport Test(
        Network network, Loss loss, LossKind kind, Batch batch, int classes, CancellationToken cancellation)
    {
        var indices = new int[batch.Part.Count];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = i;
        var confusion = new int[classes * classes];
        var score = Score(network, loss, batch, indices, confusion, cancellation);
        var report = new TestReport(score.MeanLoss, score.MeanMetric, classes > 0 ? confusion : null, classes);
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

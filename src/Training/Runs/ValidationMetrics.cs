using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Runs;

/// <summary>
/// The numbers of a validation set that need all of its answers together. Means over classes are over those that have
/// samples there, each as much as any other; a class that is never named has precision 0, so that no network gains by
/// leaving classes out. Means over labels likewise. Of several targets each number is the mean over them.
/// </summary>
internal static class ValidationMetrics
{
    /// <summary>The numbers that are asked for, of the network as it is.</summary>
    /// <param name="names">Names of <see cref="SweepMetric"/>, with blanks between.</param>
    /// <param name="network">The network.</param>
    /// <param name="loss">What it learned by: it says what an output means.</param>
    /// <param name="batch">Buffers over the part that the samples belong to.</param>
    /// <param name="indices">The samples.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public static MetricValues Of(
        string names,
        Network network,
        LossKind loss,
        Batch batch,
        ReadOnlySpan<int> indices,
        CancellationToken cancellation)
    {
        var (values, columns) = AnswersOf(network, loss, batch, indices, cancellation);
        var part = batch.Part;
        var asked = names.Split(' ');
        if (part.Task == TaskKind.Regression)
        {
            var score = TargetScore.Mean(ScoresOf(part, indices, values));
            return new(asked.Select(name => KeyValuePair.Create(name, OfNumbers(name, score))));
        }

        if (part.Task == TaskKind.MultiLabel)
        {
            var there = new float[indices.Length * part.Outputs];
            part.GatherTargets(indices, there);
            var judged = new LabelReport(there, new(0, 0, values, columns));
            return new(asked.Select(name => KeyValuePair.Create(name, OfLabels(name, judged))));
        }

        var labels = new int[indices.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = part.Labels[indices[i]];
        var report = new ClassReport(labels, new(0, 0, values, columns));
        return new(asked.Select(name => KeyValuePair.Create(name, OfClasses(name, labels, values, columns, report))));
    }

    /// <summary>How near the answers come to each target.</summary>
    public static TargetScore[] ScoresOf(DataPart part, ReadOnlySpan<int> indices, float[] values)
    {
        var targets = new float[indices.Length * part.Outputs];
        part.GatherTargets(indices, targets);
        return TargetScore.Of(targets, values, part.Outputs);
    }

    /// <summary>What the network says of samples, a value for each class or target of each.</summary>
    public static (float[] Values, int Columns) AnswersOf(
        Network network, LossKind loss, Batch batch, ReadOnlySpan<int> indices, CancellationToken cancellation)
    {
        var outputsOfOne = network.Forward(FirstOf(batch, indices), learning: false).Columns;
        var columns = batch.Part.Task == TaskKind.Classification ? Math.Max(2, outputsOfOne) : outputsOfOne;
        var values = new float[indices.Length * columns];
        for (var done = 0; done < indices.Length; done += batch.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Fill(indices.Slice(done, Math.Min(batch.Capacity, indices.Length - done)));
            var outputs = network.Forward(batch, learning: false);
            for (var row = 0; row < batch.Count; row++)
                Answers(outputs.Row(row)[..outputsOfOne], loss, values.AsSpan((done + row) * columns, columns));
        }

        return (values, columns);
    }

    private static Batch FirstOf(Batch batch, ReadOnlySpan<int> indices)
    {
        batch.Fill(indices[..1]);
        return batch;
    }

    /// <summary>Outputs as probabilities, from operations with the same bits on every processor.</summary>
    private static void Answers(ReadOnlySpan<float> outputs, LossKind loss, Span<float> answers)
    {
        if (outputs.Length < answers.Length)
        {
            // One output for two classes.
            answers[1] = VectorMath.Sigmoid(System.Runtime.Intrinsics.Vector512.Create(outputs[0]))[0];
            answers[0] = 1 - answers[1];
            return;
        }

        outputs.CopyTo(answers);
        if (loss == LossKind.MeanSquaredError)
            return;
        var isSoftmax = loss == LossKind.CrossEntropy;
        var largest = isSoftmax ? outputs[Loss.Predict(outputs)] : 0;
        var sum = 0f;
        foreach (ref var answer in answers)
        {
            answer = isSoftmax
                ? VectorMath.Exp(System.Runtime.Intrinsics.Vector512.Create(answer - largest))[0]
                : VectorMath.Sigmoid(System.Runtime.Intrinsics.Vector512.Create(answer))[0];
            sum += answer;
        }

        foreach (ref var answer in isSoftmax ? answers : [])
            answer /= sum;
    }

    private static double OfLabels(string name, LabelReport report) => name switch
    {
        SweepMetric.ValidationPrecision => LabelScore.Macro(
            report.Scores, score => double.IsNaN(score.Precision) ? 0 : score.Precision),
        SweepMetric.ValidationRecall => LabelScore.Macro(report.Scores, score => score.Recall),
        SweepMetric.ValidationF1 => LabelScore.Macro(report.Scores, score => score.F1),
        SweepMetric.ValidationRocAuc => LabelScore.Macro(report.Scores, score => score.RocAuc),
        SweepMetric.ValidationExactMatch => report.ExactMatch,
        _ => double.NaN,
    };

    private static double OfClasses(string name, int[] labels, float[] values, int columns, ClassReport report) =>
        name switch
        {
            SweepMetric.ValidationPrecision =>
                report.Macro(score => double.IsNaN(score.Precision) ? 0 : score.Precision),
            SweepMetric.ValidationRecall or SweepMetric.ValidationBalancedAccuracy =>
                report.Macro(score => score.Recall),
            SweepMetric.ValidationF1 => report.Macro(score => score.F1),
            SweepMetric.ValidationRocAuc => report.Macro(score => score.RocAuc),
            SweepMetric.ValidationTop3 => ShareAmong(3, labels, values, columns),
            SweepMetric.ValidationTop5 => ShareAmong(5, labels, values, columns),
            _ => double.NaN,
        };

    /// <summary>Share of the samples whose class is among the few with the largest values, the first of equals.
    /// </summary>
    private static double ShareAmong(int most, int[] labels, float[] values, int columns)
    {
        var right = 0;
        for (var sample = 0; sample < labels.Length; sample++)
        {
            var own = values.AsSpan(sample * columns, columns);
            var before = 0;
            for (var column = 0; column < columns; column++)
            {
                before += own[column] > own[labels[sample]]
                    || (own[column] == own[labels[sample]] && column < labels[sample]) ? 1 : 0;
            }

            right += before < most ? 1 : 0;
        }

        return (double)right / labels.Length;
    }

    private static double OfNumbers(string name, TargetScore score) => name switch
    {
        SweepMetric.ValidationSquaredError => score.SquaredError,
        SweepMetric.ValidationR2 => score.R2,
        _ => double.NaN,
    };
}

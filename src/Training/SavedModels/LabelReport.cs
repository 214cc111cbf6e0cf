using Sweeps.Core.Trainings;

namespace Sweeps.Training.SavedModels;

/// <summary>
/// The usual measures of several labels, from what is there and the network's answers: of each label those of its two
/// classes, there and not there, at a probability of one half. Means over labels are over those that a sample has
/// (<see cref="LabelScore.Macro"/>).
/// </summary>
public sealed class LabelReport
{
    private readonly ClassReport[] _labels;

    /// <summary>Works them out.</summary>
    /// <param name="truth">1 where a label is there, else 0: [samples x labels].</param>
    /// <param name="answers">The network's answers for the same samples: the probability of each label.</param>
    public LabelReport(ReadOnlySpan<float> truth, ModelAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var columns = answers.Columns;
        var there = truth.ToArray();
        _labels = [.. Enumerable.Range(0, columns).Select(label => ReportOf(there, answers, label))];
        Scores = [.. _labels.Select(ScoreOf)];
        var samples = there.Length / Math.Max(1, columns);
        var exact = Enumerable.Range(0, samples).Count(sample => IsExact(there, answers, sample));
        ExactMatch = samples > 0 ? (double)exact / samples : double.NaN;
    }

    /// <summary>A score a label, in their order.</summary>
    public IReadOnlyList<LabelScore> Scores { get; }

    /// <summary>Share of the samples of which all labels are answered rightly.</summary>
    public double ExactMatch { get; }

    /// <summary>The ROC curve of a label, as <see cref="ClassReport.RocCurve"/>.</summary>
    /// <param name="label">The label, from 0.</param>
    public IReadOnlyList<(double FalsePositives, double TruePositives)> RocCurve(int label) =>
        _labels[label].RocCurve(1);

    /// <summary>Whether a label is said to be there.</summary>
    public static bool IsThere(float probability) => probability > 0.5f;

    private static bool IsExact(float[] there, ModelAnswers answers, int sample)
    {
        var values = answers.Of(sample);
        for (var label = 0; label < values.Length; label++)
        {
            if (IsThere(values[label]) != there[(sample * values.Length) + label] > 0)
                return false;
        }

        return true;
    }

    private static ClassReport ReportOf(float[] there, ModelAnswers answers, int label)
    {
        var samples = there.Length / answers.Columns;
        var (labels, values) = (new int[samples], new float[2 * samples]);
        for (var sample = 0; sample < samples; sample++)
        {
            labels[sample] = (int)there[(sample * answers.Columns) + label];
            values[(2 * sample) + 1] = answers.Of(sample)[label];
            values[2 * sample] = 1 - values[(2 * sample) + 1];
        }

        return new(labels, answers with { Values = values, Columns = 2 });
    }

    private static LabelScore ScoreOf(ClassReport label) => new(
        label.Confusion[3], label.Confusion[1], label.Confusion[2], label.Confusion[0], label.Classes[1].RocAuc);
}

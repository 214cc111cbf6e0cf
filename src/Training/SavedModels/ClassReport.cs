namespace Sweeps.Training.SavedModels;

/// <summary>How well one class is recognised; NaN where a number does not exist.</summary>
/// <param name="Samples">Samples of the class.</param>
/// <param name="Precision">Share of the samples named so that are.</param>
/// <param name="Recall">Share of the class's samples that are named so.</param>
/// <param name="F1">The harmonic mean of both: 2 TP / (2 TP + FP + FN).</param>
/// <param name="RocAuc">Area under the class's ROC curve, this class against all others.</param>
public sealed record ClassScore(int Samples, double Precision, double Recall, double F1, double RocAuc);

/// <summary>The usual measures of a classification, from labels and the network's answers.</summary>
public sealed class ClassReport
{
    private readonly int[] _labels;
    private readonly ModelAnswers _answers;

    /// <summary>Works them out.</summary>
    /// <param name="labels">The true class of each sample, from 0.</param>
    /// <param name="answers">The network's answers for the same samples: a value for each class.</param>
    public ClassReport(ReadOnlySpan<int> labels, ModelAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        (_labels, _answers) = (labels.ToArray(), answers);
        Confusion = new int[answers.Columns * answers.Columns];
        for (var sample = 0; sample < labels.Length; sample++)
            Confusion[(labels[sample] * answers.Columns) + answers.ClassOf(sample)]++;
        Classes = [.. Enumerable.Range(0, answers.Columns).Select(Score)];
    }

    /// <summary>Counts [true class x predicted class].</summary>
    public int[] Confusion { get; }

    /// <summary>The classes in order.</summary>
    public IReadOnlyList<ClassScore> Classes { get; }

    /// <summary>The mean over the classes that have the number, each class as much as any other.</summary>
    public double Macro(Func<ClassScore, double> number)
    {
        double[] known = [.. Classes.Where(score => score.Samples > 0).Select(number).Where(double.IsFinite)];
        return known.Length > 0 ? known.Average() : double.NaN;
    }

    /// <summary>
    /// The ROC curve of a class against all others: false positive rate and true positive rate at each threshold on the
    /// class's value, from none to all; samples of equal value come together (Fawcett 2006, algorithm 1).
    /// </summary>
    /// <param name="label">The class, from 0.</param>
    public IReadOnlyList<(double FalsePositives, double TruePositives)> RocCurve(int label)
    {
        var order = Enumerable.Range(0, _labels.Length)
            .OrderByDescending(sample => _answers.Of(sample)[label]).ToArray();
        var positives = _labels.Count(known => known == label);
        var negatives = _labels.Length - positives;
        if (positives == 0 || negatives == 0)
            return [];
        var curve = new List<(double, double)> { (0, 0) };
        var (right, wrong) = (0, 0);
        for (var i = 0; i < order.Length; i++)
        {
            (right, wrong) = _labels[order[i]] == label ? (right + 1, wrong) : (right, wrong + 1);
            if (i + 1 == order.Length || _answers.Of(order[i + 1])[label] != _answers.Of(order[i])[label])
                curve.Add(((double)wrong / negatives, (double)right / positives));
        }

        return curve;
    }

    /// <summary>The samples named wrongly, those that the network was surest of first.</summary>
    public IEnumerable<int> Wrong() => Enumerable.Range(0, _labels.Length)
        .Where(sample => _answers.ClassOf(sample) != _labels[sample])
        .OrderByDescending(sample => _answers.Of(sample)[_answers.ClassOf(sample)]);

    private ClassScore Score(int label)
    {
        var columns = _answers.Columns;
        var right = Confusion[(label * columns) + label];
        var named = Enumerable.Range(0, columns).Sum(row => Confusion[(row * columns) + label]);
        var samples = Enumerable.Range(0, columns).Sum(column => Confusion[(label * columns) + column]);
        return new(
            samples, Share(right, named), Share(right, samples), Share(2 * right, named + samples),
            AreaUnder(RocCurve(label)));
    }

    private static double Share(int part, int whole) => whole > 0 ? (double)part / whole : double.NaN;

    // Trapezoids: half of what ties leave open.
    private static double AreaUnder(IReadOnlyList<(double X, double Y)> curve) => curve.Count == 0
        ? double.NaN
        : curve.Zip(curve.Skip(1)).Sum(step => (step.Second.X - step.First.X) * (step.First.Y + step.Second.Y) / 2);
}

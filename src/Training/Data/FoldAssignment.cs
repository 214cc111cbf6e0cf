using Sweeps.Core;
using Sweeps.Core.Randomness;

namespace Sweeps.Training.Data;

/// <summary>
/// Which fold each sample belongs to: the one in which it is validated. Depends on the labels, the number of folds, the
/// repeat and the seed alone, so that all configurations of a sweep are judged on the same folds.
/// </summary>
internal sealed class FoldAssignment
{
    private readonly int[] _foldOf;

    private FoldAssignment(int[] foldOf, int folds) => (_foldOf, Folds) = (foldOf, folds);

    /// <summary>Number of folds.</summary>
    public int Folds { get; }

    /// <summary>The fold of each sample, from 0.</summary>
    public ReadOnlySpan<int> FoldOf => _foldOf;

    /// <summary>
    /// Stratified: between any two folds, the number of samples of a class differs by at most one, and so does the
    /// number of all samples. As in scikit-learn's StratifiedKFold, a class with fewer samples than folds is accepted
    /// (some folds lack it) as long as some class has enough.
    /// </summary>
    /// <param name="labels">The class of each sample, from 0.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">The seed of the sweep.</param>
    /// <param name="repeat">Which of several divisions, from 0; each shuffles anew.</param>
    /// <exception cref="SweepsException">More folds than samples, or than samples of every class.</exception>
    public static FoldAssignment Stratified(ReadOnlySpan<int> labels, int folds, long seed, int repeat = 0)
    {
        CheckFolds(folds, labels.Length);
        var members = ClassMembers.Of(labels);
        var largest = members.Max(samples => samples.Length);
        if (largest < folds)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"{folds} stratified folds need a class with at least {folds} samples, but the largest class has "
                + $"{largest}; use fewer folds.");
        }

        var foldOf = new int[labels.Length];
        var next = 0;
        for (var label = 0; label < members.Length; label++)
        {
            Shuffle(members[label], seed, label, repeat);
            // Each class goes on where the one before ended: otherwise the first folds would collect every class's
            // remainder.
            foreach (var sample in members[label])
                foldOf[sample] = next++ % folds;
        }

        return new(foldOf, folds);
    }

    /// <summary>No group in two folds; stratified as far as the groups allow.</summary>
    /// <param name="labels">The class of each sample, from 0; all 0 for a regression.</param>
    /// <param name="groups">The group of each sample, from 0.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">The seed of the sweep.</param>
    /// <param name="repeat">Which of several divisions, from 0.</param>
    /// <exception cref="SweepsException">More folds than groups.</exception>
    public static FoldAssignment Grouped(
        ReadOnlySpan<int> labels, ReadOnlySpan<int> groups, int folds, long seed, int repeat = 0)
    {
        CheckFolds(folds, labels.Length);
        if (GroupDealing.Count(groups) is var count && count < folds)
        {
            throw new SweepsException(ErrorKind.Usage,
                $"{folds} folds need at least {folds} groups, but there are {count} to learn from; use fewer folds.");
        }

        return new(GroupDealing.Deal(labels, groups, [.. Enumerable.Repeat(1.0 / folds, folds)], seed, repeat), folds);
    }

    /// <summary>Without classes: the sizes of the folds differ by at most one.</summary>
    /// <inheritdoc cref="Stratified" />
    public static FoldAssignment Plain(int samples, int folds, long seed, int repeat = 0)
    {
        CheckFolds(folds, samples);
        var order = new int[samples];
        new RandomStream(new(seed, Purpose.Folds, Fold: repeat)).FillPermutation(order);
        var foldOf = new int[samples];
        for (var i = 0; i < samples; i++)
            foldOf[order[i]] = i % folds;
        return new(foldOf, folds);
    }

    /// <summary>Learns from all folds but one, which is the validation set.</summary>
    /// <param name="fold">From 0.</param>
    public SampleSplit Hold(int fold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, Folds);
        var held = _foldOf.Count(of => of == fold);
        var validation = new int[held];
        var training = new int[_foldOf.Length - held];
        int v = 0, t = 0;
        for (var sample = 0; sample < _foldOf.Length; sample++)
        {
            if (_foldOf[sample] == fold)
                validation[v++] = sample;
            else
                training[t++] = sample;
        }

        return new(training, validation);
    }

    internal static void Shuffle(int[] samples, long seed, int label, int repeat = 0) =>
        new RandomStream(new(seed, Purpose.Folds, Fold: repeat, Index: label)).Shuffle(samples.AsSpan());

    private static void CheckFolds(int folds, int samples)
    {
        if (folds < 2)
            throw new SweepsException(ErrorKind.Usage, $"Cross-validation needs at least 2 folds, not {folds}.");
        if (folds > samples)
            throw new SweepsException(ErrorKind.Usage,
                $"{folds} folds need at least {folds} samples, but there are {samples}; use fewer folds or more "
                + "samples.");
    }
}

/// <summary>The samples of each class.</summary>
internal static class ClassMembers
{
    /// <summary>
    /// One list a class, up to the largest label, each in ascending order; classes without samples have empty ones.
    /// </summary>
    /// <param name="labels">From 0, and below the number of samples or below 65,536: labels are numbered
    /// classes.</param>
    public static int[][] Of(ReadOnlySpan<int> labels)
    {
        var classes = 0;
        foreach (var label in labels)
        {
            if (label < 0 || label >= Math.Max(labels.Length, 65_536))
                throw new ArgumentOutOfRangeException(nameof(labels), label,
                    "Labels are numbered from 0 without large gaps.");
            classes = Math.Max(classes, label + 1);
        }

        var counts = new int[classes];
        foreach (var label in labels)
            counts[label]++;
        var members = Array.ConvertAll(counts, count => new int[count]);
        Array.Clear(counts);
        for (var sample = 0; sample < labels.Length; sample++)
            members[labels[sample]][counts[labels[sample]]++] = sample;
        return members;
    }
}

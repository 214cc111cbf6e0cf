using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data;

/// <summary>
/// The samples to learn from and those to validate on: indices into the training part of a data set, ascending, no
/// sample in both. The same for every configuration of a sweep.
/// </summary>
/// <param name="Training">Samples to learn from.</param>
/// <param name="Validation">Samples held out; empty for <see cref="Split.All"/>.</param>
public sealed record SampleSplit(int[] Training, int[] Validation)
{
    /// <summary>
    /// Divides samples that have classes, stratified. A hold-out set has round(fraction x samples) samples, at least
    /// one, and of each class its share, rounded down or up (largest remainders first); like scikit-learn's
    /// StratifiedShuffleSplit it needs two samples of each class, and as many samples as classes on both sides.
    /// </summary>
    /// <param name="split">How to divide.</param>
    /// <param name="labels">The class of each sample, from 0.</param>
    /// <param name="seed">The seed of the sweep.</param>
    /// <param name="limit">Use only that many samples, chosen at random by the seed before dividing; null: all.</param>
    /// <param name="classNames">The classes' names, for messages; null: their numbers.</param>
    /// <exception cref="SweepsException">Too few samples for this split.</exception>
    public static SampleSplit Of(
        Split split,
        ReadOnlySpan<int> labels,
        long seed,
        int? limit = null,
        IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (Choose(labels.Length, seed, limit) is { } chosen)
        {
            var kept = new int[chosen.Length];
            for (var i = 0; i < chosen.Length; i++)
                kept[i] = labels[chosen[i]];
            return Of(split, kept, seed, classNames: classNames).Through(chosen);
        }

        return split.Kind switch
        {
            SplitKind.KFold => FoldAssignment.Stratified(labels, split.Folds, seed, split.Repeat).Hold(split.Fold),
            SplitKind.Holdout => HoldOut(
                ClassMembers.Of(labels), labels.Length, split.Fraction, seed, classNames),
            SplitKind.First => HoldOutFirst(split.Count, labels.Length),
            _ => Everything(labels.Length),
        };
    }

    /// <summary>Divides samples without classes (regression): the same rules, without strata.</summary>
    /// <inheritdoc cref="Of(Split, ReadOnlySpan{int}, long, int?, IReadOnlyList{string})" />
    /// <param name="split">How to divide.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="seed">The seed of the sweep.</param>
    /// <param name="limit">Use only that many samples, chosen at random by the seed before dividing; null: all.</param>
    public static SampleSplit Of(Split split, int samples, long seed, int? limit = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (Choose(samples, seed, limit) is { } chosen)
            return Of(split, chosen.Length, seed).Through(chosen);
        return split.Kind switch
        {
            SplitKind.KFold => FoldAssignment.Plain(samples, split.Folds, seed, split.Repeat).Hold(split.Fold),
            SplitKind.Holdout => HoldOut([Everything(samples).Training], samples, split.Fraction, seed),
            SplitKind.First => HoldOutFirst(split.Count, samples),
            _ => Everything(samples),
        };
    }

    /// <summary>Divides a part of a data set as its samples ask for: by classes, combinations of labels, groups, or
    /// none of them.</summary>
    /// <param name="split">How to divide.</param>
    /// <param name="part">The part.</param>
    /// <param name="seed">The seed of the sweep.</param>
    /// <param name="limit">Use only that many samples, chosen at random by the seed before dividing; null: all.</param>
    /// <param name="classNames">The classes' names, for messages; null: their numbers.</param>
    /// <exception cref="SweepsException">Too few samples or groups for this split.</exception>
    public static SampleSplit Of(
        Split split, DataPart part, long seed, int? limit = null, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (!part.Groups.IsEmpty)
            return OfGroups(split, part, seed, limit);
        if (part.Task == TaskKind.MultiLabel && split.Kind is SplitKind.KFold or SplitKind.Holdout)
        {
            var chosen = Choose(part.Count, seed, limit) ?? Everything(part.Count).Training;
            return Of(split, StrataOf(split, part, chosen), seed).Through(chosen);
        }

        return part.Task == TaskKind.Classification
            ? Of(split, part.Labels, seed, limit, classNames)
            : Of(split, part.Count, seed, limit);
    }

    // The class of each sample, its stratum where there are several labels, or 0.
    private static int[] StrataOf(Split split, DataPart part, int[] chosen)
    {
        if (part.Task == TaskKind.Classification)
            return Array.ConvertAll(chosen, sample => part.Labels[sample]);
        if (part.Task == TaskKind.Regression)
            return new int[chosen.Length];
        var labels = new float[chosen.Length * part.Outputs];
        part.GatherTargets(chosen, labels);
        var smaller = Math.Min(split.Fraction, 1 - split.Fraction);
        var least = split.Kind == SplitKind.KFold ? split.Folds
            : smaller > 0 ? (int)Math.Min(int.MaxValue, Math.Ceiling(1 / smaller)) : 1;
        return LabelStrata.Of(labels, part.Outputs, least);
    }

    private static SampleSplit OfGroups(Split split, DataPart part, long seed, int? limit)
    {
        var chosen = Choose(part.Count, seed, limit) ?? Everything(part.Count).Training;
        var (labels, groups) = (StrataOf(split, part, chosen), new int[chosen.Length]);
        for (var i = 0; i < chosen.Length; i++)
            groups[i] = part.Groups[chosen[i]];
        return (split.Kind switch
        {
            SplitKind.KFold =>
                FoldAssignment.Grouped(labels, groups, split.Folds, seed, split.Repeat).Hold(split.Fold),
            SplitKind.Holdout => HoldOutGroups(labels, groups, split.Fraction, seed),
            SplitKind.First => HoldOutFirstGroups(groups, split.Count),
            _ => Everything(chosen.Length),
        }).Through(chosen);
    }

    private static SampleSplit HoldOutGroups(int[] labels, int[] groups, double fraction, long seed)
    {
        if (GroupDealing.Count(groups) < 2)
            throw new SweepsException(
                ErrorKind.Usage, "Holding out needs at least 2 groups, but all samples to learn from are of one.");
        var parts = GroupDealing.Deal(labels, groups, [fraction, 1 - fraction], seed, repeat: 0);
        int[] Samples(int of) => [.. Enumerable.Range(0, parts.Length).Where(sample => parts[sample] == of)];
        return new(Samples(1), Samples(0));
    }

    private static SampleSplit HoldOutFirst(int count, int samples)
    {
        if (count >= samples)
        {
            throw new SweepsException(ErrorKind.Usage, string.Create(
                CultureInfo.InvariantCulture,
                $"Holding out the first {count} of {samples} samples leaves none to learn from; use fewer, or more "
                + $"samples."));
        }

        return new([.. Enumerable.Range(count, samples - count)], [.. Enumerable.Range(0, count)]);
    }

    private static SampleSplit HoldOutFirstGroups(int[] groups, int count)
    {
        var split = HoldOutFirst(count, groups.Length);
        var held = split.Validation.Select(sample => groups[sample]).ToHashSet();
        return split.Training.Any(sample => held.Contains(groups[sample]))
            ? throw new SweepsException(ErrorKind.Usage, string.Create(
                CultureInfo.InvariantCulture,
                $"The first {count} samples end within a group, which would be on both sides; use a number of samples "
                + $"at which a group ends, or a fraction."))
            : split;
    }

    private static int[]? Choose(int samples, long seed, int? limit)
    {
        if (limit is not { } count)
            return null;
        if (count < 1)
            throw new SweepsException(ErrorKind.Usage, $"The sample limit is {count}; at least 1 sample is needed.");
        if (count >= samples)
            return null;
        var order = new int[samples];
        new RandomStream(new(seed, Purpose.Subset)).FillPermutation(order);
        var chosen = order[..count];
        Array.Sort(chosen);
        return chosen;
    }

    private static SampleSplit Everything(int samples)
    {
        if (samples == 0)
            throw new SweepsException(ErrorKind.Data, "The data set has no samples to learn from.");
        return new([.. Enumerable.Range(0, samples)], []);
    }

    private static SampleSplit HoldOut(
        int[][] members, int samples, double fraction, long seed, IReadOnlyList<string>? classNames = null)
    {
        var held = Math.Max(1, (int)Math.Round(fraction * samples, MidpointRounding.AwayFromZero));
        var classes = members.Count(group => group.Length > 0);
        CheckHoldOut(members, samples, fraction, held, classes, classNames);
        var shares = Shares(members, samples, held);
        var training = new List<int>(samples - held);
        var validation = new List<int>(held);
        for (var label = 0; label < members.Length; label++)
        {
            FoldAssignment.Shuffle(members[label], seed, label);
            validation.AddRange(members[label].AsSpan(0, shares[label]));
            training.AddRange(members[label].AsSpan(shares[label]));
        }

        training.Sort();
        validation.Sort();
        return new([.. training], [.. validation]);
    }

    /// <summary>
    /// How many samples of each class are held out: the exact share rounded down, then the largest remainders up.
    /// </summary>
    private static int[] Shares(int[][] members, int samples, int held)
    {
        // Exact in integers: share = count x held / samples.
        var shares = Array.ConvertAll(members, group => (int)((long)group.Length * held / samples));
        var rest = held - shares.Sum();
        var byRemainder = Enumerable.Range(0, members.Length)
            .OrderByDescending(label => (long)members[label].Length * held % samples)
            .ThenBy(label => label);
        foreach (var label in byRemainder.Take(rest))
            shares[label]++;
        return shares;
    }

    private static void CheckHoldOut(
        int[][] members, int samples, double fraction, int held, int classes, IReadOnlyList<string>? classNames)
    {
        if (held < classes || samples - held < classes)
        {
            throw new SweepsException(ErrorKind.Usage, string.Create(
                CultureInfo.InvariantCulture,
                $"Holding out {fraction} of {samples} samples leaves {samples - held} to learn from and {held} to "
                + $"validate on; each side needs at least {Math.Max(classes, 1)}, one a class: use another fraction "
                + $"or more samples."));
        }

        var single = Array.FindIndex(members, group => group.Length == 1);
        if (single >= 0 && members.Length > 1)
        {
            var name = classNames is null ? $"{single}" : $"'{classNames[single]}'";
            throw new SweepsException(
                ErrorKind.Usage,
                $"Class {name} has only 1 sample, so that it cannot be on both sides of a hold-out; remove the "
                + "class or add samples.");
        }
    }

    private SampleSplit Through(int[] chosen) =>
        new(Array.ConvertAll(Training, i => chosen[i]), Array.ConvertAll(Validation, i => chosen[i]));
}

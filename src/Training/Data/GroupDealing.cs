using System.Numerics;
using Sweeps.Core.Randomness;

namespace Sweeps.Training.Data;

/// <summary>
/// Deals whole groups of samples to the parts of a split, so that each part has about its share of every class. Large
/// groups come first, those of about one size in an order of chance; each goes where it leaves the sum of squared
/// shares of the classes, weighted by what a part should have, smallest (a greedy form of least squares).
/// </summary>
internal static class GroupDealing
{
    /// <summary>The part of each sample.</summary>
    /// <param name="labels">The class of each sample, from 0; all 0 for a regression.</param>
    /// <param name="groups">The group of each sample, from 0; at least as many groups as parts.</param>
    /// <param name="shares">The share of the samples that each part should have, adding up to 1.</param>
    /// <param name="seed">The seed of the sweep.</param>
    /// <param name="repeat">Which of several divisions, from 0.</param>
    public static int[] Deal(
        ReadOnlySpan<int> labels, ReadOnlySpan<int> groups, double[] shares, long seed, int repeat)
    {
        var (classes, count) = (Most(labels) + 1, Most(groups) + 1);
        var counts = new int[count, classes];
        var sizes = new int[count];
        var totals = new int[classes];
        for (var sample = 0; sample < groups.Length; sample++)
        {
            counts[groups[sample], labels[sample]]++;
            sizes[groups[sample]]++;
            totals[labels[sample]]++;
        }

        var order = new int[count];
        new RandomStream(new(seed, Purpose.Folds, Fold: repeat)).FillPermutation(order);
        // Numbers without a sample are no groups: a limit of samples may leave some out.
        var waiting = order.Where(group => sizes[group] > 0)
            .OrderByDescending(group => BitOperations.Log2((uint)sizes[group])).ToList();
        var (held, filled) = (new int[shares.Length, classes], new int[shares.Length]);
        var partOf = new int[count];
        for (var i = 0; i < waiting.Count; i++)
        {
            var group = waiting[i];
            // No part stays empty while there are groups.
            var mustFill = waiting.Count - i <= filled.Count(samples => samples == 0);
            var part = Enumerable.Range(0, shares.Length).Where(p => !mustFill || filled[p] == 0)
                .MinBy(p => (Cost(group, p), filled[p] / shares[p], p));
            partOf[group] = part;
            filled[part] += sizes[group];
            for (var label = 0; label < classes; label++)
                held[part, label] += counts[group, label];
        }

        var parts = new int[groups.Length];
        for (var sample = 0; sample < parts.Length; sample++)
            parts[sample] = partOf[groups[sample]];
        return parts;

        double Cost(int group, int part)
        {
            var cost = 0.0;
            for (var label = 0; label < classes; label++)
            {
                if (counts[group, label] == 0)
                    continue;
                var before = (double)held[part, label] / totals[label];
                var more = (double)counts[group, label] / totals[label];
                cost += more * (2 * before + more) / shares[part];
            }

            return cost;
        }
    }

    /// <summary>How many different groups there are.</summary>
    public static int Count(ReadOnlySpan<int> groups)
    {
        var seen = new HashSet<int>();
        foreach (var group in groups)
            seen.Add(group);
        return seen.Count;
    }

    private static int Most(ReadOnlySpan<int> numbers)
    {
        var most = 0;
        foreach (var number in numbers)
            most = Math.Max(most, number);
        return most;
    }
}

using System.Globalization;

namespace Sweeps.Training.Data;

/// <summary>
/// What samples with several labels are divided by, as others are by their class: each combination of labels that
/// enough samples have is a stratum of its own, and all rarer ones together are one more (those "label powersets" are
/// compared with plain division by Sechidis et al., ECML PKDD 2011).
/// </summary>
internal static class LabelStrata
{
    /// <summary>The stratum of each sample, from 0. It depends on the labels alone, not on the order of the samples.
    /// </summary>
    /// <param name="labels">1 where a label is there, else 0: [samples x <paramref name="columns"/>].</param>
    /// <param name="columns">Labels of a sample.</param>
    /// <param name="least">Samples that a stratum has at least: so many that each part gets one. Where the rare ones
    /// are fewer, they go to the smallest other stratum.</param>
    public static int[] Of(ReadOnlySpan<float> labels, int columns, int least)
    {
        var combinations = new string[labels.Length / columns];
        for (var sample = 0; sample < combinations.Length; sample++)
            combinations[sample] = NameOf(labels.Slice(sample * columns, columns));
        var counts = combinations.CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        List<string> large =
            [.. counts.Where(pair => pair.Value >= least).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        var rare = counts.Where(pair => pair.Value < least).Sum(pair => pair.Value);
        var rest = rare >= least || large.Count == 0 ? large.Count : large.IndexOf(large.MinBy(name => counts[name])!);
        var strata = large.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return Array.ConvertAll(combinations, name => strata.GetValueOrDefault(name, rest));
    }

    private static string NameOf(ReadOnlySpan<float> labels)
    {
        var there = new List<string>();
        for (var label = 0; label < labels.Length; label++)
        {
            if (labels[label] > 0)
                there.Add(label.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(' ', there);
    }
}

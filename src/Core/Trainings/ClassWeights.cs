using System.Globalization;

namespace Sweeps.Core.Trainings;

/// <summary>
/// What a sample of each class counts while a training learns, as text: <c>balanced</c>, or <c>no=1, yes=5</c> with the
/// names of classes in ordinal order. What a class that is not named counts is 1. The loss of each sample is multiplied
/// by its class's weight and divided by the number of samples, as Keras does: PyTorch divides by the sum of the batch's
/// weights instead, so that what a sample counts there depends on its neighbours.
/// </summary>
public static class ClassWeights
{
    /// <summary>Samples / (classes x samples of the class), over the samples that are learned from: as
    /// scikit-learn.</summary>
    public const string Balanced = "balanced";

    /// <summary>Every class counts 1: no weights.</summary>
    public const string None = "none";

    /// <summary>The largest weight.</summary>
    public const double Most = 1e6;

    /// <summary>The text of named weights.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, double>> weights) => string.Join(
        ", ",
        weights.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value + 0.0:R}")));

    /// <summary>What a text of named weights says, in its order; null: it is none.</summary>
    public static IReadOnlyList<KeyValuePair<string, double>>? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var weights = new List<KeyValuePair<string, double>>();
        foreach (var part in text.Split(','))
        {
            var equals = part.LastIndexOf('=');
            var name = equals < 0 ? "" : part[..equals].Trim();
            const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (name.Length == 0
                || !double.TryParse(part[(equals + 1)..].Trim(), Style, CultureInfo.InvariantCulture, out var weight)
                || !(weight >= 0 && weight <= Most))
            {
                return null;
            }

            weights.Add(new(name, weight));
        }

        return weights;
    }

    /// <summary>The names in a text that are none of the data's classes; empty: none is.</summary>
    public static IReadOnlyList<string> Unknown(string text, IEnumerable<string> classes) => text == Balanced
        ? []
        : [.. (Read(text) ?? []).Select(pair => pair.Key).Except(classes, StringComparer.Ordinal)];

    /// <summary>The weight of each class.</summary>
    /// <param name="text">What the configuration says.</param>
    /// <param name="classes">The classes' names.</param>
    /// <param name="counts">Samples of each class that are learned from.</param>
    public static float[] Of(string text, IReadOnlyList<string> classes, IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(counts);
        var weights = new float[counts.Count];
        if (text != Balanced)
        {
            var named = (Read(text) ?? []).ToDictionary(StringComparer.Ordinal);
            for (var label = 0; label < weights.Length; label++)
                weights[label] = (float)named.GetValueOrDefault(classes[label], 1);
            return weights;
        }

        var samples = counts.Sum(count => (long)count);
        var present = counts.Count(count => count > 0);
        for (var label = 0; label < weights.Length; label++)
            weights[label] = counts[label] > 0 ? (float)(samples / ((double)present * counts[label])) : 1;
        return weights;
    }
}

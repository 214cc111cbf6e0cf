using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweeps.Core.Networks;

/// <summary>
/// Which layers of a network keep the weights that they start with: <c>all but 1</c> (those with weights but the last
/// one), or numbers of layers as <c>sweeps model</c> lists them, from 1 (<c>1, 4</c>). A frozen batch_norm computes
/// with its running statistics and keeps them, as in Keras.
/// </summary>
public static partial class Freezing
{
    /// <summary>The text for no layer at all.</summary>
    public const string None = "none";

    /// <summary>What a text may be.</summary>
    public static string Allowed =>
        "none, 'all but 2' (all layers with weights but the last two), or numbers of layers as '1, 4'";

    /// <summary>The text in its one spelling; null: it says nothing.</summary>
    public static string? Canonical(string? text)
    {
        var words = text?.Trim().ToLowerInvariant() ?? "";
        if (words == None)
            return None;
        if (AllBut().Match(words) is { Success: true } match)
            return $"all but {int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)}";
        if (!Numbers().IsMatch(words))
            return null;
        var numbers = words.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture));
        return string.Join(", ", numbers.Distinct().Order());
    }

    /// <summary>The places of the frozen layers, from 0; empty: all learn.</summary>
    /// <param name="text">As <see cref="Canonical"/> gives it; null: none.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="SweepsException">It names no layer with weights, or all of them.</exception>
    public static IReadOnlySet<int> LayersOf(string? text, NetworkShape network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (text is null or None)
            return new HashSet<int>();
        int[] layers = [.. network.Layers.Where(layer => layer.Weights > 0).Select(layer => layer.Index)];
        HashSet<int> frozen = AllBut().Match(text) is { Success: true } match
            ? [.. layers.SkipLast(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))]
            : [.. text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture) - 1)];
        if (frozen.Except(layers).Order().ToList() is [var wrong, ..])
            throw new SweepsException(
                ErrorKind.Usage,
                $"freeze: layer {wrong + 1} of '{Quote.Short(network.Architecture.ToString())}' has no weights; those "
                    + $"with weights are {string.Join(", ", layers.Select(layer => layer + 1))}.");
        if (frozen.Count == 0 || frozen.Count == layers.Length)
            throw new SweepsException(
                ErrorKind.Usage,
                $"freeze: '{text}' freezes {(frozen.Count == 0 ? "none" : "all")} of the {layers.Length} layers with "
                    + $"weights of '{Quote.Short(network.Architecture.ToString())}'; at least one is frozen, and at "
                    + "least one learns.");
        return frozen;
    }

    /// <summary>Weights that learn, and that do not, as Keras counts them: running statistics never learn.</summary>
    public static (long Trainable, long NonTrainable) Count(NetworkShape network, IReadOnlySet<int> frozen)
    {
        ArgumentNullException.ThrowIfNull(network);
        var kept = network.Layers.Where(layer => frozen.Contains(layer.Index)).Sum(layer => layer.Weights);
        return (network.Weights - kept, kept + network.Statistics);
    }

    [GeneratedRegex("^all but ([1-9][0-9]{0,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex AllBut();

    [GeneratedRegex("^[1-9][0-9]{0,3}( *, *[1-9][0-9]{0,3}){0,99}$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}

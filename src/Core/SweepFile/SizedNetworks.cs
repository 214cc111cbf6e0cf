using Sweeps.Core.Networks;
using Sweeps.Core.Space;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// The networks that a space makes of its architectures with placeholders: all of them where they are few, otherwise
/// some at the ends of the sizes' ranges.
/// </summary>
internal static class SizedNetworks
{
    /// <summary>Combinations of sizes that are listed for one block of the space; more are looked at by their
    /// ends.</summary>
    private const int MaxCombinations = 1_000;

    private const double FirstQuantile = 1e-12;
    private const double LastQuantile = 1 - 1e-12;

    /// <summary>Most networks that are listed.</summary>
    public const int MaxNetworks = 20_000;

    /// <summary>The networks, none twice.</summary>
    /// <param name="specification">Checked, with an architecture parameter.</param>
    /// <param name="only">The architecture's name; null: all.</param>
    public static IEnumerable<SizedNetwork> Of(SweepSpecification specification, string? only = null)
    {
        if (specification.Architectures.All(a => ArchitectureTemplate.Find(a.Text) is null)
            && !ChoicesOf(specification).Any(name => ArchitectureTemplate.Find(name) is not null))
        {
            return [];
        }

        var blocks = new SpaceBlocks(Relevant(specification), isRandom: false).Blocks;
        return blocks.SelectMany(block => Of(block, specification, only)).Distinct().Take(MaxNetworks);
    }

    /// <summary>The names that the architecture may have.</summary>
    public static IEnumerable<string> ChoicesOf(SweepSpecification specification) => specification.Parameters
        .Where(p => p.Name == ParameterNames.Architecture)
        .SelectMany(p => p.Branches)
        .Select(b => b.Domain)
        .OfType<ChoiceDomain>()
        .SelectMany(d => d.Values)
        .Select(v => v.Text!)
        .Distinct();

    /// <summary>Whether a parameter is a size, and no hyperparameter.</summary>
    public static bool IsSize(string parameter) => !Rules.Parameters.Names.Contains(parameter);

    // What decides neither the network nor whether a size is there would only multiply the blocks.
    private static List<SearchedParameter> Relevant(SweepSpecification specification)
    {
        var names = specification.Parameters.Select(p => p.Name)
            .Where(name => name is ParameterNames.Architecture or ParameterNames.Dropout or ParameterNames.Activation
                || IsSize(name))
            .ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            var parameters = specification.Parameters.Where(p => names.Contains(p.Name)).ToList();
            var before = names.Count;
            names.UnionWith(parameters.SelectMany(p => p.Branches).SelectMany(b => b.When).Select(c => c.Parameter));
            if (names.Count == before)
                return parameters;
        }
    }

    private static IEnumerable<SizedNetwork> Of(SpaceBlock block, SweepSpecification specification, string? only)
    {
        var chosen = block.Chosen.ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        var free = block.Free.ToDictionary(f => f.Name, f => f.Domain, StringComparer.Ordinal);
        foreach (var architecture in ValuesOf(ParameterNames.Architecture, MaxCombinations).Select(v => v.Text!))
        {
            if ((only is not null && only != architecture)
                || ArchitectureTemplate.Find(specification.ArchitectureText(architecture)) is not { } template)
                continue;
            string[] names = [.. template.Sizes.Where(IsThere)];
            foreach (var sizes in Combinations([.. names.Select(SizesOf)]))
                yield return Network(architecture, template, [.. names.Zip(sizes, KeyValuePair.Create)]);
        }

        bool IsThere(string name) => chosen.ContainsKey(name) || free.ContainsKey(name);

        SizedNetwork Network(string architecture, ArchitectureTemplate template, KeyValuePair<string, int>[] sizes)
        {
            var left = template.Without(name => sizes.Contains(new(name, 0)));
            var missing = ArchitectureTemplate.NamesIn(left).FirstOrDefault(name => !IsThere(name));
            var where = missing is null ? "" : string.Join(
                ", ", chosen.Where(c => c.Key != ParameterNames.Architecture).Select(c => $"{c.Key} {c.Value}"));
            return new(architecture, template.Text, sizes.Length == 0 ? null : new(sizes), missing, where);
        }

        (List<int> All, List<int> Ends) SizesOf(string name) =>
            (Numbers(ValuesOf(name, MaxCombinations)), Numbers(ValuesOf(name, 1)));

        List<ParameterValue> ValuesOf(string name, int most)
        {
            if (chosen.TryGetValue(name, out var value))
                return [value];
            if (!free.TryGetValue(name, out var domain))
                return [];
            return domain.Enumerate(most) is { } all
                ? [.. all.Select(v => v.Value)]
                : Ends(domain);
        }
    }

    /// <summary>
    /// All combinations of values where they are few; else of their ends; and where these are many too, all at the
    /// first end, all at the last, and each one at the other end than all the others.
    /// </summary>
    private static IEnumerable<int[]> Combinations((List<int> All, List<int> Ends)[] sizes)
    {
        if (ProductOf([.. sizes.Select(s => s.All)]) is { } all)
            return all;
        if (ProductOf([.. sizes.Select(s => s.Ends)]) is { } ends)
            return ends;
        int[] first = [.. sizes.Select(s => s.Ends[0])];
        int[] last = [.. sizes.Select(s => s.Ends[^1])];
        return
        [
            first, last,
            .. sizes.SelectMany((_, i) => (int[][])[With(first, i, last[i]), With(last, i, first[i])]),
        ];
    }

    /// <summary>Every combination; null: there are more than may be listed.</summary>
    private static IEnumerable<int[]>? ProductOf(List<int>[] values) =>
        values.Aggregate(1.0, (product, list) => product * list.Count) > MaxCombinations ? null
            : values.Aggregate(
                (IEnumerable<int[]>)[[]],
                (before, list) => before.SelectMany(sizes => list.Select(value => (int[])[.. sizes, value])));

    private static int[] With(int[] sizes, int at, int value)
    {
        var changed = (int[])sizes.Clone();
        changed[at] = value;
        return changed;
    }

    private static List<int> Numbers(List<ParameterValue> values) => [.. values.Select(v => (int)v.Number)];

    private static List<ParameterValue> Ends(ParameterDomain domain)
    {
        if (domain is ChoiceDomain choice && choice.Values.All(v => v.Text is null))
            return [choice.Values.MinBy(v => v.Number), choice.Values.MaxBy(v => v.Number)];
        return domain is ChoiceDomain texts ? [.. texts.Values]
            : [domain.At(FirstQuantile), domain.At(LastQuantile)];
    }
}

/// <summary>A network of a space: an architecture with its sizes.</summary>
/// <param name="Architecture">Its name.</param>
/// <param name="Text">With placeholders.</param>
/// <param name="Sizes">What stands for them; null: nothing has to, or one is missing.</param>
/// <param name="Missing">The placeholder that has no value there; null: none.</param>
/// <param name="Where">The values of other parameters where it has none.</param>
internal sealed record SizedNetwork(
    string Architecture, string Text, NetworkSizes? Sizes, string? Missing, string Where);

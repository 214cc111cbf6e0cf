using System.Collections.Immutable;

namespace Sweeps.Core.Space;

/// <summary>
/// A space cut into blocks: one for each combination of the values that decide something (a <c>when</c> asks for them,
/// or they are not equally likely). Within a block everything combines freely, so nothing of it is listed.
/// </summary>
internal sealed class SpaceBlocks
{
    /// <summary>Most blocks; conditions on more combinations than this are a mistake.</summary>
    public const int MaxBlocks = 100_000;

    /// <summary>Most values of a parameter that a condition asks for or a grid lists.</summary>
    public const int MaxValues = 10_000;

    private readonly ImmutableArray<SearchedParameter> _parameters;
    private readonly HashSet<string> _deciding;
    private readonly bool _isRandom;
    private readonly List<SpaceBlock> _blocks = [];

    /// <summary>Cuts the space.</summary>
    /// <param name="parameters">Checked parameters.</param>
    /// <param name="isRandom">For a random search, where probabilities count.</param>
    /// <exception cref="SweepsException">More than <see cref="MaxBlocks"/> blocks.</exception>
    public SpaceBlocks(IEnumerable<SearchedParameter> parameters, bool isRandom)
    {
        _parameters = [.. ParameterOrder.Sort(parameters)];
        _isRandom = isRandom;
        _deciding = [.. _parameters.SelectMany(p => p.Branches).SelectMany(b => b.When).Select(c => c.Parameter)];
        if (isRandom)
            _deciding.UnionWith(_parameters.Where(p => p.Branches.Any(b => IsWeighted(b.Domain))).Select(p => p.Name));
        Split(0, [], [], 1);
    }

    /// <summary>The blocks, none of them impossible; in an order that the parameters alone decide.</summary>
    public IReadOnlyList<SpaceBlock> Blocks => _blocks;

    /// <summary>Number of points; null: no end.</summary>
    public long? Size
    {
        get
        {
            var sum = _blocks.Sum(b => b.Size is { } size ? (double)size : double.PositiveInfinity);
            return sum < long.MaxValue / 2 ? _blocks.Sum(b => b.Size!.Value) : null;
        }
    }

    /// <summary>The domain of a parameter once the values before it are chosen; null: it is absent.</summary>
    public static ParameterDomain? DomainOf(
        SearchedParameter parameter, IReadOnlyList<KeyValuePair<string, ParameterValue>> chosen)
    {
        bool Holds(Condition condition) =>
            chosen.Any(c => c.Key == condition.Parameter && condition.Values.Contains(c.Value));
        return parameter.Branches.FirstOrDefault(b => b.When.All(Holds))?.Domain;
    }

    private void Split(
        int index, ImmutableList<KeyValuePair<string, ParameterValue>> chosen, ImmutableList<FreeParameter> free,
        double weight)
    {
        if (index == _parameters.Length)
        {
            if (_blocks.Count == MaxBlocks)
            {
                throw new SweepsException(
                    ErrorKind.Usage,
                    $"conditions and probabilities cut the search into more than {MaxBlocks} parts; let 'when' ask "
                        + $"for fewer values");
            }

            _blocks.Add(new(chosen, free, weight));
            return;
        }

        var parameter = _parameters[index];
        if (DomainOf(parameter, chosen) is not { } domain)
        {
            Split(index + 1, chosen, free, weight);
            return;
        }

        var values = _deciding.Contains(parameter.Name) ? domain.Enumerate(MaxValues) : null;
        if (values is null)
        {
            var added = _isRandom
                ? FreeParameter.ForRandom(parameter.Name, domain, MaxValues)
                : FreeParameter.ForGrid(parameter.Name, domain, MaxValues);
            Split(index + 1, chosen, free.Add(added), weight);
            return;
        }

        foreach (var value in values.Where(v => v.Probability > 0 || !_isRandom))
            Split(index + 1, chosen.Add(new(parameter.Name, value.Value)), free, weight * value.Probability);
    }

    private static bool IsWeighted(ParameterDomain domain) =>
        domain.Enumerate(MaxValues) is { } values && values.Any(v => v.Probability != values[0].Probability);
}

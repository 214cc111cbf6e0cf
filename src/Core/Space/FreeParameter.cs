namespace Sweeps.Core.Space;

/// <summary>A parameter of a block that no condition asks for: its values combine freely with all others.</summary>
internal sealed class FreeParameter
{
    private readonly ParameterValue[]? _values;
    private readonly IntegerDomain? _integers;

    private FreeParameter(string name, ParameterDomain domain, ParameterValue[]? values)
    {
        (Name, Domain, _values) = (name, domain, values);
        _integers = values is null ? domain as IntegerDomain : null;
        Count = values is not null ? values.Length : _integers is not null ? _integers.Max - _integers.Min + 1 : null;
    }

    public string Name { get; }

    public ParameterDomain Domain { get; }

    /// <summary>How many values; null: no end.</summary>
    public long? Count { get; }

    /// <summary>For a random search: values equally likely, or else drawn.</summary>
    public static FreeParameter ForRandom(string name, ParameterDomain domain, int limit) =>
        new(name, domain, domain is IntegerDomain ? null : domain.Enumerate(limit)?.Select(v => v.Value).ToArray());

    /// <summary>For a grid: numbers from coarse to fine, names as written.</summary>
    public static FreeParameter ForGrid(string name, ParameterDomain domain, int limit) =>
        new(
            name,
            domain,
            domain.Enumerate(limit) is { } values ? CoarseToFine.Order([.. values.Select(v => v.Value)]) : null);

    public ParameterValue ValueAt(long index) =>
        _values is not null ? _values[index] : ParameterValue.Of(_integers!.Min + index);
}

/// <summary>
/// The order in which a grid visits the values of a parameter: numbers from coarse to fine (the middle, both ends, then
/// the middles of the gaps), so that the first few results already span the range; names and flags as written.
/// </summary>
internal static class CoarseToFine
{
    public static ParameterValue[] Order(ParameterValue[] values)
    {
        if (values.Any(v => v.Text is not null || v.IsFlag))
            return values;
        var sorted = values.OrderBy(v => v.Number).ToArray();
        return [.. Indices(sorted.Length).Select(i => sorted[i])];
    }

    /// <summary>0 to <paramref name="count"/> - 1, each once: for 5 it is 2, 0, 4, 1, 3.</summary>
    public static IEnumerable<int> Indices(int count)
    {
        if (count <= 0)
            yield break;
        var middle = (count - 1) / 2;
        yield return middle;
        if (middle > 0)
            yield return 0;
        if (count - 1 > middle)
            yield return count - 1;
        var gaps = new Queue<(int Low, int High)>();
        gaps.Enqueue((0, middle));
        gaps.Enqueue((middle, count - 1));
        while (gaps.TryDequeue(out var gap))
        {
            if (gap.High - gap.Low < 2)
                continue;
            middle = (gap.Low + gap.High) / 2;
            yield return middle;
            gaps.Enqueue((gap.Low, middle));
            gaps.Enqueue((middle, gap.High));
        }
    }
}

using Sweeps.Core.Specs.Space;

namespace Sweeps.Core.Search;

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

    public long IndexOf(ParameterValue value) => _values is not null
        ? Array.IndexOf(_values, value)
        : _integers is { } all && value.Number >= all.Min && value.Number <= all.Max
            ? (long)value.Number - all.Min
            : -1;
}

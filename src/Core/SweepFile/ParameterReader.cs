using System.Collections.Immutable;
using System.Globalization;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile;

/// <summary>Reads <c>parameters</c>: each parameter by its own, then the conditions that tie them together.</summary>
internal static class ParameterReader
{
    /// <summary>The parameters that are right, in the file's order.</summary>
    public static List<ReadParameter> Read(SourceMap map, MapRule rules, ReadingContext context)
    {
        var parameters = new List<ReadParameter>();
        foreach (var entry in map.Entries)
        {
            var key = rules.Keys.FirstOrDefault(k => k.Name == entry.Key);
            if (key is null || entry.Value is SourceScalar { IsNull: true } || !key.Rule.Accepts(entry.Value))
                continue;
            var description = Parameters.Get(entry.Key);
            var path = $"parameters.{entry.Key}";
            var branches = ReadBranches(description, entry.Value, path, context);
            if (branches is not null)
                parameters.Add(new(new(entry.Key, branches.Value), entry.Value, path));
        }

        return parameters;
    }

    private static ImmutableArray<ParameterBranch>? ReadBranches(
        ParameterDescription description, SourceNode node, string path, ReadingContext context)
    {
        var reader = new DomainReader(description, context);
        if (node is SourceMap only)
            return ReadBranch(reader, only, path) is { } branch ? [branch] : null;
        if (node is not SourceList list || !list.Items.Any(i => i is SourceMap))
            return reader.ReadShort(node, path) is { } domain ? [new ParameterBranch([], domain)] : null;
        var branches = ImmutableArray.CreateBuilder<ParameterBranch>();
        for (var i = 0; i < list.Items.Length; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            var map = (SourceMap)list.Items[i];
            if (i < list.Items.Length - 1 && map.ValueOf("when") is not SourceMap { Entries.IsEmpty: false })
                context.Error(
                    map, at, "an alternative without 'when' always applies and hides those after it; put it last");
            if (ReadBranch(reader, map, at) is { } branch)
                branches.Add(branch);
        }

        return branches.Count == list.Items.Length ? branches.ToImmutable() : null;
    }

    private static ParameterBranch? ReadBranch(DomainReader reader, SourceMap map, string path)
    {
        var when = ImmutableArray.CreateBuilder<Condition>();
        if (map.ValueOf("when") is SourceMap conditions)
        {
            foreach (var entry in conditions.Entries.Where(e => e.Value is not SourceScalar { IsNull: true }))
            {
                var other = Parameters.Get(entry.Key);
                SourceNode[] nodes = entry.Value is SourceList list ? [.. list.Items] : [entry.Value];
                when.Add(new(entry.Key, [.. nodes.Select(n => Scalars.ValueOf(other, n)).Distinct()]));
            }
        }

        return reader.ReadMap(map, path) is { } domain ? new(when.ToImmutable(), domain) : null;
    }
}

/// <summary>A parameter and the place that later checks blame.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Node">What the file says of it.</param>
/// <param name="Path">Its path.</param>
internal sealed record ReadParameter(SearchedParameter Parameter, SourceNode Node, string Path)
{
    /// <summary>Where one branch is written.</summary>
    public SourceNode NodeOf(int branch) => Node is SourceList list && list.Items[branch] is SourceMap map ? map : Node;
}

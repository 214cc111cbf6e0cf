using System.Globalization;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Changes to a sweep file from the command line: <c>PATH=VALUE</c>, where the path is keys (and list indices) with
/// dots and the value is YAML: <c>epochs=1</c>, <c>data.samples=2000</c>, <c>parameters.learning_rate.values=[0.1,
/// 0.01]</c>. The value <c>null</c> removes the key. A parameter's name alone means that parameter; <c>folds</c> and
/// <c>validation</c> replace each other, and so do the number of epochs and several that are searched.
/// </summary>
internal static class SpecificationOverrides
{
    private const int MaxOverrides = 100;

    /// <summary>The file with all changes made, in order; what cannot be done is a problem, what is changed again is
    /// noted.</summary>
    internal static SourceMap Apply(
        SourceMap root, IEnumerable<string> overrides, ProblemList problems, ProblemList notes)
    {
        var count = 0;
        var made = new Dictionary<string, string>();
        foreach (var change in overrides)
        {
            var position = new SourcePosition(0, 0, change);
            if (++count > MaxOverrides)
            {
                problems.Add(position, "", string.Create(
                    CultureInfo.InvariantCulture, $"too many overrides; allowed: at most {MaxOverrides}"));
                return root;
            }

            root = Apply(root, change, position, problems, keys =>
            {
                if (made.TryGetValue(keys, out var before))
                    notes.Add(position, "", $"counts in place of --set {before}, which sets the same");
                made[keys] = change;
            });
        }

        return root;
    }

    private static SourceMap Apply(
        SourceMap root, string change, SourcePosition position, ProblemList problems, Action<string> sets)
    {
        var path = PathOf(change);
        if (path.Length == 0 || path.Split('.').Any(string.IsNullOrWhiteSpace)
            || path.Count(c => c == '.') >= SourceLimits.Depth)
        {
            problems.Add(position, "", "not of the form PATH=VALUE; write for example epochs=1 or data.samples=2000");
            return root;
        }

        var value = ReadValue(change[(change.IndexOf('=', StringComparison.Ordinal) + 1)..], position, problems);
        if (value is null)
            return root;
        var keys = Resolve(root, path.Split('.'), value);
        sets(string.Join('.', keys));
        if (keys[0] is "folds" or "validation")
            root = Without(root, keys[0] == "folds" ? "validation" : "folds");
        if (keys is ["parameters", ParameterNames.Epochs, ..])
            root = Without(root, ParameterNames.Epochs);
        return Set(root, keys, value, path, position, problems) as SourceMap ?? root;
    }

    private static string PathOf(string change) =>
        change.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? change[..equals].Trim() : "";

    private static SourceNode? ReadValue(string text, SourcePosition position, ProblemList problems)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Add(
                position, "", "has no value; write one after '=', or null to leave the key to its default: "
                    + $"{position.Override!.TrimEnd()}null");
            return null;
        }

        var own = new ProblemList();
        var node = SourceReader.Read(text, "", own);
        foreach (var problem in own)
            problems.Add(position, "", problem.Message);
        return node is null ? null : Place(node, position);
    }

    /// <summary>A parameter's short name, and the key epochs, mean the place where the file has it.</summary>
    private static string[] Resolve(SourceMap root, string[] keys, SourceNode value)
    {
        var isParameter = Parameters.Names.Contains(keys[0]);
        // Several values are searched, whatever else the key may be.
        var isTop = SweepRules.File.Keys.Any(k => k.Name == keys[0]) && !(isParameter && value is not SourceScalar);
        var isSearched = (root.ValueOf("parameters") as SourceMap)?.Find(keys[0]) is not null;
        // A size has a name of the file's own, which the top's keys hide.
        return (isParameter && (!isTop || isSearched)) || (isSearched && !isTop) ? ["parameters", .. keys] : keys;
    }

    private static SourceNode Set(
        SourceNode node, ReadOnlySpan<string> keys, SourceNode value, string path, SourcePosition position,
        ProblemList problems)
    {
        if (keys.IsEmpty)
            return value;
        var key = keys[0];
        switch (node)
        {
            case SourceMap map:
                var child = map.ValueOf(key) ?? new SourceMap(position, []);
                if (key == "data" && keys.Length > 1 && child is SourceScalar source)
                    child = DataMap(source);
                var changed = Set(child, keys[1..], value, path, position, problems);
                return changed is SourceScalar { IsNull: true } ? Without(map, key) : map.With(key, changed);
            case SourceList list when int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < list.Items.Length:
                return new SourceList(list.Position, list.Items.SetItem(
                    index, Set(list.Items[index], keys[1..], value, path, position, problems)));
            default:
                var above = path[..^string.Join('.', keys).Length].TrimEnd('.');
                problems.Add(position, "",
                    $"'{path}' leads through {node.Found}, which has no '{key}'; set the value above it as a whole"
                    + (above is "folds" or "schedule" ? $", as in --set '{above}={{{key}: ...}}'" : string.Empty));
                return node;
        }
    }

    /// <summary>The short form of <c>data</c> written out, so that it can take further keys.</summary>
    private static SourceMap DataMap(SourceScalar source)
    {
        var key = KnownDataSets.Find(source.Text.Trim()) is null && source.Text.IndexOfAny(['.', '/', '\\']) >= 0
            ? "path" : "name";
        return new(source.Position, [new(key, source.Position, source)]);
    }

    private static SourceMap Without(SourceMap map, string key) =>
        new(map.Position, [.. map.Entries.Where(e => e.Key != key)]);

    private static SourceNode Place(SourceNode node, SourcePosition position) => node switch
    {
        SourceScalar scalar => new SourceScalar(position, scalar.Text, scalar.IsQuoted),
        SourceList list => new SourceList(position, [.. list.Items.Select(i => Place(i, position))]),
        SourceMap map => new SourceMap(
            position, [.. map.Entries.Select(e => new SourceEntry(e.Key, position, Place(e.Value, position)))]),
        _ => node,
    };
}

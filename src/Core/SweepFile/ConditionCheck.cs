using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile;

/// <summary>Checks that each <c>when</c> asks for something that can be.</summary>
internal static class ConditionCheck
{
    /// <summary>Adds an error for every condition that cannot hold or cannot be decided.</summary>
    public static void Run(IReadOnlyList<ReadParameter> parameters, ReadingContext context)
    {
        foreach (var read in parameters)
        {
            for (var i = 0; i < read.Parameter.Branches.Length; i++)
            {
                foreach (var condition in read.Parameter.Branches[i].When)
                    Check(read, i, condition, parameters, context);
            }
        }

        if (ParameterOrder.FindCircle([.. parameters.Select(p => p.Parameter)]) is not { } circle)
            return;
        var first = parameters.First(p => p.Parameter.Name == circle[0]);
        context.Error(first.Node, first.Path,
            $"conditions form a circle: {string.Join(", which asks for ", circle)}; remove one 'when'");
    }

    private static void Check(
        ReadParameter read, int branch, Condition condition, IReadOnlyList<ReadParameter> parameters,
        ReadingContext context)
    {
        var node = (read.NodeOf(branch) as SourceMap)?.ValueOf("when") is SourceMap when
            ? when.ValueOf(condition.Parameter)! : read.Node;
        var path = $"{read.Path}.when.{condition.Parameter}";
        var other = parameters.FirstOrDefault(p => p.Parameter.Name == condition.Parameter)?.Parameter;
        if (other is null)
        {
            context.Error(
                node, path, $"'{condition.Parameter}' is not among the parameters; add it, or remove the condition");
            return;
        }

        if (other.Name == read.Parameter.Name)
            return;
        var possible = new HashSet<ParameterValue>();
        foreach (var domain in other.Branches.Select(b => b.Domain))
        {
            if (domain.Enumerate(SpaceBlocks.MaxValues) is not { } values)
            {
                context.Error(node, path, $"'{condition.Parameter}' may be any number of a range, so no condition can "
                    + $"ask for one; allowed: a parameter with at most {SpaceBlocks.MaxValues} values; give it "
                    + "'values', or 'points' beside min and max");
                return;
            }

            possible.UnionWith(values.Select(v => v.Value));
        }

        foreach (var value in condition.Values.Where(v => !possible.Contains(v)))
        {
            var nearest = NearestName.Find(value.ToString(), possible.Select(v => v.ToString()));
            var allowed = string.Join(", ", possible.Take(20).Select(v => v.ToString()));
            context.Error(
                Item(node, value),
                path,
                $"{condition.Parameter} is never {value}; {(nearest is null ? "" : $"did you mean '{nearest}'? ")}its "
                    + $"values: {allowed}");
        }
    }

    private static SourceNode Item(SourceNode node, ParameterValue value) => node is SourceList list
        ? list.Items.FirstOrDefault(i =>
            i is SourceScalar s && s.Text.Trim().Equals(value.ToString(), StringComparison.OrdinalIgnoreCase)) ?? node
        : node;
}

using System.Globalization;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Checks that the search has an end and is not too large.</summary>
internal static class SearchCheck
{
    /// <summary>Configurations of a random search without an end whose file gives no <c>run_cap</c>.</summary>
    public const int DefaultRunCap = 20;

    /// <summary>Adds what is wrong with the search as a whole, and completes its <c>run_cap</c>.</summary>
    public static SweepSpecification Run(
        SweepSpecification specification, IReadOnlyList<ReadParameter> parameters, SourceMap root,
        ReadingContext context)
    {
        if (specification.Method == SearchMethod.Grid)
            CheckGrid(parameters, context);
        if (context.Errors.Count > 0)
            return specification;
        if (context.IsNew)
            specification = new EffectMerge(KnownDataSets.Find(specification.Data.Source), context)
                .Run(specification, parameters);
        if (context.Errors.Count > 0)
            return specification;
        try
        {
            return Count(specification, root, context);
        }
        catch (SweepsException e)
        {
            context.Errors.Add(root.Position, "parameters", e.Message);
            return specification;
        }
    }

    private static SweepSpecification Count(SweepSpecification specification, SourceMap root, ReadingContext context)
    {
        var isRandom = specification.Method == SearchMethod.Random;
        var size = new SpaceBlocks(specification.Parameters, isRandom).Size;
        var node = root.ValueOf("parameters") ?? root;
        if (size is null && isRandom && specification.RunCap is null)
        {
            context.Note(root.ValueOf("method") ?? root, "run_cap", string.Create(
                CultureInfo.InvariantCulture, $"this random search has no end; {DefaultRunCap} configurations are "
                    + $"tried; write run_cap for another number"));
            return specification with { RunCap = DefaultRunCap };
        }

        if ((specification.RunCap ?? long.MaxValue) > SweepRules.MaxConfigurations
            && (size ?? long.MaxValue) > SweepRules.MaxConfigurations)
        {
            var shown = size is { } known ? known.ToString("N0", CultureInfo.InvariantCulture) : "more than 4e18";
            context.Error(node, "parameters", string.Create(
                CultureInfo.InvariantCulture,
                $"there are {shown} configurations; allowed: at most {SweepRules.MaxConfigurations:N0}; write fewer "
                    + $"values, or a run_cap"));
        }

        return specification;
    }

    private static void CheckGrid(IReadOnlyList<ReadParameter> parameters, ReadingContext context)
    {
        foreach (var read in parameters)
        {
            for (var i = 0; i < read.Parameter.Branches.Length; i++)
            {
                var branch = read.Parameter.Branches[i];
                var values = branch.Domain.Enumerate(SpaceBlocks.MaxValues);
                if (values is null)
                {
                    context.Error(read.NodeOf(i), read.Path,
                        $"a grid needs finitely many values, and {branch.Domain.Distribution} has no end of them "
                        + $"(or more than {SpaceBlocks.MaxValues}); write 'points: 5' beside min and max, or 'values: "
                        + $"[...]', or 'method: random'");
                }
            }
        }
    }
}

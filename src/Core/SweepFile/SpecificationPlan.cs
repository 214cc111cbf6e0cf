using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Between what a file asks for and what the sweep core does.</summary>
public static class SpecificationPlan
{
    private static readonly ConditionalWeakTable<SweepPlan, SweepSpecification> s_read = [];

    /// <summary>The plan of a sweep.</summary>
    /// <param name="specification">The sweep.</param>
    /// <param name="id">The sweep's id: lower-case letters, digits and hyphens.</param>
    /// <param name="task">What the data ask for: known for named data sets (<c>KnownDataSet.Task</c>), read from CSV
    /// files.</param>
    /// <param name="content">What the data are; null: not known.</param>
    /// <param name="size">The shape of a table; null: not known. Named data sets have their own.</param>
    /// <param name="weights">The files of the weights that configurations start with; null: there are none.</param>
    /// <param name="assemblies">The assemblies with the user's own networks; null: there are none.</param>
    /// <exception cref="SweepsException">The metric does not fit the task.</exception>
    public static SweepPlan Create(
        SweepSpecification specification, string id, TaskKind task, DataContent? content = null, DataSize? size = null,
        IReadOnlyList<DataFile>? weights = null, IReadOnlyList<DataFile>? assemblies = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        specification = WithoutFolder(specification);
        if (specification.FurtherMetrics.Add(specification.Metric ?? SweepMetric.ValidationLoss)
            .FirstOrDefault(name => !SweepMetric.Fits(name, task)) is { } other)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"metric: {specification.Data.Source}: {ObjectiveReader.Refused(other, task)}");
        }

        var configurations = ConfigurationsOf(specification);
        var known = size ?? (KnownDataSets.Find(specification.Data.Source) is { } set ? DataSize.Of(set) : null);
        var plan = new SweepPlan
        {
            Id = id,
            Name = specification.Name,
            Specification = SpecificationWriter.ToJson(specification),
            Seed = specification.Seed,
            Data = content?.Pictures is not null
                ? Path.GetFileNameWithoutExtension(content.Table!.Name)
                : content?.Table?.Name ?? specification.Data.Source,
            Content = content,
            Label = specification.Data.Label,
            Group = specification.Data.Group,
            InitialWeights = weights is { Count: > 0 } ? weights : null,
            Assemblies = assemblies is { Count: > 0 } ? assemblies : null,
            Task = task,
            SampleLimit = specification.Data.Samples,
            Patience = specification.Patience,
            Score = specification.Score,
            SampleOrder = specification.SampleOrder,
            Expansion = SweepSpecification.CurrentExpansion,
            Folds = specification.Folds,
            Repeats = specification.Repeats > 1 ? specification.Repeats : 0,
            Seeds = specification.Seeds > 1 ? specification.Seeds : 0,
            HoldoutFraction = specification.HoldoutFraction,
            HoldoutFirst = specification.HoldoutFirst,
            Metric = specification.Metric is { } name ? SweepMetric.Of(name) : SweepMetric.DefaultOf(task),
            Objectives = ObjectivesOf(specification, known),
            Configurations = configurations,
            Schedule = specification.Schedule?.ScheduleOf(
                configurations, specification.TrialsPerConfiguration, specification.MostEpochs,
                Math.Max(1, specification.Folds)),
            Refit = specification.Refit,
            Reuse = specification.Reuse,
            KeepCheckpoints = specification.KeepCheckpoints,
            EpochsDiffer = specification.EpochsDiffer,
            Engine = specification.Engine,
            Engines = EnginesPlanned.Of(specification, known),
            Stages = EnginesPlanned.StagesOf(specification, known),
        };
        s_read.AddOrUpdate(plan, specification);
        return plan;
    }

    private static SweepObjectives? ObjectivesOf(SweepSpecification specification, DataSize? size)
    {
        if (specification.FurtherMetrics.IsEmpty && specification.Choose == FinalChoice.Best)
            return null;
        var objectives = new SweepObjectives
        {
            Further = [.. specification.FurtherMetrics.Select(SweepMetric.Of)],
            Choose = specification.Choose,
        };
        if (!specification.FurtherMetrics.Contains(SweepMetric.MultiplyAdds))
            return objectives;
        if (specification.Assemblies.Any())
            throw new SweepsException(
                ErrorKind.Usage,
                "metric: nobody knows the multiply_adds of a network of your own code; write 'weights' instead");
        var known = size ?? throw new SweepsException(
                ErrorKind.Usage,
                $"metric: multiply_adds need the shape of {specification.Data.Source}, which is not here; copy it "
                    + "here, or write 'weights'");
        return objectives with { Input = known.Input.ToString(), Outputs = known.Outputs };
    }

    /// <summary>
    /// The specification that a plan keeps as text; read once for each plan, and not at all for one made here.
    /// </summary>
    /// <exception cref="SweepsException">It cannot be read: it is of a newer version, or damaged.</exception>
    public static SweepSpecification ReadSpecification(this SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return s_read.GetValue(
            plan,
            p => SpecificationReader.ReadCanonical(p.Specification, $"{p.Id}.json", p.Expansion).Require());
    }

    /// <summary>
    /// The plan of a sweep that a store has, where <paramref name="plan"/> is the same sweep on the same data: whatever
    /// folder these lie in now, and where the stored plan does not know its data. Otherwise <paramref name="plan"/>.
    /// </summary>
    /// <param name="plan">What a file asks for now.</param>
    /// <param name="stored">What the store has under the same id.</param>
    public static SweepPlan Or(this SweepPlan plan, SweepPlan stored)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(stored);
        if (plan.Content is { } now && stored.Content is { } before && !now.IsSame(before))
            return plan;
        // A plan of an earlier version goes on as it began.
        var moved = plan with
        {
            // Its id is the same.
            Name = stored.Name,
            Content = stored.Content,
            Reuse = stored.Reuse,
            KeepCheckpoints = stored.KeepCheckpoints,
            EpochsDiffer = stored.EpochsDiffer,
            Engines = stored.Engines,
            Stages = stored.Stages,
            // The specification has their digests.
            InitialWeights = stored.InitialWeights,
            Assemblies = stored.Assemblies,
        };
        var (text, isPath) = WhatItIs(plan.Specification);
        if ((text, isPath) == WhatItIs(stored.Specification))
            moved = moved with
            {
                Data = isPath ? stored.Data : moved.Data,
                Specification = stored.Specification,
                Schedule = stored.Schedule,
            };
        return moved == stored ? stored : plan;
    }

    /// <summary>
    /// The keys of a sweep file that decide nothing of its results: what they cost, and what people read. A file that
    /// differs in them alone is the same sweep.
    /// </summary>
    public static IReadOnlyList<string> KeysWithoutEffect { get; } =
        ["reuse", "keep_checkpoints", "slots", "description", "name"];

    // Nor is where the data lie a part of a sweep. Data with a name of their own have no place.
    private static (string Text, bool IsPath) WhatItIs(string specification)
    {
        var root = JsonNode.Parse(specification)!.AsObject();
        foreach (var key in KeysWithoutEffect)
            root.Remove(key);
        // Weights are what their digest says.
        foreach (var (_, named) in root["initial_weights"] as JsonObject ?? [])
            (named as JsonObject)?.Remove("model");
        var isPath = root["data"] is JsonObject data && data.Remove("path");
        return (root.ToJsonString(), isPath);
    }

    // A place on one machine is no part of a plan.
    private static SweepSpecification WithoutFolder(SweepSpecification specification)
    {
        specification = specification with
        {
            InitialWeights =
                [.. specification.InitialWeights.Select(named => named with { Model = WithoutFolder(named.Model) })],
        };
        var data = specification.Data;
        return data.IsFile && Path.IsPathRooted(data.Source)
            ? specification with
            {
                Data = data with { Source = WithoutFolder(data.Source) },
            }
            : specification;
    }

    private static string WithoutFolder(string path) =>
        Path.IsPathRooted(path) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) : path;

    /// <summary>The number of configurations that will be tried: all, or <c>run_cap</c> if that is less.</summary>
    public static int ConfigurationsOf(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return Math.Min(specification.RunCap ?? int.MaxValue, specification.CreateSearcher().Count);
    }

    /// <summary>The searcher of a plan that comes from a log.</summary>
    /// <exception cref="SweepsException">The plan's specification cannot be read: it is of a newer version, or
    /// damaged.</exception>
    public static ISearcher SearcherOf(SweepPlan plan) => plan.ReadSpecification().CreateSearcher(plan.Metric.Goal);
}

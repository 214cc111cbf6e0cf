using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>
/// The values of several objectives. Metrics are means over folds; what a network costs is known exactly and is the
/// same on every fold.
/// </summary>
internal static class ObjectiveValues
{
    private static readonly ConditionalWeakTable<SweepPlan, ConcurrentDictionary<string, NetworkCosts?>> s_costs = [];

    /// <summary>What the further objectives gave on all folds; null: there are none.</summary>
    public static IReadOnlyList<ObjectiveScore>? FurtherOf(SweepState state, int configuration)
    {
        if (!state.Plan.HasSeveralObjectives)
            return null;
        return [.. state.Plan.Objectives!.Further.Select(metric => metric.IsCost
            ? new(CostOf(state, configuration, metric), double.NaN, double.NaN)
            : ScoreOf(state, configuration, metric))];
    }

    /// <summary>The further objectives over the first folds; null: there are none.</summary>
    public static IReadOnlyList<double>? FurtherOfFirst(SweepState state, int configuration, int folds)
    {
        if (!state.Plan.HasSeveralObjectives)
            return null;
        return [.. state.Plan.Objectives!.Further.Select(metric => metric.IsCost
            ? CostOf(state, configuration, metric)
            : FoldScores.MeanOfFirst(state, configuration, folds, metric))];
    }

    /// <summary>
    /// The objectives as costs, of which smaller ones are better; null where there is nothing to compare: a value is
    /// missing or infinite.
    /// </summary>
    public static double[]? CostsOf(SweepPlan plan, double first, IReadOnlyList<double> further)
    {
        double[] values = [first, .. further];
        var metrics = plan.AllObjectives();
        for (var i = 0; i < values.Length; i++)
            values[i] = metrics[i].Goal == MetricGoal.Maximize ? -values[i] : values[i];
        return Array.TrueForAll(values, double.IsFinite) ? values : null;
    }

    /// <summary>The same of a score; a configuration that diverged on a fold is dominated by all others.</summary>
    public static double[]? CostsOf(SweepPlan plan, ConfigurationScore score) => score.Diverged > 0
        ? null
        : CostsOf(plan, score.Mean, [.. score.Further!.Select(further => further.Mean)]);

    /// <summary>The plan's front among configurations that can be chosen, in their order.</summary>
    public static IReadOnlyList<int> Front(
        SweepPlan plan, IReadOnlyList<(int Index, ConfigurationScore Score)> ranked)
    {
        if (!plan.HasSeveralObjectives || ranked.Count == 0)
            return [];
        var costs = ranked.Select(entry => CostsOf(plan, entry.Score)).ToList();
        var front = NonDominatedSort.Fronts(costs)[0];
        return costs[front[0]] is null ? [] : [.. front.Order().Select(place => ranked[place].Index)];
    }

    private static ObjectiveScore ScoreOf(SweepState state, int configuration, SweepMetric metric)
    {
        var values = FoldScores.Values(state, configuration, metric);
        var present = Array.FindAll(values, value => !double.IsNaN(value));
        var (mean, deviation) = FoldScores.MeanAndDeviation(present);
        return new(mean, deviation, FoldScores.ErrorOf(state.Plan, deviation, present.Length));
    }

    private static double CostOf(SweepState state, int configuration, SweepMetric metric)
    {
        for (var fold = 0; fold < state.Plan.TrialsPerConfiguration; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            if (cell.HasResult)
            {
                return metric.Name == SweepMetric.Weights
                    ? cell.Weights
                    : CostsOf(state.Plan, state.HyperparametersOf(configuration))?.MultiplyAdds ?? double.NaN;
            }
        }

        return double.NaN;
    }

    /// <summary>
    /// What the network of a configuration costs by its layers and the data, also where nothing was trained; null: the
    /// plan does not know its data's shape, or the code of the network is not here.
    /// </summary>
    public static NetworkCosts? CostsOf(SweepPlan plan, Hyperparameters configuration) =>
        s_costs.GetOrCreateValue(plan).GetOrAdd(configuration.SizedArchitecture(), _ =>
        {
            if (ShapeOf(plan) is not var (input, outputs))
                return null;
            try
            {
                var network = configuration.NetworkOn(input, outputs, configuration.LossOf(plan.Task), plan.Task);
                return new(network.Weights, network.MultiplyAdds);
            }
            catch (SweepsException)
            {
                return null;
            }
        });

    /// <summary>Further objectives with what the network costs, where nothing was trained.</summary>
    public static IReadOnlyList<ObjectiveScore>? With(
        IReadOnlyList<ObjectiveScore>? further, NetworkCosts costs, SweepPlan plan) => further is null ? null :
        [.. plan.Objectives!.Further.Zip(further, (metric, score) => !metric.IsCost ? score
            : score with { Mean = metric.Name == SweepMetric.Weights ? costs.Weights : costs.MultiplyAdds })];

    private static (TensorShape Input, int Outputs)? ShapeOf(SweepPlan plan)
    {
        if (plan.Objectives is { Input: { } text } objectives)
            return (TensorShape.Parse(text), objectives.Outputs);
        if (plan.Engines is { } engines && engines.ReadInput() is { } input)
            return (input, engines.Outputs);
        return KnownDataSets.Find(plan.Data) is { } known ? (known.Input, known.Outputs) : null;
    }
}

/// <summary>What a network costs: its weights, and its products for one sample.</summary>
internal sealed record NetworkCosts(long Weights, long MultiplyAdds);

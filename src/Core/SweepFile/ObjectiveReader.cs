using System.Collections.Immutable;
using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Reads what a file says under <c>metric</c> and <c>choose</c>: one objective or several.</summary>
/// <param name="file">The file's keys.</param>
/// <param name="context">Takes errors and notes.</param>
internal sealed class ObjectiveReader(MapValues file, ReadingContext context)
{
    private const string Key = "metric";

    /// <summary>The objectives' names, the first one first; empty: the file does not say.</summary>
    public ImmutableArray<string> Read(DataSource data)
    {
        if (!file.TryGet(SweepRules.Metric, out var metrics))
            return [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var (place, metric) in metrics.Index())
        {
            if (metric.Find(SweepRules.MetricName) is { } name)
            {
                Check(name, metric, place, data, names);
                names.Add(name);
            }
        }

        if (names.Count > 0 && SweepMetric.Costs.Contains(names[0]))
        {
            context.Error(NodeOf(metrics[0], 0), Key, names.Count == 1
                ? $"{names[0]} alone asks for the smallest network, which no training has to find; write what it is to "
                    + $"be good at before it, as in metric: [validation_accuracy, {names[0]}]"
                : $"the first objective is what a training is judged by; allowed: "
                    + $"{string.Join(", ", SweepMetric.Names)}; write {names[0]} after it");
        }

        return names.ToImmutable();
    }

    /// <summary>Which configuration is refitted.</summary>
    public FinalChoice ReadChoice(int objectives)
    {
        var choice = file.Get(SweepRules.Choose, FinalChoice.Best);
        if (choice == FinalChoice.Knee && objectives < 2
            // What was written wrongly is an error of its own.
            && file.NodeOf(SweepRules.Metric) is not SourceList { Items.Length: > 1 })
        {
            context.Error(file.NodeOf(SweepRules.Choose)!, SweepRules.Choose.Name,
                "a knee is a place of a front, and one objective has none; write two, as in metric: "
                + "[validation_accuracy, weights], or 'choose: one_standard_error'");
        }

        return choice;
    }

    /// <summary>Several objectives need a method and a schedule that can compare vectors.</summary>
    public void CheckSearch(SweepSpecification specification)
    {
        if (specification is { AsksForMetrics: true, EpochsDiffer: true })
        {
            context.Note(file.NodeOf(SweepRules.Metric)!, Key,
                "it is worked out where a training ends: trainings with fewer epochs are trained on their own and not "
                + "read off the longest");
        }

        if (specification.FurtherMetrics.IsEmpty)
            return;
        if (!specification.Method.TakesSeveralObjectives())
        {
            context.Error(file.NodeOf(SweepRules.Method)!, SweepRules.Method.Name,
                $"{SweepVocabulary.NameOf(specification.Method)} learns one score, and there are "
                + $"{specification.FurtherMetrics.Length + 1} objectives; write 'nsga2' or 'tpe', which learn from "
                + "vectors, or 'random', 'grid' or 'sobol'");
        }

        if (specification.FurtherMetrics.Length > 1 && specification.RunCap > NonDominatedSort.MostInOrder
            && (specification.Learns || specification.Schedule is { Order: RungOrder.Index }))
        {
            context.Error(file.NodeOf(SweepRules.RunCap)!, SweepRules.RunCap.Name, string.Create(
                CultureInfo.InvariantCulture,
                $"{specification.RunCap} configurations of {specification.FurtherMetrics.Length + 1} objectives would "
                    + $"each be put in order with all before; allowed: up to {NonDominatedSort.MostInOrder} with a "
                    + $"method that learns or a schedule in index order, or two objectives"));
        }

        if (specification.Schedule is { Method: ScheduleMethod.Race })
        {
            context.Error(file.NodeOf(ScheduleRules.Schedule)!, ScheduleRules.Schedule.Name,
                "a race tests who is behind in one objective, and whoever is behind in one may lead in another; write "
                + "'hyperband', 'halving' or 'median', which go by non-dominated rank, or one objective");
        }
    }

    private void Check(string name, MapValues metric, int place, DataSource data, IReadOnlyCollection<string> before)
    {
        var node = NodeOf(metric, place);
        var best = SweepMetric.Of(name).Goal == MetricGoal.Maximize ? "maximize" : "minimize";
        if (metric.Find(SweepRules.MetricGoal) is { } goal && goal != best)
        {
            context.Error(metric.NodeOf(SweepRules.MetricGoal)!, "metric.goal",
                $"{name} is {best}d; write goal: {best}, or leave it out");
        }

        if (data.Task is { } task && !SweepMetric.Fits(name, task))
            context.Error(node, Key, Refused(name, task));
        if (before.Contains(name))
            context.Error(node, Key, $"{name} is there twice; keep one");
        // Where the file does not say the task, the data do.
        if (data.Task == TaskKind.Classification && SameOfClasses([.. before, name]) is { } same
            && !before.Contains(name))
            context.Error(node, Key, same);
    }

    /// <summary>Why data of a task cannot be judged by a metric.</summary>
    internal static string Refused(string name, TaskKind task)
    {
        var of = SweepMetric.Fits(name, TaskKind.Regression) ? "a number to predict"
            : SweepMetric.Fits(name, TaskKind.Classification) ? "classes" : "several labels";
        var there = task switch
        {
            TaskKind.Regression => "is a number to predict",
            TaskKind.MultiLabel => "are several labels",
            _ => "are classes",
        };
        return $"{name} is of {of}, and there {there}; allowed: {SweepMetric.Allowed(task)}";
    }

    /// <summary>What is wrong with these objectives of a classification; null: nothing.</summary>
    internal static string? SameOfClasses(IReadOnlyCollection<string> names) =>
        names.Contains(SweepMetric.ValidationAccuracy) && names.Contains(SweepMetric.ValidationError)
            ? "of classes validation_error is 1 less validation_accuracy, the same objective twice; keep one of them"
            : null;

    private SourceNode NodeOf(MapValues metric, int place) => metric.NodeOf(SweepRules.MetricName)
        ?? (file.NodeOf(SweepRules.Metric) is SourceList list ? list.Items[place] : file.NodeOf(SweepRules.Metric)!);
}

using System.Globalization;
using Sweeps.Core.Schedulers;
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
        if (context.IsNew)
        {
            RefuseNesterovWithoutSgd(parameters, context);
            NoteZeroRate(parameters, context);
            NoteRates(specification, parameters, context);
            SizeCheck.CheckNames(specification, parameters, root, context);
        }

        if (context.Errors.Count > 0)
            return specification;
        try
        {
            if (context.IsNew)
            {
                specification = new EffectMerge(KnownDataSets.Find(specification.Data.Source), context)
                    .Run(specification, parameters);
                SizeCheck.CheckNetworks(specification, root, context);
            }

            return context.Errors.Count > 0 ? specification : Count(specification, parameters, root, context);
        }
        catch (SweepsException e)
        {
            context.Errors.Add(root.Position, "parameters", e.Message);
            return specification;
        }
    }

    private static void NoteZeroRate(IReadOnlyList<ReadParameter> parameters, ReadingContext context)
    {
        var read = parameters.FirstOrDefault(p => p.Parameter.Name == ParameterNames.LearningRate);
        var values = read?.Parameter.Branches.SelectMany(b => b.Domain.Enumerate(SpaceBlocks.MaxValues) ?? []) ?? [];
        if (values.Any(v => v.Value.Number == 0))
            context.Note(read!.Node, read.Path, "a rate of 0 trains nothing: the weights stay as they were drawn");
    }

    /// <summary>What a learning rate's schedule does not do in so many epochs, and what it costs.</summary>
    private static void NoteRates(
        SweepSpecification specification, IReadOnlyList<ReadParameter> parameters, ReadingContext context)
    {
        var epochs = specification.MostEpochs;
        NoteLong(ParameterNames.LearningRateStep, "the rate never falls in");
        NoteLong(ParameterNames.WarmupEpochs, "the rate only rises in");
        var read = Find(ParameterNames.LearningRateSchedule);
        if (read is null || !specification.EpochsDiffer)
            return;
        var names = Choices(read).Select(v => v.Text!).Distinct()
            .Where(name => TrainingSettings.Kind<LearningRateKind>(name) is { } kind
                && new LearningRateSchedule { Kind = kind }.DependsOnEpochs()).ToList();
        if (names.Count > 0)
        {
            context.Note(read.Node, read.Path,
                $"with {string.Join(", ", names)} the rate depends on how many epochs there are: trainings with other "
                + "epochs are trained on their own and not read off the longest");
        }

        void NoteLong(string name, string what)
        {
            if (Find(name) is not { } at)
                return;
            var values = at.Parameter.Branches.SelectMany(b => b.Domain.Enumerate(SpaceBlocks.MaxValues) ?? []);
            var longest = values.Select(v => v.Value.Number).DefaultIfEmpty(0).Max();
            if (longest >= epochs)
            {
                context.Note(at.Node, at.Path, string.Create(
                    CultureInfo.InvariantCulture, $"with {longest} {what} {epochs} epochs; write a smaller number"));
            }
        }

        ReadParameter? Find(string name) => parameters.FirstOrDefault(p => p.Parameter.Name == name);
    }

    private static SweepSpecification Count(
        SweepSpecification specification, IReadOnlyList<ReadParameter> parameters, SourceMap root,
        ReadingContext context)
    {
        var isRandom = specification.Method != SearchMethod.Grid;
        var blocks = new SpaceBlocks(specification.Parameters, isRandom);
        if (context.IsNew)
            CheckNesterov(blocks, parameters, context);
        var size = blocks.Size;
        var node = root.ValueOf("parameters") ?? root;
        if (size is null && isRandom && specification.RunCap is null)
        {
            context.Note(root.ValueOf("method") ?? root, "run_cap", string.Create(
                CultureInfo.InvariantCulture,
                $"a search with {SweepVocabulary.NameOf(specification.Method)} over ranges goes on as long as it is "
                    + $"let; {DefaultRunCap} configurations are tried; write run_cap for another number"));
            specification = specification with { RunCap = DefaultRunCap };
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

        if (context.IsNew)
        {
            CheckDimensions(specification, root, context);
            NoteIdleSchedule(specification, blocks.Size, root, context);
            if (specification.Method == SearchMethod.Sobol && context.Errors.Count == 0)
                NoteConfounded(specification, blocks, root, context);
            if (specification.Method.Learns() && context.Errors.Count == 0)
                CheckLearning(specification, size ?? long.MaxValue, root, context);
        }

        return specification;
    }

    /// <summary>Points that fill a space evenly are known up to a number of dimensions.</summary>
    private static void CheckDimensions(SweepSpecification specification, SourceMap root, ReadingContext context)
    {
        if (specification.Method is SearchMethod.Grid or SearchMethod.Random
            || specification.Parameters.Length <= SobolSequence.MostDimensions)
        {
            return;
        }

        context.Error(root.ValueOf("method") ?? root, "method", string.Create(
            CultureInfo.InvariantCulture,
            $"{SweepVocabulary.NameOf(specification.Method)} takes at most {SobolSequence.MostDimensions} parameters, "
                + $"those with one value among them, and there are {specification.Parameters.Length}; write 'random', "
                + $"or fewer"));
    }

    /// <summary>Says which parameters the first points of a sequence do not tell apart.</summary>
    private static void NoteConfounded(
        SweepSpecification specification, SpaceBlocks blocks, SourceMap root, ReadingContext context)
    {
        var searcher = specification.CreateSearcher();
        var count = Math.Min(specification.RunCap ?? int.MaxValue, searcher.Count);
        var confounded = new ConfoundedPairs(
            specification.Parameters, blocks, n => searcher.Propose(n, []).Values, count);
        if (confounded.Describe(SweepRules.MaxConfigurations) is { } text)
            context.Note(root.ValueOf("run_cap") ?? root.ValueOf("method") ?? root, "run_cap", text);
    }

    /// <summary>Says where a schedule finds nothing to stop: a file is often shortened to try it.</summary>
    private static void NoteIdleSchedule(
        SweepSpecification specification, long? size, SourceMap root, ReadingContext context)
    {
        if (specification.Schedule is not { } schedule)
            return;
        if (schedule.Method == ScheduleMethod.Race && specification.Folds == 0)
        {
            context.Error(root.ValueOf("schedule") ?? root, "schedule",
                "a race compares folds, and one hold-out split has none; write 'folds: 5' instead of 'validation'");
            return;
        }

        var (trials, epochs) = (specification.TrialsPerConfiguration, specification.MostEpochs);
        var levels = schedule.LevelsOf(trials, epochs, Math.Max(1, specification.Folds));
        var configurations = Math.Min(size ?? long.MaxValue, specification.RunCap ?? long.MaxValue);
        NoteMaxIter(root, epochs, context);
        var why = WhyIdle(schedule, levels.Count, trials, epochs, configurations);
        if (why is not null)
            context.Note(
                root.ValueOf("schedule") ?? root.ValueOf("early_terminate") ?? root,
                root.ValueOf("schedule") is null ? "early_terminate" : "schedule", $"nothing is stopped early: {why}");
        else if (schedule is { Method: ScheduleMethod.Median, Interval: { } interval } && interval >= epochs
            && schedule.Over != ScheduleBudget.Folds)
            NoteKey("interval", $"with {interval} no comparison follows the first within {Counted(epochs, "epoch")}");
        else if (schedule.Method == ScheduleMethod.Median)
            NoteLargeMedian(schedule);
        else if (schedule.MinEpochs > 1 && schedule.Over == ScheduleBudget.Both && levels[0].Epochs is null)
            NoteLargeMinimum("min_epochs", schedule.MinEpochs, epochs, "epochs");
        else if (schedule.MinFolds > 1 && schedule.Over == ScheduleBudget.Both && levels[0].Folds == trials)
            NoteLargeMinimum("min_folds", schedule.MinFolds, trials, "trials");
        else if (schedule is { Method: ScheduleMethod.Race, MinFolds: 1 })
            NoteKey("min_folds", "after 1 fold only the size of its validation sample tells what is chance, not how "
                + "much folds and initial weights vary: a good configuration may drop out; 2 or more tell that");

        void NoteLargeMinimum(string key, int least, int all, string what)
        {
            NoteKey(key, string.Create(
                CultureInfo.InvariantCulture,
                $"with {least} and eta {schedule.Eta} the smallest budget has all of {all} {what}"));
        }

        void NoteLargeMedian(SchedulePlan median)
        {
            if (median.MinEpochs > 1 && median.MinEpochs >= epochs && median.Over == ScheduleBudget.Both)
                NoteKey("min_epochs", $"with {median.MinEpochs} all of {Counted(epochs, "epoch")} are trained before "
                    + "the first comparison");
            if (median.MinFolds > 1 && median.MinFolds >= trials && median.Over == ScheduleBudget.Both)
                NoteKey("min_folds", $"with {median.MinFolds} all of {Counted(trials, "trial")} are begun before the "
                    + "first comparison");
        }

        void NoteKey(string key, string text) =>
            context.Note((root.ValueOf("schedule") as SourceMap)?.ValueOf(key) ?? root, $"schedule.{key}", text);
    }

    /// <summary>Why nothing is stopped; null: something may be.</summary>
    private static string? WhyIdle(SchedulePlan schedule, int levels, int trials, int epochs, long configurations)
    {
        var all = $"all of {Counted(epochs, "epoch")} in all of {Counted(trials, "trial")}";
        return schedule switch
        {
            { Method: ScheduleMethod.Median } when levels == 1 =>
                $"the first comparison comes when {all} are trained",
            { Method: ScheduleMethod.Median } when configurations <= schedule.Warmup => string.Create(
                CultureInfo.InvariantCulture,
                $"the first {schedule.Warmup} at a comparison pass, and there are {configurations} configurations"),
            { Method: ScheduleMethod.Race } when levels == 1 => string.Create(
                CultureInfo.InvariantCulture,
                $"the first comparison comes after {Counted(schedule.MinFolds, "trial")}, and there are {trials}"),
            _ when levels == 1 => string.Create(
                CultureInfo.InvariantCulture,
                $"with eta {schedule.Eta} the smallest budget is {all}"),
            { Method: ScheduleMethod.Halving } when configurations < schedule.Eta => string.Create(
                CultureInfo.InvariantCulture,
                $"one in {schedule.Eta} goes on, and there are {configurations} configurations"),
            _ when configurations == 1 => "there is 1 configuration",
            _ => null,
        };
    }

    private static string Counted(int count, string noun) => string.Create(
        CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>W&amp;B's max_iter is what a run trains; here that is what 'epochs' says.</summary>
    private static void NoteMaxIter(SourceMap root, int epochs, ReadingContext context)
    {
        if ((root.ValueOf("early_terminate") as SourceMap)?.ValueOf("max_iter") is SourceScalar most
            && int.TryParse(most.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var epochsMeant)
            && epochsMeant != epochs)
        {
            context.Note(most, "early_terminate.max_iter", string.Create(
                CultureInfo.InvariantCulture,
                $"max_iter {epochsMeant} is not the {Counted(epochs, "epoch")} that are trained; write epochs: "
                    + $"{epochsMeant}"));
        }
    }

    /// <summary>A method that never gets to learn is a mistake, or is told.</summary>
    private static void CheckLearning(
        SweepSpecification specification, long size, SourceMap root, ReadingContext context)
    {
        var configurations = Math.Min(size, specification.RunCap ?? long.MaxValue);
        var method = SweepVocabulary.NameOf(specification.Method);
        if (specification.Schedule is
            { Method: ScheduleMethod.Halving or ScheduleMethod.Race, Order: RungOrder.Bracket } schedule)
        {
            context.Error(root.ValueOf("schedule") ?? root, "schedule",
                $"{schedule.Method.ToString().ToLowerInvariant()} with order bracket decides about all configurations "
                + $"together, when they have all been chosen, so that {method} could learn nothing; leave 'order' out, "
                + "or write 'order: index', 'schedule: hyperband', which decides about groups, or 'method: sobol'");
            return;
        }

        if (specification.Slots > specification.MostAtOnce)
        {
            context.Note(root.ValueOf("slots") ?? root, "slots", string.Create(
                CultureInfo.InvariantCulture,
                $"{method} with lag {specification.Lag} lets at most {specification.MostAtOnce} trials run at once; "
                    + $"write a larger 'lag' for {specification.Slots} slots"));
        }

        // In index order a group is no bound: the scores before are known one by one.
        var first = specification.Schedule?.ScheduleOf(
            (int)configurations, specification.TrialsPerConfiguration, specification.MostEpochs) is
        { Order: RungOrder.Bracket } groups
            ? groups.Shapes[0].Size
            : 0;
        var before = Math.Max(Math.Max(specification.Warmup, first), specification.Lag + 2);
        if (configurations > before)
            return;
        var why = before == first
            ? "hyperband's first group has"
            : before == specification.Warmup ? "'warmup' asks for" : "'lag' asks for";
        context.Note(root.ValueOf("run_cap") ?? root.ValueOf("method") ?? root, "run_cap", string.Create(
            CultureInfo.InvariantCulture,
            $"{method} learns nothing here: {why} {before} configurations before the first that it chooses, and there "
                + $"are {configurations}; {WayOut(specification, (int)configurations, first, before)}"));
    }

    /// <summary>What to write so that the search learns.</summary>
    private static string WayOut(SweepSpecification specification, int configurations, int first, int before)
    {
        if (first >= configurations)
            return "'schedule: halving' compares one by one";
        var keys = new List<string>();
        if (specification.Warmup >= configurations && configurations > 2)
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"warmup: {Math.Max(2, configurations / 4)}"));
        if (specification.Lag + 2 >= configurations && configurations > 3)
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"lag: {Math.Max(1, (configurations / 4) - 1)}"));
        var more = string.Create(CultureInfo.InvariantCulture, $"more configurations, as 'run_cap: {2 * before}'");
        return "write " + (keys.Count > 0 ? $"'{string.Join("' and '", keys)}', or {more}" : more);
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
                        $"{branch.Domain.Distribution} gives endlessly many values, or more than "
                        + $"{SpaceBlocks.MaxValues}, and a grid tries them all; allowed: at most "
                        + $"{SpaceBlocks.MaxValues}; write 'points: 5' beside min and max, or 'values: [...]', or "
                        + $"'method: random'");
                }
            }
        }
    }

    /// <summary>Nesterov's form is a form of sgd's momentum: without that, such a configuration cannot be
    /// trained.</summary>
    private static void CheckNesterov(
        SpaceBlocks blocks, IReadOnlyList<ReadParameter> parameters, ReadingContext context)
    {
        var read = parameters.FirstOrDefault(p => p.Parameter.Name == ParameterNames.Nesterov);
        if (read is null || blocks.Blocks.Select(WhyNotNesterov).FirstOrDefault(why => why is not null) is not { } why)
            return;
        RefuseNesterov(read, why, context);
    }

    /// <summary>Beside other optimizers, nesterov is searched with sgd alone; without any sgd it is a
    /// mistake.</summary>
    private static void RefuseNesterovWithoutSgd(IReadOnlyList<ReadParameter> parameters, ReadingContext context)
    {
        var read = parameters.FirstOrDefault(p => p.Parameter.Name == ParameterNames.Nesterov);
        if (read is null || !Choices(read).Any(v => v.Number == 1))
            return;
        var optimizer = parameters.FirstOrDefault(p => p.Parameter.Name == ParameterNames.Optimizer);
        List<string> used = optimizer is null ? ["adam"] : [.. Choices(optimizer).Select(v => v.Text!).Distinct()];
        if (used.Count > 0 && !used.Contains("sgd"))
            RefuseNesterov(read, $"with {string.Join(", ", used)} alone", context);
    }

    private static void RefuseNesterov(ReadParameter read, string why, ReadingContext context) => context.Error(
        read.Node, read.Path,
        $"true needs optimizer sgd and a momentum above 0, and there are configurations {why}; write when: "
        + "{optimizer: sgd, momentum: [0.9]} with the momenta above 0, or leave nesterov out");

    private static IEnumerable<ParameterValue> Choices(ReadParameter read) =>
        read.Parameter.Branches.Select(b => b.Domain).OfType<ChoiceDomain>().SelectMany(d => d.Values);

    /// <summary>What keeps a configuration of the block from training with nesterov; null: nothing.</summary>
    private static string? WhyNotNesterov(SpaceBlock block)
    {
        if (!ValuesOf(block, ParameterNames.Nesterov).Any(v => v.Number == 1))
            return null;
        var optimizers = ValuesOf(block, ParameterNames.Optimizer).Select(v => v.Text!).DefaultIfEmpty("adam");
        if (optimizers.FirstOrDefault(o => o != "sgd") is { } other)
            return $"with {other}";
        var isMomentumGiven = block.Chosen.Any(c => c.Key == ParameterNames.Momentum)
            || block.Free.Any(f => f.Name == ParameterNames.Momentum);
        if (!isMomentumGiven)
            return "without momentum";
        return ValuesOf(block, ParameterNames.Momentum).Any(v => v.Number == 0) ? "with momentum 0" : null;
    }

    /// <summary>The values that a parameter has in a block; none: it is absent, or any number of a range.</summary>
    private static IEnumerable<ParameterValue> ValuesOf(SpaceBlock block, string name)
    {
        var chosen = block.Chosen.Where(c => c.Key == name).Select(c => c.Value);
        var free = block.Free.FirstOrDefault(f => f.Name == name)?.Domain.Enumerate(SpaceBlocks.MaxValues);
        return chosen.Concat(free?.Select(v => v.Value) ?? []);
    }
}

using System.Collections.Immutable;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The keys of a sweep file: the one table behind the reader, the JSON Schema and the documentation.</summary>
internal static class SweepRules
{
    /// <summary>Most configurations of one sweep.</summary>
    public const int MaxConfigurations = SweepPlan.ConfigurationsMax;

    /// <summary>Largest seed: what JSON's numbers carry without rounding.</summary>
    private const long MaxSeed = (1L << 53) - 1;

    private const int MaxNames = 1_000;

    private static readonly SharedRule<ImmutableArray<Condition>> s_when = new("when", new WhenRule());

    private static readonly Rule<string> s_architectureText =
        Parameters.Get(ParameterNames.Architecture).Rule.Select(value => value.Text!);

    private static readonly TextRule s_dataText = new()
    {
        Noun = $"the name of a data set ({string.Join(", ", KnownDataSets.Names)}), the path of a CSV file or of a "
            + "folder of pictures",
        MaxLength = 1_000,
    };

    private static readonly ChoiceRule s_methods = new(
        new Choice("grid", "every combination"),
        new Choice("random", "combinations drawn at random, none twice"),
        new Choice("sobol", "points that fill the space evenly, none twice"),
        new Choice(
            "tpe", "learns from the scores: what is likelier among the good configurations than among the others"),
        new Choice("bayes", "learns from the scores: what a Gaussian process expects most of"),
        new Choice("cmaes", "learns from the scores: drawn from a normal distribution that follows the better half"),
        new Choice("nsga2", "learns from the scores: children of the best so far; for several objectives", "nsgaii"))
    {
        Hints = ForeignNames.Values("method"),
    };

    public static Key<string> MetricName { get; } = new(
        "name", MetricRule.Names, "What is optimised, over the validation samples after the last epoch.")
    {
        IsRequired = true,
    };

    public static Key<string> MetricGoal { get; } = new(
        "goal",
        new ChoiceRule(new Choice("minimize", "smaller is better"), new Choice("maximize", "larger is better")),
        "Follows from the name; a wrong one is an error.");

    /// <summary>What is written under <c>metric</c> as a map.</summary>
    public static MapRule MetricMap { get; } = new(
        "'metric'", MetricName, MetricGoal,
        new Key<double>("target", new NumberRule(), "W&B stops the sweep here.")
        {
            Note = "has no effect: every configuration is tried",
        });

    /// <summary>One objective; the short form is a map with the name alone.</summary>
    private static SharedRule<MapValues> Objective { get; } = new("objective", new ShapeRule<MapValues>
    {
        Scalar = MetricRule.Names.Select(name => MapValues.Empty.With(MetricName, name)),
        Map = MetricMap,
    });

    public static Key<string> Name { get; } =
        new("name", new TextRule { Noun = "a name" }, "For people; default: the file's name.");

    public static Key<string> Description { get; } =
        new("description", new TextRule { Noun = "a text", MaxLength = 10_000 }, "What the sweep asks.");

    /// <summary>The short form is a map with neither <see cref="DataRules.Name"/> nor <see cref="DataRules.Path"/>.
    /// </summary>
    public static Key<MapValues> Data { get; } = new(
        "data",
        new ShapeRule<MapValues> { Scalar = s_dataText.Select(_ => MapValues.Empty), Map = DataRules.Map },
        "The data set: a name, the path of a CSV file or of a folder of pictures, or a map.")
    {
        IsRequired = true,
    };

    public static Key<SearchMethod> Method { get; } = new(
        "method", s_methods.Select(name => Enum.Parse<SearchMethod>(name, ignoreCase: true)),
        "How configurations are chosen.")
    {
        Default = "\"grid\"",
    };

    public static Key<ImmutableArray<MapValues>> Metric { get; } = new(
        "metric",
        new ShapeRule<ImmutableArray<MapValues>>
        {
            Scalar = Objective.Select(ImmutableArray.Create),
            Map = Objective.Select(ImmutableArray.Create),
            List = new ListRule<MapValues>(Objective, SweepObjectives.Most),
        },
        "What is optimised, or a list of objectives whose front is sought, the one that a training is judged by first; "
            + "default: validation_accuracy, for a regression validation_error.");

    public static Key<FinalChoice> Choose { get; } = new(
        "choose",
        new ChoiceRule(
                new Choice("best", "the best by the first objective"),
                new Choice("knee", "of the front the one farthest before the line between its ends"),
                new Choice(
                    "one_standard_error",
                    "within one standard error of the best, the least in the second objective, or the fewest weights",
                    "1se", "one_se"))
            .Select(name => Enum.Parse<FinalChoice>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true)),
        "Which configuration is refitted.")
    {
        Default = "\"best\"",
    };

    public static Key<int> FoldCount { get; } =
        new("k", NumberRule.Whole(2, TrainingRequest.MostOfEach), "Folds; one trial each.") { IsRequired = true };

    public static Key<int> FoldRepeats { get; } = new(
        "repeats", NumberRule.Whole(1, TrainingRequest.MostOfEach),
        "Draw the folds so often anew; each time every sample is "
            + "validated once.")
    {
        Default = "1",
    };

    /// <summary>What is written under <c>folds</c> as a map.</summary>
    public static MapRule FoldMap { get; } = new("'folds'", FoldCount, FoldRepeats) { Hint = ForeignNames.OfFolds };

    /// <summary>The short form is a map with the number alone.</summary>
    public static Key<MapValues> Folds { get; } = new(
        "folds",
        new ShapeRule<MapValues>
        {
            Scalar = NumberRule.Whole(2, TrainingRequest.MostOfEach).Select(k => MapValues.Empty.With(FoldCount, k)),
            Map = FoldMap.Whole,
        },
        "Folds of the cross-validation, or a map that repeats it; one trial each.")
    {
        Default = "5",
    };

    public static Key<int> Seeds { get; } = new(
        "seeds", NumberRule.Whole(1, TrainingRequest.MostOfEach),
        "Train on each split so often, with other initial weights, orders and dropout masks.")
    {
        Default = "1",
    };

    /// <summary>What the short form of <see cref="Validation"/> means; no key of its own.</summary>
    public static Key<double> ValidationShare { get; } = new(
        "share", new NumberRule { Min = 0, ExcludesMin = true, Max = 1, ExcludesMax = true }, "The share held out.");

    public static Key<int> ValidationFirst { get; } = new(
        "first", NumberRule.Whole(1, 1_000_000_000),
        "So many of the first training samples, in the order of the data, are held out.")
    {
        IsRequired = true,
    };

    public static Key<MapValues> Validation { get; } = new(
        "validation",
        new ShapeRule<MapValues>
        {
            Scalar = ((Rule<double>)ValidationShare.Rule).Select(
                share => MapValues.Empty.With(ValidationShare, share)),
            Map = new MapRule("'validation'", ValidationFirst).Whole,
        },
        "Instead of folds: the share of the samples that is held out once, or {first: 5000}, the first ones.");

    public static Key<int> Epochs { get; } = new(
        "epochs", Parameters.Get(ParameterNames.Epochs).Rule.Select(value => (int)value.Number),
        "Passes over the training samples, where 'parameters' does not search them.")
    {
        Default = "10",
    };

    public static Key<ImmutableArray<WrittenArchitecture>> Architectures { get; } = new(
        "architectures",
        new ShapeRule<ImmutableArray<WrittenArchitecture>>
        {
            Scalar = s_architectureText.Select((_, node) => ImmutableArray.Create(new WrittenArchitecture(null, node))),
            List = new ListRule<WrittenArchitecture>(
                s_architectureText.Select((_, node) => new WrittenArchitecture(null, node)), MaxNames)
            {
                KeepsRightItems = true,
            },
            Map = new NamedMapRule<SourceNode>("an architecture", OneArchitecture(), MaxNames).Select(
                named => named.Select(n => new WrittenArchitecture(n.Entry, n.Value)).ToImmutableArray()),
        },
        "Networks: built-in names, or names with layers, whose sizes may be placeholders ('dense {width} relu'). All "
            + "of them are tried unless 'parameters' says otherwise.");

    /// <summary>One key for each hyperparameter.</summary>
    private static IEnumerable<Key<ImmutableArray<ParameterBranch>>> Searched => Parameters.All.Select(SearchedKey);

    public static Key<MapValues> ParameterMap { get; } = new(
        "parameters",
        new MapRule("'parameters'", [.. Searched])
        {
            Hint = ForeignNames.OfParameter,
            Placeholder = name => SearchedKey(Parameters.Size(name)),
        },
        "What is searched: hyperparameters, and sizes that stand as placeholders in 'architectures'.");

    /// <summary>Weights of classes where 'parameters' does not search them.</summary>
    public static Key<string> ClassWeights { get; } = new(
        ParameterNames.ClassWeights,
        new ShapeRule<string> { Scalar = new ClassWeightsRule(), Map = new ClassWeightMapRule() },
        "What a sample of each class counts while it is learned from: balanced, or a map of classes to weights; those "
            + "that are not named count 1. The same as under 'parameters'.")
    {
        Default = "\"none\"",
    };

    /// <summary>The changes of pictures, each a parameter with a longer name.</summary>
    public static MapRule AugmentMap { get; } = new(
        "'augment'",
        [
            .. Parameters.All.Where(p => p.Name.StartsWith(ParameterNames.Augment, StringComparison.Ordinal))
                .Select(p => SearchedKey(p, p.Name[ParameterNames.Augment.Length..])),
        ])
    {
        Hint = ForeignNames.OfAugment,
    };

    public static Key<MapValues> Augment { get; } = new(
        "augment", AugmentMap,
        "How the pictures that are learned from are changed, each time anew; what is held out stays as it is. "
            + "augment: {shift: 0.1} is the same as parameters: {augment_shift: 0.1}.");

    public static Key<ImmutableArray<MapValues>> StartWith { get; } = new(
        "start_with",
        new ListRule<MapValues>(
            new MapRule("a first guess", [.. Parameters.All.Select(GuessedKey)])
            {
                Hint = ForeignNames.OfCondition,
                Placeholder = name => GuessedKey(Parameters.Size(name)),
            }.Whole,
            MaxNames),
        "First guesses: configurations that are tried before all others.");

    public static Key<int> Lag { get; } = new(
        "lag", NumberRule.Whole(1, 10_000),
        "Of a method that learns: configuration n is chosen by the scores of the first n - lag. A larger one keeps "
            + "more slots at work, a smaller one learns sooner; default: as many as give 16 trials, at least 2; beside "
            + "a schedule in index order 16.");

    public static Key<int> Warmup { get; } = new(
        "warmup", NumberRule.Whole(2, 100_000),
        "Of a method that learns: so many configurations fill the space evenly before it chooses the first.")
    {
        Default = "10",
    };

    public static Key<int> Population { get; } = new(
        "population", NumberRule.Whole(4, 10_000),
        "Of nsga2: so many of the best configurations may be parents; as many fill the space evenly before the first "
            + "child, unless 'warmup' says otherwise.")
    {
        Default = "20",
    };

    public static Key<int> RunCap { get; } =
        new("run_cap", NumberRule.Whole(1, MaxConfigurations), "At most this many configurations.");

    public static Key<long> Seed { get; } = new(
        "seed", new NumberRule { IsInteger = true, Min = 0, Max = MaxSeed }.Select(n => (long)n),
        "Every random number derives from it.")
    {
        Default = "1",
    };

    public static Key<int> Patience { get; } = new(
        "patience", NumberRule.Whole(1, 100_000),
        "Stop a training whose validation loss has not improved for this many epochs; default: never.");

    public static Key<ScoredEpoch> Score { get; } = new(
        "score",
        new ChoiceRule(
                new Choice("last", "the last one that ran"),
                new Choice("best", "the one with the lowest validation loss, whose weights are restored"))
            .Select(name => Enum.Parse<ScoredEpoch>(name, ignoreCase: true)),
        "The epoch of a training that is scored; a refit trains as long as the folds needed to reach it.")
    {
        Default = "\"last\"",
    };

    public static Key<SampleOrder> SampleOrder { get; } = new(
        "sample_order",
        new ChoiceRule(
                new Choice("own", "each configuration has its own"),
                new Choice("shared", "all trials of a fold learn from the samples in the same order, epoch by epoch"))
            .Select(name => Enum.Parse<SampleOrder>(name, ignoreCase: true)),
        "The order of the samples. Shared orders compare configurations on the same batches.")
    {
        Default = "\"own\"",
    };

    public static Key<bool> Refit { get; } = new(
        "refit", new FlagRule(), "Train the best configuration on all training data and open the test set once.")
    {
        Default = "true",
    };

    public static Key<bool> Reuse { get; } = new(
        "reuse", new FlagRule(),
        "Take over results of equal trainings that the store has, and train what differs in its epochs alone once.")
    {
        Default = "true",
    };

    public static Key<bool> KeepCheckpoints { get; } = new(
        "keep_checkpoints", new FlagRule(),
        "Keep the last checkpoint of each completed trial in the store, so that a sweep that asks for more epochs goes "
            + "on from there; costs up to three times the weights a trial.")
    {
        Default = "false",
    };

    public static Key<EngineKind> Engine { get; } = new(
        "engine",
        new ChoiceRule(
                new Choice("auto", "native where every layer of a network has a native stage, otherwise torch"),
                new Choice("native", "the program's own kernels: the same bits on every processor"),
                new Choice("torch", "TorchSharp: libtorch's kernels and automatic differentiation", "torchsharp",
                    "libtorch", "pytorch"))
            .Select(name => Enum.Parse<EngineKind>(name, ignoreCase: true)),
        "What computes the trainings.")
    {
        Default = "\"auto\"",
    };

    public static Key<int> Slots { get; } =
        new("slots", NumberRule.Whole(1, 1_024), "Trials at the same time on this machine; default: its cores.");

    /// <summary>The whole file.</summary>
    public static MapRule File { get; } = new(
        "a sweep",
        [
            Name, Description, Data, Method, Metric, Choose, Folds, Seeds, Validation, Epochs, Architectures,
            WeightsRules.InitialWeights, WeightsRules.Freeze, ParameterMap, ClassWeights, Augment, StartWith, RunCap,
            Lag, Warmup, Population, Seed, Patience, Score, SampleOrder, ScheduleRules.Schedule,
            ScheduleRules.EarlyTerminate, Refit, Reuse, KeepCheckpoints, Engine, Slots, .. ForeignKeys.All,
        ])
    {
        Hint = ForeignNames.OfKey,
    };

    private static Key<ImmutableArray<ParameterBranch>> SearchedKey(ParameterDescription parameter) =>
        SearchedKey(parameter, parameter.Name);

    private static Key<ImmutableArray<ParameterBranch>> SearchedKey(ParameterDescription parameter, string name) => new(
        name,
        new SharedRule<ImmutableArray<ParameterBranch>>(parameter.Kind, new ParameterRule(parameter, s_when)),
        $"{parameter.Doc} Default: {parameter.Default}.");

    private static Key<ParameterValue> GuessedKey(ParameterDescription parameter) =>
        new(parameter.Name, parameter.Rule, parameter.Doc);

    /// <summary>One network under its name; what its layers are, the networks' own reader says.</summary>
    private static ShapeRule<SourceNode> OneArchitecture() => new()
    {
        Scalar = s_architectureText.Select((_, node) => node),
        List = new ListRule<SourceNode>(new AnyRule("string", "object"), MaxNames).Select((_, node) => node),
        Map = new FormRule<SourceNode>(
            "assembly",
            OwnSection.Rule,
            new MapRule("an architecture", new Key<string>(
                "keras", DataRules.FileName, "A file with the output of Keras's model.to_json().")
            { IsRequired = true })
                .Whole.Select((_, node) => node)),
    };
}

/// <summary>A network as the file has it: the node of its layers, and the entry that names it.</summary>
internal sealed record WrittenArchitecture(SourceEntry? Named, SourceNode Node);

using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The keys of a sweep file: the one table behind validation, the JSON Schema and the documentation.</summary>
public static class SweepRules
{
    /// <summary>Most configurations of one sweep.</summary>
    public const int MaxConfigurations = 1_000_000;

    /// <summary>Largest seed: what JSON's numbers carry without rounding.</summary>
    public const long MaxSeed = (1L << 53) - 1;

    private const int MaxNames = 1_000;

    private static readonly SharedRule When = new(
        "when", new MapRule("'when'", [.. Parameters.All.Select(ConditionKey)])
        {
            Instead = Parameters.OtherNames.ToDictionary(o => o.Key, o => $"did you mean '{o.Value}'?"),
        });

    private static readonly IReadOnlyList<(ParameterDescription Description, SharedRule Rule)> ParameterRules =
        [.. Parameters.All.Select(p => (p, new SharedRule(p.Name, new ParameterRule(p, When))))];

    private static readonly Rule Count = new NumberRule { IsInteger = true, Min = 1, Max = MaxConfigurations };

    private static readonly Rule ArchitectureText = Parameters.Get(ParameterNames.Architecture).Rule;

    private static readonly Rule FileName = new TextRule { Noun = "the path of a file", MaxLength = 1_000 };

    private static readonly Rule DataText = new TextRule
    {
        Noun = $"the name of a data set ({string.Join(", ", KnownDataSets.Names)}), the path of a CSV file",
        MaxLength = 1_000,
    };

    private static readonly ChoiceRule Methods = new(
        new Choice("grid", "every combination"),
        new Choice("random", "combinations drawn at random, none twice"))
    {
        NotYet = new Dictionary<string, string>
        {
            ["bayes"] = "write 'random' with a run_cap, which needs no model and runs on all slots at once, or 'grid'",
        },
    };

    internal static ChoiceRule MetricNames { get; } = new(
        new Choice("validation_accuracy", "share of the validation samples classified rightly", "val_accuracy",
            "val_acc", "accuracy", "acc"),
        new Choice("validation_loss", "mean loss over the validation samples", "val_loss", "loss"),
        new Choice(
            "validation_error",
            "1 - accuracy, or the mean absolute error of a regression",
            "val_error", "error", "mean_absolute_error", "val_mean_absolute_error", "mae", "val_mae"));

    /// <summary>What is written under <c>data</c> as a map.</summary>
    public static MapRule Data { get; } = new(
        "'data'",
        new KeyDescription("name", new TextRule { Noun = "the name of a data set" },
            "A data set with a name: mnist, fashion-mnist, cifar-10, digits."),
        new KeyDescription("path", FileName, "A CSV file, relative to the sweep file."),
        new KeyDescription("label", new TextRule { Noun = "a column's name or index", OrInteger = true },
            "The column to predict, by name or index from 0; default: the last."),
        new KeyDescription(
            "task",
            new ChoiceRule(new Choice("classification", "one class of several"), new Choice("regression", "a number")),
            "What to predict; default: decided from the label column."),
        new KeyDescription("samples", new NumberRule { IsInteger = true, Min = 2, Max = 1e9 },
            "Use only this many training samples, chosen by the seed."));

    /// <summary>What is written under <c>metric</c> as a map.</summary>
    public static MapRule Metric { get; } = new(
        "'metric'",
        new KeyDescription("name", MetricNames,
            "What is optimised, over the validation samples after the last epoch.")
        { IsRequired = true },
        new KeyDescription(
            "goal",
            new ChoiceRule(new Choice("minimize", "smaller is better"), new Choice("maximize", "larger is better")),
            "Follows from the name; a wrong one is an error."),
        new KeyDescription("target", new NumberRule(),
            "W&B stops the sweep here.")
        { Note = "has no effect: every configuration is tried" });

    /// <summary>One network under its name.</summary>
    internal static Rule ArchitectureRule { get; } = new ShapeRule
    {
        Scalar = ArchitectureText,
        List = new ListRule(new AnyRule("string", "object"), MaxNames),
        Map = new MapRule("an architecture", new KeyDescription(
            "keras", FileName, "A file with the output of Keras's model.to_json().")
        { IsRequired = true }),
    };

    /// <summary>The whole file.</summary>
    public static MapRule File { get; } = new(
        "a sweep",
        [
            new("name", new TextRule { Noun = "a name" }, "For people; default: the file's name."),
            new("description", new TextRule { Noun = "a text", MaxLength = 10_000 }, "What the sweep asks."),
            new("data", new ShapeRule { Scalar = DataText, Map = Data },
                "The data set: a name, the path of a CSV file, or a map.") { IsRequired = true },
            new("method", Methods, "How configurations are chosen.") { Default = "\"grid\"" },
            new("metric", new ShapeRule { Scalar = MetricNames, Map = Metric },
                "What is optimised; default: validation_accuracy, for a regression validation_error."),
            new("folds", new NumberRule { IsInteger = true, Min = 2, Max = 100 },
                "Folds of the cross-validation; one trial each.") { Default = "5" },
            new(
                "validation",
                new NumberRule { Min = 0, ExcludesMin = true, Max = 1, ExcludesMax = true },
                "Instead of folds: the share of the samples that is held out once."),
            new("epochs", Parameters.Get(ParameterNames.Epochs).Rule,
                "Passes over the training samples, where 'parameters' does not search them.") { Default = "10" },
            new(
                "architectures",
                new ShapeRule
                {
                    Scalar = ArchitectureText,
                    List = new ListRule(ArchitectureText, MaxNames),
                    Map = new NamedMapRule("an architecture", ArchitectureRule, MaxNames),
                },
                "Networks: built-in names, or names with layers. All of them are tried unless 'parameters' says "
                    + "otherwise."),
            new("parameters", new MapRule("'parameters'", [.. ParameterRules.Select(p => new KeyDescription(
                p.Description.Name, p.Rule, $"{p.Description.Doc} Default: {p.Description.Default}."))])
            {
                Instead = Parameters.OtherNames.ToDictionary(o => o.Key, o => $"did you mean '{o.Value}'?"),
            }, "What is searched."),
            new("run_cap", Count, "At most this many configurations."),
            new("seed", new NumberRule { IsInteger = true, Min = 0, Max = MaxSeed },
                "Every random number derives from it.") { Default = "1" },
            new("patience", new NumberRule { IsInteger = true, Min = 1, Max = 100_000 },
                "Stop a training whose validation loss has not improved for this many epochs; default: never."),
            new("refit", new FlagRule(),
                "Train the best configuration on all training data and open the test set once.") { Default = "true" },
            new("slots", new NumberRule { IsInteger = true, Min = 1, Max = 1_024 },
                "Trials at the same time on this machine; default: its cores."),
            .. ForeignKeys.All,
        ]);

    /// <summary>The rules that the schema writes once.</summary>
    internal static IEnumerable<SharedRule> Shared => ParameterRules.Select(p => p.Rule).Append(When);

    private static KeyDescription ConditionKey(ParameterDescription parameter) => new(
        parameter.Name,
        new ShapeRule { Scalar = parameter.Rule, List = new ListRule(parameter.Rule, ParameterRule.MaxValues) },
        $"Where {parameter.Name} is this, or one of these.");
}

/// <summary>Keys of W&amp;B's files that have no effect here; each is accepted and says so.</summary>
internal static class ForeignKeys
{
    private const string NoScript = "has no effect: Sweeps trains the networks under 'architectures' itself";

    private const string NoServer = "has no effect: results stay in your own store";

    public static IReadOnlyList<KeyDescription> All { get; } =
    [
        new("program", new AnyRule(), "W&B: the training script.") { Note = NoScript },
        new("command", new AnyRule(), "W&B: how the script is called.") { Note = NoScript },
        new("project", new AnyRule(), "W&B: the project.") { Note = NoServer },
        new("entity", new AnyRule(), "W&B: the account.") { Note = NoServer },
        new("early_terminate", new AnyRule("object"), "W&B: stopping poor runs early.")
        {
            Note = "is not supported yet: every configuration trains all its epochs on all its folds; "
                + "'patience' stops a training that no longer improves, 'run_cap' bounds the number of configurations",
        },
    ];
}

using Sweeps.Core.Schedulers;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The keys that say what is stopped early: <c>schedule</c>, and W&amp;B's <c>early_terminate</c>.</summary>
internal static class ScheduleRules
{
    private static readonly Choice s_halving = new(
        "halving", "all configurations together: at each rung the best go on", "successive_halving", "sha", "asha");

    private static readonly Choice s_hyperband = new(
        "hyperband", "groups in turn that begin with many configurations and little training, or few and much");

    private static readonly Choice s_race = new(
        "race", "after each fold, those drop out that are behind the best by more than chance explains", "racing");

    private static readonly Choice s_median = new(
        "median", "whoever is worse than the median of those before it is stopped", "median_stopping", "medianstop");

    private static readonly ChoiceRule s_schedules = new(s_halving, s_hyperband, s_race, s_median)
    {
        Hints = ForeignNames.Values("schedule"),
    };

    private static readonly ChoiceRule s_scheduleNames =
        new(new Choice("none", "nothing is stopped early"), s_halving, s_hyperband, s_race, s_median)
        {
            Hints = ForeignNames.Values("schedule"),
        };

    public static Key<ScheduleMethod> Method { get; } = new(
        "method",
        s_schedules.Select(name => Enum.Parse<ScheduleMethod>(name, ignoreCase: true)),
        "How configurations are grouped to be compared.")
    {
        IsRequired = true,
    };

    public static Key<ScheduleBudget> Over { get; } = new(
        "over",
        new ChoiceRule(
                new Choice("both", "first more epochs on few folds, then more folds"),
                new Choice("epochs", "more epochs on all folds"),
                new Choice("folds", "more folds with all epochs"))
            .Select(name => Enum.Parse<ScheduleBudget>(name, ignoreCase: true)),
        "What those that go on get more of; default: both, of the median epochs.");

    public static Key<RungOrder> Order { get; } = new(
        "order",
        new ChoiceRule(
                new Choice("bracket", "with all others of its group, once all of them have come"),
                new Choice("index", "with those of smaller number, as soon as these were decided"))
            .Select(name => Enum.Parse<RungOrder>(name, ignoreCase: true)),
        "Halving and race: with whom a configuration is compared; default: bracket, beside a method that learns "
            + "index.");

    public static Key<int> Interval { get; } = new(
        "interval", NumberRule.Whole(1, 100_000),
        "Median: epochs between two comparisons; default: a tenth of all epochs.");

    public static Key<int> Warmup { get; } = new(
        "warmup", NumberRule.Whole(1, 100_000), "Median: so many configurations pass a comparison before it stops any.")
    {
        Default = "5",
    };

    public static Key<int> Eta { get; } = new(
        "eta", NumberRule.Whole(2, 100), "One in so many goes on at each rung, with so many times the budget.")
    {
        Default = "3",
    };

    public static Key<int> MinEpochs { get; } = new(
        "min_epochs", NumberRule.Whole(1, 100_000), "Epochs before the first comparison at least.")
    {
        Default = "1",
    };

    public static Key<int> MinFolds { get; } = new(
        "min_folds", NumberRule.Whole(1, 100), "Folds at the first comparison at least; default of a race: 2.")
    {
        Default = "1",
    };

    public static Key<double> Alpha { get; } = new(
        "alpha",
        new NumberRule { Min = 0, ExcludesMin = true, Max = 0.5 },
        "Race: the share of comparisons in which one that equals the best is dropped.")
    {
        Default = "0.05",
    };

    /// <summary>What is written under <c>schedule</c> as a map.</summary>
    public static MapRule ScheduleMap { get; } = new(
        "'schedule'", Method, Order, Over, Eta, MinEpochs, Interval, MinFolds, Warmup, Alpha)
    {
        Hint = ForeignNames.OfSchedule,
    };

    /// <summary>The short form is a map with the method alone.</summary>
    public static Key<MapValues> Schedule { get; } = new(
        "schedule",
        new ShapeRule<MapValues>
        {
            Scalar = s_scheduleNames.Select(name => name == "none"
                ? MapValues.Empty
                : MapValues.Empty.With(Method, Enum.Parse<ScheduleMethod>(name, ignoreCase: true))),
            Map = ScheduleMap.Whole,
        },
        "Stop poor configurations early; default: none, each trains all its epochs on all folds.");

    /// <summary>The one way in which W&amp;B stops runs early.</summary>
    public static Key<string> WandbType { get; } = new(
        "type", new ChoiceRule(new Choice("hyperband", "compare runs at ever larger budgets")), "How.")
    {
        IsRequired = true,
    };

    public static Key<int> WandbMinIter { get; } = new(
        "min_iter", NumberRule.Whole(1, 100_000), "Epochs before the first comparison.");

    public static Key<int> WandbMaxIter { get; } = new(
        "max_iter", NumberRule.Whole(1, 100_000), "With 's': compare at this divided by 'eta' once, twice, ...");

    public static Key<int> WandbS { get; } = new(
        "s", NumberRule.Whole(1, 100), "With 'max_iter': how many comparisons at most.");

    public static Key<int> WandbEta { get; } = new(
        "eta", NumberRule.Whole(2, 100), "One in so many goes on, with so many times the epochs.")
    {
        Default = "3",
    };

    public static Key<bool> WandbStrict { get; } = new(
        "strict", new FlagRule(), "W&B: compare the last value, not the best one so far.")
    {
        Note = "has no effect: what a configuration has at the comparison's epoch counts, as with 'strict: true'",
    };

    public static Key<MapValues> EarlyTerminate { get; } = new(
        "early_terminate",
        new MapRule(
            "'early_terminate'", WandbType, WandbMinIter, WandbMaxIter, WandbS, WandbEta, WandbStrict).Whole,
        "W&B: stop poor runs early; read as 'schedule: {method: hyperband, over: epochs}'.");
}

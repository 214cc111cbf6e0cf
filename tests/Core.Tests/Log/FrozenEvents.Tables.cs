using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Log;

// Sweeps on tables.
internal static partial class FrozenEvents
{
    private static SweepEvent[] Tables() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Data = "people.csv",
            Content = new()
            {
                Digest = Digest,
                Samples = 10,
                Classes = ["no", "yes"],
                Table = new("people.csv", Digest, 1234),
                Reading = new()
                {
                    Impute = Imputation.Median, ImputeText = Imputation.MostFrequent, OneHotText = true,
                    OneHot = ["sex", "deck"], Levels = 12, Ignore = ["id"], DecimalComma = true,
                    Separator = ";", Shape = "28x28x1",
                },
            },
        }) { At = At },
    ];

    private static SweepEvent[] Targets() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Data = "weather.csv",
            Content = new()
            {
                Digest = Digest,
                Samples = 10,
                Targets = ["rain", "größe <&>"],
                Table = new("weather.csv", Digest, 1234),
                Reading = new() { Targets = ["rain", "größe <&>"] },
            },
        }) { At = At },
        new TrialCompleted(Refit, 3, BareResult with
        {
            Test = new(0.5, 0.25, null, 0) { Targets = [new(0.125, 0.5, 0.75), new(0.375, 0.5, double.NaN)] },
        }) { At = At },
    ];

    private static SweepEvent[] Labels() =>
    [
        new SweepSubmitted(SmallPlan with
        {
            Data = "fruits.csv",
            Task = TaskKind.MultiLabel,
            Content = new()
            {
                Digest = Digest,
                Samples = 10,
                Labels = ["red", "größe <&>"],
                Table = new("fruits.csv", Digest, 1234),
                Reading = new() { Labels = ["tags"], LabelSeparator = "|" },
            },
        }) { At = At },
        new TrialCompleted(Refit, 3, BareResult with
        {
            Test = new(0.5, 0.25, null, 0)
            {
                Labels = [new(3, 1, 2, 4, 0.75), new(0, 0, 0, 10, double.NaN)], ExactMatch = 0.125,
            },
        }) { At = At },
    ];

    private static SweepEvent[] SoughtOnTheTestSet() =>
    [
        new TrialCompleted(Refit, 3, BareResult with
        {
            Test = new(0.5, 0.25, [5, 1, 0, 4], 2)
            {
                Metrics = new([new("validation_roc_auc", double.NaN), new("validation_f1", 0.5)]),
            },
        }) { At = At },
    ];
}

using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

public sealed class TrainingCourseTests
{
    private static readonly SweepPlan Plan = TestPlans.Reusing(TestPlans.Plan());

    private static readonly TrainingRequest Request = Plan.RequestOf(new(0, 1), new()
    {
        Architecture = "mlp-16",
        LearningRate = 0.1,
        BatchSize = 32,
        Epochs = 5,
    });

    private static string? Of(TrainingRequest request, string numerics = "n") =>
        new CourseBook().Of(Plan, request, numerics);

    /// <summary>What decides the weights after an epoch, one change at a time: each is another course.</summary>
    [Fact]
    public void Of_AnythingThatDecidesTheWeights_IsAnotherCourse()
    {
        var point = Request.Hyperparameters;
        TrainingRequest With(Hyperparameters other) => Request with { Hyperparameters = other };
        string?[] courses =
        [
            Of(Request),
            Of(Request, "m"),
            Of(Request with { DataDigest = new string('e', 64) }),
            Of(Request with { Task = TaskKind.Regression }),
            Of(Request with { Split = Split.KFold(3, 2) }),
            Of(Request with { Split = Split.KFold(4, 1) }),
            Of(Request with { Split = Split.KFold(3, 1, repeat: 1) }),
            Of(Request with { Split = Split.Holdout(0.2) }),
            Of(Request with { Split = Split.Holdout(0.25) }),
            Of(Request with { Split = Split.All }),
            Of(Request with { Split = Split.First(10) }),
            Of(Request with { Split = Split.First(11) }),
            Of(Request with { Replicate = 1 }),
            Of(Request with { Seed = 2 }),
            Of(Request with { SampleLimit = 100 }),
            Of(Request with { SampleOrder = SampleOrder.Shared }),
            Of(With(point with { Architecture = "mlp-17" })),
            Of(With(point with { Activation = "tanh" })),
            Of(With(point with { LearningRate = 0.2 })),
            Of(With(point with { BatchSize = 33 })),
            Of(With(point with { Optimizer = OptimizerKind.Sgd })),
            Of(With(point with { WeightDecay = 0.1 })),
            Of(With(point with { Initializer = InitializerKind.HeNormal })),
            Of(With(point with { Loss = LossKind.MeanSquaredError })),
            .. Enum.GetValues<LearningRateKind>().Skip(1)
                .Select(kind => Of(With(point with { LearningRateSchedule = new() { Kind = kind } }))),
            Of(With(point with { LearningRateSchedule = new() { Kind = LearningRateKind.Step, Decay = 0.3 } })),
            Of(With(point with { LearningRateSchedule = new() { Kind = LearningRateKind.Step, Every = 2 } })),
            Of(With(point with { LearningRateSchedule = new() { Kind = LearningRateKind.Linear, End = 0.3 } })),
            Of(With(point with { LearningRateSchedule = new() { Kind = LearningRateKind.Linear, Warmup = 2 } })),
            Of(With(point with { LearningRateSchedule = new() { Kind = LearningRateKind.Linear, Span = 9 } })),
            Of(With(point with { LearningRateSchedule = new() { Warmup = 2 } })),
            Of(With(point with { ClipNorm = 1 })),
            Of(With(point with { ClipValue = 1 })),
            Of(With(point with { LabelSmoothing = 0.1 })),
            Of(With(point with { ClassWeights = "balanced" })),
            Of(With(point with { ClassWeights = "0=2" })),
            Of(With(point with { Augment = new() { Shift = 0.1 } })),
            Of(With(point with { Augment = new() { Rotation = 0.1 } })),
            Of(With(point with { Augment = new() { Zoom = 0.1 } })),
            Of(With(point with { Augment = new() { Flip = true } })),
            Of(With(point with { Augment = new() { Brightness = 0.1 } })),
            Of(With(point with { Augment = new() { Cutout = 0.1 } })),
        ];
        Assert.All(courses, Assert.NotNull);
        Assert.Equal(courses.Length, courses.Distinct().Count());
    }

    /// <summary>What says only where a training ends, and other words for the same.</summary>
    [Fact]
    public void Of_OtherEndOrOtherName_IsTheSameCourse()
    {
        var point = Request.Hyperparameters;
        var layers = point.ReadArchitecture().ToString();
        TrainingRequest[] same =
        [
            Request with { Hyperparameters = point with { Epochs = 9 } },
            Request with { Hyperparameters = point with { Architecture = layers, WeightDecay = 0 } },
            Request with { Patience = 3, Score = ScoredEpoch.Best, KeepModel = true },
            Request with { Data = "elsewhere/digits" },
        ];
        Assert.NotEqual(point.Architecture, layers);
        Assert.All(same, request => Assert.Equal(Of(Request), Of(request)));
    }

    /// <summary>Trainings with a course in common have a basis in common, or nobody would look for them.</summary>
    [Fact]
    public void BasisOf_WhateverDiffersWithinASweep_IsOne()
    {
        var basis = CourseBook.BasisOf(Plan, Request, "n");
        var point = Request.Hyperparameters with { Architecture = "mlp-17", LearningRate = 0.2, Epochs = 9 };
        TrainingRequest[] same =
        [
            Request with { Hyperparameters = point },
            Request with { Split = Split.All, KeepModel = true },
            Request with { Replicate = 1, Data = "elsewhere/digits" },
        ];
        Assert.All(same, request => Assert.Equal(basis, CourseBook.BasisOf(Plan, request, "n")));
        string?[] others =
        [
            basis, CourseBook.BasisOf(Plan, Request, "m"), CourseBook.BasisOf(Plan, Request with { Seed = 2 }, "n"),
            CourseBook.BasisOf(Plan, Request with { DataDigest = new string('e', 64) }, "n"),
            CourseBook.BasisOf(Plan, Request with { SampleLimit = 100 }, "n"),
            CourseBook.BasisOf(Plan, Request with { Task = TaskKind.Regression }, "n"), Of(Request),
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.Null(CourseBook.BasisOf(Plan with { MixedNumerics = true }, Request, "n"));
    }

    [Theory]
    [InlineData("5", ScoredEpoch.Last, true)]
    [InlineData("5 patience 2 best", ScoredEpoch.Last, true)]
    [InlineData("5 patience 2 best", ScoredEpoch.Best, true)]
    [InlineData("5 patience 2", ScoredEpoch.Best, false)]
    [InlineData("", ScoredEpoch.Last, false)]
    public void LeavesStateFor_BestEpoch_NeedsItsWeights(string wanted, ScoredEpoch score, bool isEnough) =>
        Assert.Equal(isEnough, TrainingCourse.LeavesStateFor(wanted, Request with { Score = score }));

    [Fact]
    public void Of_DataOrNumericsUnknown_IsNone()
    {
        Assert.Null(Of(Request with { DataDigest = null }));
        Assert.Null(new CourseBook().Of(Plan, Request, null));
        Assert.Null(new CourseBook().Of(Plan with { MixedNumerics = true }, Request, "n"));
        Assert.Null(new CourseBook().Of(Plan with { Content = null }, Request, "n"));
    }

    [Fact]
    public void WantedOf_EveryEnd_HasItsOwnText()
    {
        string[] texts =
        [
            .. new[]
            {
                Request,
                Request with { Hyperparameters = Request.Hyperparameters with { Epochs = 6 } },
                Request with { Patience = 1 },
                Request with { Patience = 2 },
                Request with { Score = ScoredEpoch.Best },
                Request with { EvaluateTest = true },
                Request with { KeepModel = true },
                Request with { KeepModel = true, Data = "other" },
            }.Select(request => TrainingCourse.WantedOf(request, null)),
            TrainingCourse.WantedOf(Request with { KeepModel = true }, ["a", "b"]),
        ];
        Assert.Equal("5", texts[0]);
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }
}

using Sweeps.Core.Randomness;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

/// <summary>Factors on the learning rate against closed forms and PyTorch's numbers.</summary>
public sealed class LearningRateScheduleTests
{
    private const int StepsPerEpoch = 4;
    private const int Epochs = 12;
    private const int Steps = StepsPerEpoch * Epochs;

    [Fact]
    public void CosPi_AnyShare_IsTheCosine()
    {
        for (var i = 0; i <= 1_000; i++)
            Assert.Equal(Math.Cos(Math.PI * i / 1_000), PortableMath.CosPi(i / 1_000.0), 2e-15);
        Assert.Equal((1.0, 0.0, -1.0), (PortableMath.CosPi(0), PortableMath.CosPi(0.5), PortableMath.CosPi(1)));
    }

    [Theory]
    [InlineData(LearningRateKind.Constant)]
    [InlineData(LearningRateKind.Step)]
    [InlineData(LearningRateKind.Exponential)]
    [InlineData(LearningRateKind.Cosine)]
    [InlineData(LearningRateKind.Linear)]
    public void FactorAt_EveryStep_IsTheClosedForm(LearningRateKind kind)
    {
        var schedule = new LearningRateSchedule { Kind = kind, Decay = 0.5, Every = 3, End = 0.1 };
        for (var step = 0; step < Steps; step++)
        {
            double epoch = step / StepsPerEpoch;
            var done = (double)step / Steps;
            var expected = kind switch
            {
                LearningRateKind.Step => Math.Pow(0.5, Math.Floor(epoch / 3)),
                LearningRateKind.Exponential => Math.Pow(0.5, epoch),
                LearningRateKind.Cosine => 0.1 + (0.9 * (1 + Math.Cos(Math.PI * done)) / 2),
                LearningRateKind.Linear => 1 - (0.9 * done),
                _ => 1,
            };
            Assert.Equal(expected, schedule.FactorAt(step, StepsPerEpoch, Epochs), 1e-14);
        }
    }

    /// <summary>torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10), worked out by its two formulas.
    /// </summary>
    [Fact]
    public void FactorAt_OneCycle_IsPyTorchs()
    {
        var cycle = new LearningRateSchedule { Kind = LearningRateKind.OneCycle };
        double[] expected =
        [
            0.04, 0.52, 1,
            .. Enumerable.Range(1, 7).Select(i => 4e-6 + ((1 - 4e-6) / 2 * (1 + Math.Cos(Math.PI * i / 7)))),
        ];
        Assert.Equal(0.950484, expected[3], 1e-6);
        Assert.Equal(4e-6, expected[9], 1e-15);
        for (var step = 0; step < 10; step++)
            Assert.Equal(expected[step], cycle.FactorAt(step, 5, 2), 1e-14);
    }

    [Fact]
    public void FactorAt_Warmup_RisesToTheScheduleThatFollows()
    {
        var constant = new LearningRateSchedule { Warmup = 1.5 };
        double[] rising = [1 / 6.0, 2 / 6.0, 3 / 6.0, 4 / 6.0, 5 / 6.0, 1, 1];
        Assert.Equal(rising, Enumerable.Range(0, 7).Select(step => constant.FactorAt(step, StepsPerEpoch, 1)));
        var cosine = new LearningRateSchedule { Kind = LearningRateKind.Cosine, Warmup = 2 };
        Assert.Equal(0.125, cosine.FactorAt(0, StepsPerEpoch, Epochs));
        Assert.Equal(1, cosine.FactorAt(7, StepsPerEpoch, Epochs));
        Assert.Equal(1, cosine.FactorAt(8, StepsPerEpoch, Epochs));
        Assert.Equal(0.5, cosine.FactorAt(8 + 20, StepsPerEpoch, Epochs), 1e-15);
        var step = new LearningRateSchedule { Kind = LearningRateKind.Step, Decay = 0.5, Every = 1, Warmup = 2 };
        Assert.Equal(0.5 * 5 / 8, step.FactorAt(4, StepsPerEpoch, Epochs));
    }

    /// <summary>Longer than the training, as a user may write by mistake: it only rises, and divides by nothing.
    /// </summary>
    [Theory]
    [InlineData(LearningRateKind.Cosine)]
    [InlineData(LearningRateKind.Linear)]
    [InlineData(LearningRateKind.OneCycle)]
    public void FactorAt_WarmupOfTheWholeTraining_RisesOnly(LearningRateKind kind)
    {
        var schedule = new LearningRateSchedule { Kind = kind, Warmup = 20 };
        var factors = Enumerable.Range(0, Steps).Select(s => schedule.FactorAt(s, StepsPerEpoch, Epochs)).ToList();
        Assert.All(factors, factor => Assert.InRange(factor, 0, 1));
        Assert.Equal(factors.Order(), factors);
    }

    [Fact]
    public void FactorAt_OneStepInAll_IsFinite()
    {
        foreach (var kind in Enum.GetValues<LearningRateKind>())
            Assert.InRange(new LearningRateSchedule { Kind = kind, Warmup = 0 }.FactorAt(0, 1, 1), 0, 1);
    }

    /// <summary>What has no effect makes no other training.</summary>
    [Fact]
    public void Effective_SettingsOfOtherSchedules_AreLeftOut()
    {
        Assert.Null(new LearningRateSchedule { Decay = 0.5, Every = 2, End = 0.1, Warmup = 0 }.Effective());
        Assert.Equal(
            new LearningRateSchedule { Kind = LearningRateKind.Cosine, End = 0 },
            new LearningRateSchedule { Kind = LearningRateKind.Cosine, Decay = 0.5, Every = 2 }.Effective());
        Assert.Equal(
            new LearningRateSchedule { Kind = LearningRateKind.Step, Decay = 0.1, Every = 5 },
            new LearningRateSchedule { Kind = LearningRateKind.Step, End = 0.5, Span = 7 }.Effective());
    }

    /// <summary>Where the rate of an epoch depends on how many there are, no epoch may be read off a longer training.
    /// </summary>
    [Fact]
    public void Canonical_OtherEpochs_AreAnotherTrainingWhereTheRateDependsOnThem()
    {
        foreach (var kind in Enum.GetValues<LearningRateKind>())
        {
            var five = Point(kind, 5);
            var ten = Point(kind, 10);
            var depends = kind is LearningRateKind.Cosine or LearningRateKind.Linear or LearningRateKind.OneCycle;
            Assert.Equal(depends, Canonical(five) != Canonical(ten));
            Assert.Equal(depends, five.WithoutEnd() != ten.WithoutEnd());
        }
    }

    /// <summary>A refit that ends where the folds had enough goes their way.</summary>
    [Fact]
    public void RequestOf_ShorterRefit_GoesTheWayOfTheFolds()
    {
        var plan = TestPlans.Plan();
        foreach (var kind in Enum.GetValues<LearningRateKind>())
        {
            var fold = plan.RequestOf(new(0, 0), Point(kind, 10)).Hyperparameters;
            var refit = plan.RequestOf(new(0, -1), Point(kind, 10), refitEpochs: 4).Hyperparameters;
            Assert.Equal(4, refit.Epochs);
            Assert.Equal(Canonical(fold), Canonical(refit));
            for (var step = 0; step < 16; step++)
            {
                Assert.Equal(
                    fold.LearningRateSchedule?.FactorAt(step, 4, fold.Epochs),
                    refit.LearningRateSchedule?.FactorAt(step, 4, refit.Epochs));
            }
        }
    }

    private static Hyperparameters Point(LearningRateKind kind, int epochs) => new()
    {
        Architecture = "mlp-5",
        LearningRate = 0.1,
        BatchSize = 10,
        Epochs = epochs,
        LearningRateSchedule = new LearningRateSchedule { Kind = kind }.Effective(),
    };

    private static string Canonical(Hyperparameters point) =>
        HyperparametersKey.Canonical(point, point.ReadArchitecture());
}

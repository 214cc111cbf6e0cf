using Sweeps.Core.Schedulers;

namespace Sweeps.Core.Tests.Schedulers;

public sealed class SchedulePlanTests
{
    /// <summary>Algorithm 1 of Li et al. (JMLR 18, 2018) for R = 81 and eta = 3, worked out by hand.</summary>
    [Fact]
    public void ScheduleOf_HyperbandOverEpochs_HasThePapersBrackets()
    {
        var plan = new SchedulePlan { Method = ScheduleMethod.Hyperband, Over = ScheduleBudget.Epochs };

        var shapes = plan.ScheduleOf(configurations: 1_000, folds: 5, epochs: 81).Shapes;

        Assert.Equal([81, 34, 15, 8, 5], shapes.Select(shape => shape.Size));
        Assert.Equal([1, 3, 9, 27], shapes[0].Rungs.Select(rung => rung.Epochs));
        Assert.Equal([27, 9, 3, 1], shapes[0].Rungs.Select(rung => rung.Keep));
        Assert.Equal([3, 9, 27], shapes[1].Rungs.Select(rung => rung.Epochs));
        Assert.Equal([11, 3, 1], shapes[1].Rungs.Select(rung => rung.Keep));
        Assert.Equal([(27, 2)], shapes[3].Rungs.Select(rung => (rung.Epochs!.Value, rung.Keep)));
        Assert.Empty(shapes[4].Rungs);
        Assert.All(shapes.SelectMany(shape => shape.Rungs), rung => Assert.Equal(5, rung.Folds));
    }

    [Fact]
    public void ScheduleOf_HalvingOverBoth_GrowsEpochsThenFolds()
    {
        var shape = Assert.Single(new SchedulePlan().ScheduleOf(configurations: 81, folds: 5, epochs: 9).Shapes);

        Assert.Equal(81, shape.Size);
        Assert.Equal([new Rung(1, 1, 27), new Rung(1, 3, 9), new Rung(1, null, 3)], shape.Rungs);
    }

    /// <summary>With few configurations the cheapest budgets are left out, not the dearest.</summary>
    [Fact]
    public void ScheduleOf_FewConfigurations_BeginsWithMoreBudget()
    {
        var shape = Assert.Single(new SchedulePlan().ScheduleOf(configurations: 10, folds: 5, epochs: 9).Shapes);

        Assert.Equal([new Rung(1, 3, 3), new Rung(1, null, 1)], shape.Rungs);
    }

    [Fact]
    public void ScheduleOf_Folds_TrainsAllEpochs()
    {
        var plan = new SchedulePlan { Over = ScheduleBudget.Folds, Eta = 2 };

        var shape = Assert.Single(plan.ScheduleOf(configurations: 100, folds: 10, epochs: 7).Shapes);

        Assert.Equal([new Rung(1, null, 50), new Rung(2, null, 25), new Rung(5, null, 12)], shape.Rungs);
    }

    [Fact]
    public void ScheduleOf_Race_ComparesAllAfterEachFold()
    {
        var plan = new SchedulePlan { Method = ScheduleMethod.Race, MinFolds = 2, Alpha = 0.1 };

        var shape = Assert.Single(plan.ScheduleOf(configurations: 30, folds: 5, epochs: 7).Shapes);

        Assert.Equal(
            [new Rung(2, null, 30, 0.1), new Rung(3, null, 30, 0.1), new Rung(4, null, 30, 0.1)], shape.Rungs);
        Assert.Empty(plan.ScheduleOf(configurations: 30, folds: 2, epochs: 7).Shapes[0].Rungs);
        Assert.Empty(plan.ScheduleOf(configurations: 30, folds: 1, epochs: 7).Shapes[0].Rungs);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 2, 2)]
    [InlineData(5, 9, 4)]
    [InlineData(1, 100, 5)]
    public void LevelsOf_Both_EndsWithEverything(int folds, int epochs, int count)
    {
        var levels = new SchedulePlan().LevelsOf(folds, epochs);

        Assert.Equal(count, levels.Count);
        Assert.Equal((folds, (int?)null), levels[^1]);
        Assert.Equal(levels, levels.OrderBy(level => level.Epochs ?? int.MaxValue).ThenBy(level => level.Folds));
    }

    [Fact]
    public void LevelsOf_Minima_AreNotUndercut()
    {
        var plan = new SchedulePlan { Eta = 2, MinEpochs = 3, MinFolds = 4 };

        Assert.Equal(
            [(5, 3), (5, 6), (5, 12), (5, 25), (5, 50), (5, null), (10, null)], plan.LevelsOf(10, 100).ToList());
    }

    [Fact]
    public void BracketsOf_ShapesTakeTurns_AndTheLastIsCut()
    {
        var schedule = new SweepSchedule { Shapes = [new(4, []), new(2, [])] };

        Assert.Equal([(0, 4, 0), (4, 2, 1), (6, 3, 0)], schedule.BracketsOf(0, 9, before: 0));
        Assert.Equal([(9, 2, 1), (11, 1, 0)], schedule.BracketsOf(9, 12, before: 3));
    }

    [Theory]
    [InlineData(9, 3)]
    [InlineData(8, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 1)]
    public void KeepOf_BracketThatIsNotFull_KeepsTheShare(int count, int kept) =>
        Assert.Equal(kept, new BracketShape(9, []).KeepOf(new(1, 1, 3), count));

    /// <summary>The budgets are those of a bracket; what goes on is counted as they come.</summary>
    [Fact]
    public void ScheduleOf_HalvingInIndexOrder_HasOneBracketWithoutAnEnd()
    {
        var plan = new SchedulePlan { Order = RungOrder.Index };

        var schedule = plan.ScheduleOf(configurations: 81, folds: 5, epochs: 9);

        Assert.Equal(RungOrder.Index, schedule.Order);
        var shape = Assert.Single(schedule.Shapes);
        Assert.Equal([new Rung(1, 1, 1), new Rung(1, 3, 1), new Rung(1, null, 1)], shape.Rungs);
        Assert.Equal(
            [1, 1, 1, 1, 1, 2, 2, 2, 3],
            Enumerable.Range(1, 9).Select(came => shape.KeepInOrder(shape.Rungs[0], came)));
        Assert.Equal([(0, 200, 0)], schedule.BracketsOf(0, 200, before: 0));
    }

    /// <summary>More can be added at any time: with how many it begins decides nothing.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(10_000)]
    public void ScheduleOf_HalvingInIndexOrder_HasAllLevelsWhateverItBeginsWith(int configurations)
    {
        var schedule = new SchedulePlan { Order = RungOrder.Index }.ScheduleOf(configurations, folds: 5, epochs: 9);

        Assert.Equal(
            [new Rung(1, 1, 1), new Rung(1, 3, 1), new Rung(1, null, 1)], Assert.Single(schedule.Shapes).Rungs);
    }

    [Fact]
    public void ScheduleOf_Median_ComparesAtEveryInterval()
    {
        var plan = new SchedulePlan { Method = ScheduleMethod.Median, Over = ScheduleBudget.Epochs };

        var schedule = plan.ScheduleOf(configurations: 50, folds: 2, epochs: 40);

        Assert.Equal(RungOrder.Index, schedule.Order);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => new Rung(2, 1 + (4 * i), 1, Warmup: 5) { RoundsUp = true }),
            schedule.Shapes[0].Rungs);
        Assert.Equal(2, schedule.Shapes[0].Size);
        // Of seven four go on: the fourth has three of six before it ahead.
        Assert.Equal(
            [5, 3, 4, 4, 5],
            Enumerable.Range(5, 5).Select(came => schedule.Shapes[0].KeepInOrder(schedule.Shapes[0].Rungs[0], came)));
        plan = plan with { Over = ScheduleBudget.Both, Interval = 15, MinEpochs = 3, Warmup = 1 };
        Assert.Equal(
            [
                .. new int?[] { 3, 18, 33, null }.Select(
                    epochs => new Rung(1, epochs, 1, Warmup: 1) { RoundsUp = true }),
            ],
            plan.ScheduleOf(configurations: 50, folds: 2, epochs: 40).Shapes[0].Rungs);
    }

    /// <summary>
    /// The sum over k of the chance to be one of the best floor(k / 3) of k, at least one, is close to a third.
    /// </summary>
    [Theory]
    [InlineData(81, 27, 9)]
    [InlineData(729, 243, 81)]
    public void ExpectedRungs_IndexOrder_IsTheShareThatPasses(int configurations, int first, int second)
    {
        var rungs = new SchedulePlan { Over = ScheduleBudget.Epochs, Order = RungOrder.Index }
            .ScheduleOf(configurations, folds: 1, epochs: 81).ExpectedRungs(configurations);

        Assert.InRange(rungs.Count(item => item.Passed >= 1), first - 2, first + 2);
        Assert.InRange(rungs.Count(item => item.Passed >= 2), second - 2, second + 2);
    }
}

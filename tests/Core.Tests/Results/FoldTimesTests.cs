using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;

namespace Sweeps.Core.Tests.Results;

/// <summary>
/// Times of trials that silos of different speeds trained, with the processor shared with others or not.
/// </summary>
public sealed class FoldTimesTests
{
    [Fact]
    public void Measured_AreShownAsMeasured_AndReferenceSecondsBesideThem()
    {
        // A silo of speed 4 in 2 s of the processor, one of speed 0.5 in 16 s: the same work.
        var state = Sweep([[(2, 2, 4), (16, 16, 0.5)]]);

        var row = Assert.Single(Leaderboard.Of(state));

        Assert.Equal(9, row.Score.TrainSeconds);
        Assert.Equal(8, row.Times.ReferenceSeconds, 1e-6);
        Assert.Equal(2000 / 18.0, row.Score.ImagesPerSecond, 1e-9);
    }

    [Fact]
    public void Reference_OnABusyMachine_IsThatOfAnIdleOne()
    {
        var idle = FoldTimes.Of(Sweep([[(2, 2, 4), (2, 2, 4)]]), 0);
        var busy = FoldTimes.Of(Sweep([[(6, 2, 4), (9, 2, 4)]]), 0);

        Assert.Equal(idle.ReferenceSeconds, busy.ReferenceSeconds, 1e-6);
        Assert.Equal((2, 7.5), (idle.Seconds, busy.Seconds));
    }

    [Fact]
    public void Reference_OfASiloWithoutACalibration_IsNotKnown()
    {
        var times = FoldTimes.Of(Sweep([[(2, 2, 4), (2, 2, 1)]]), 0);

        Assert.True(double.IsNaN(times.ReferenceSeconds));
        Assert.Equal(2, times.Seconds);
    }

    /// <summary>
    /// Of times that differ by less than a calibration may be off none puts a worse one on the front.
    /// </summary>
    [Fact]
    public void Front_OfTimesWithinTheirErrors_HasTheBetterOneAlone()
    {
        // By the numbers each is faster than the better one before it: by 5 %, and by half.
        var state = Sweep(
            [
                [(2.00, 2.00, 4), (2.00, 2.00, 4)],
                [(1.90, 1.90, 4), (1.90, 1.90, 4)],
                [(0.95, 0.95, 4), (0.95, 0.95, 4)],
            ]);

        Assert.Equal([0, 2], BestSelection.TimeFront(Ranking.Of(state), state.Plan.Metric));
    }

    /// <summary>A share of a larger group is smaller for the same work: none of them is faster by it.</summary>
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(8, 8, true)]
    [InlineData(1, 8, false)]
    [InlineData(7, 8, false)]
    public void Front_TrainedInGroupsOfDifferentSize_IsNone(int first, int second, bool isFront)
    {
        var state = Sweep(
            [[(2.0, 2.0, 4), (2.0, 2.0, 4)], [(0.9, 0.9, 4), (0.9, 0.9, 4)]],
            trial => trial is { Configuration: 1, Fold: 1 } ? second : first);

        Assert.Equal(isFront ? [0, 1] : [], BestSelection.TimeFront(Ranking.Of(state), state.Plan.Metric));
        Assert.Equal(isFront, Leaderboard.Of(state).All(row => row.OnTimeFront));
        Assert.Equal(isFront, FoldTimes.WhyNotComparable([FoldTimes.Of(state, 0), FoldTimes.Of(state, 1)]) is null);
    }

    [Fact]
    public void Documents_TrainedTogether_SayHowManySharedATime()
    {
        var state = Sweep(
            [[(2, 2, 4), (2, 2, 4)], [(1, 1, 4), (1, 1, 4)]],
            trial => trial.Configuration == 0 ? 1 : 7 + trial.Fold);

        using var csv = new StringWriter();
        CvResults.Write(state, csv);
        var lines = csv.ToString().Split('\n').Select(line => line.Split(',')).ToList();
        var place = lines[0].Length - Array.IndexOf(lines[0], "together");
        Assert.Equal(["1", "8"], lines[1..3].Select(line => line[^place]));
        Assert.Equal(
            [null, 8], ResultsDocument.Of(state).Configurations!.Select(configuration => configuration.Together));
    }

    /// <summary>
    /// Configurations of decreasing accuracy; for each fold measured and processor's seconds, and speed.
    /// </summary>
    private static SweepState Sweep(
        (double Wall, double Processor, double Speed)[][] configurations, Func<TrialId, int>? together = null)
    {
        var sweep = new TestSweep(TestPlans.Plan(configurations.Length, configurations[0].Length, refit: false));
        sweep.RunToEnd(trial =>
        {
            var (wall, processor, speed) = configurations[trial.Configuration][trial.Fold];
            return TestPlans.Result(0.9 - (trial.Configuration * 0.01), seconds: wall) with
            {
                CpuSeconds = processor,
                SiloSpeed = speed,
                Together = together?.Invoke(trial) ?? 1,
            };
        });
        return sweep.State;
    }
}

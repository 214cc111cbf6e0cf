using Sweeps.Client.Report;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core.Log;
using Sweeps.Core.Results;

namespace Sweeps.Client.Tests.Report;

/// <summary>What the page says in words, and where it draws what the log says.</summary>
public sealed class FindingsTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Agresti and Coull (1998) give 0.490 to 0.943 for 8 of 10; of 0 of 20, z^2 / (n + z^2).</summary>
    [Theory]
    [InlineData(0.8, 10, 0.490, 0.943)]
    [InlineData(0, 20, 0, 0.161)]
    [InlineData(1, 20, 0.839, 1)]
    public void Interval95_OfAShare_IsWilsons(double share, int count, double low, double high)
    {
        var interval = Findings.Interval95(share, count);

        Assert.Equal(low, interval.Low, 3);
        Assert.Equal(high, interval.High, 3);
    }

    [Theory]
    [InlineData(new[] { 0.9, 0.5, 0.4, 0.5, 0.6 }, new[] { 1.0, 0.6, 0.4, 0.2, 0.1 }, "It overfits", "epoch 3 of 5")]
    [InlineData(new[] { 0.9, 0.5, 0.4, 0.5, 0.6 }, new[] { 1.0, 0.6, 0.4, 0.7, 0.9 }, "unstable", "epoch 3 of 5")]
    [InlineData(new[] { 0.9, 0.5, 0.4, 0.39 }, new[] { 1.0, 0.6, 0.4, 0.2 }, "More epochs may help", "4 epochs")]
    [InlineData(new[] { 0.9, 0.4, 0.401, 0.402 }, new[] { 1.0, 0.6, 0.4, 0.2 }, "gain nothing", "epoch 2 of 4")]
    [InlineData(new[] { 0.9, 0.5 }, new[] { 1.0, 0.6 }, "Too few epochs", "")]
    public void Say_Losses_NamesWhatTheyShow(double[] validation, double[] training, string word, string place)
    {
        var trial = new LearningCurves.Course("0/0", training, validation, [], []);

        var text = LearningCurves.Say(validation, [trial]);

        Assert.Contains(word, text, StringComparison.Ordinal);
        Assert.Contains(place, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Timeline_TwoSilos_HasALaneForEachSlotAndNoOverlap()
    {
        var history = new TrialHistory();
        TrialId[] trials = [new(0, 0), new(0, 1), new(1, 0), new(1, 1)];
        Start(history, trials[0], "a", 0);
        Start(history, trials[1], "b", 1);
        Start(history, trials[2], "a", 2);
        End(history, trials[0], 10);
        Start(history, trials[3], "a", 10);
        End(history, trials[1], 11);

        var timeline = SlotTimeline.Of(trials, history, _ => null, _ => null, s_start, s_start.AddSeconds(20));

        Assert.Equal(["a slot 1", "a slot 2", "b slot 1"], timeline.Lanes);
        Assert.Equal(
            [(0, 0, 10), (2, 1, 11), (1, 2, 20), (0, 10, 20)],
            timeline.Bars.Select(bar => (bar.Lane, bar.From, bar.To)));
        // 10 + 10 + 18 + 10 of 3 x 20 seconds.
        Assert.Equal(48 / 60.0, timeline.Busy!.Value, 9);
    }

    [Fact]
    public void Timeline_TrialTakenEarly_BeginsWhenItTrained()
    {
        var history = new TrialHistory();
        Start(history, new(0, 0), "a", 0);
        Start(history, new(0, 1), "a", 4);
        End(history, new(0, 0), 6);
        End(history, new(0, 1), 12);

        var timeline = SlotTimeline.Of(
            [new(0, 0), new(0, 1)], history, _ => null, trial => trial.Fold == 1 ? (6, 1) : null, s_start,
            s_start.AddSeconds(12));

        Assert.Equal(["a slot 1"], timeline.Lanes);
        Assert.Equal(6, timeline.Bars[1].From);
    }

    [Theory]
    [InlineData(1, 1, 6.0)]
    [InlineData(null, 2, 4.0)]
    public void Timeline_Overlap_KeepsToTheSlotsThatTheSiloHas(int? slots, int lanes, double from)
    {
        var history = new TrialHistory();
        Start(history, new(0, 0), "a", 0);
        Start(history, new(0, 1), "a", 4);
        End(history, new(0, 0), 6);
        End(history, new(0, 1), 12);

        var timeline = SlotTimeline.Of(
            [new(0, 0), new(0, 1)], history, _ => slots, _ => null, s_start, s_start.AddSeconds(12));

        Assert.Equal(lanes, timeline.Lanes.Count);
        Assert.Equal(from, timeline.Bars[1].From);
    }

    /// <summary>Two in one slot for 8 s: their seconds are halves of it.</summary>
    [Fact]
    public void Timeline_TrainedTogether_HasALineEachAndTheWholeTime()
    {
        var history = new TrialHistory();
        Start(history, new(0, 0), "a", 0);
        Start(history, new(0, 1), "a", 0);
        End(history, new(0, 0), 10);
        End(history, new(0, 1), 10);

        var timeline = SlotTimeline.Of(
            [new(0, 0), new(0, 1)], history, _ => 1, _ => (8, 2), s_start, s_start.AddSeconds(10));

        Assert.Equal(["a line 1", "a line 2"], timeline.Lanes);
        Assert.Equal(2, timeline.Together);
        Assert.Equal([(0, 2, 10), (1, 2, 10)], timeline.Bars.Select(bar => (bar.Lane, bar.From, bar.To)));
        Assert.Null(timeline.Busy);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("1", "rank 1")]
    [InlineData("2 4", "rank 2, 4")]
    public void Disturbed_SomeRows_NamesTheirRanks(string ranks, string? expected)
    {
        var disturbed = ranks.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var text = SweepPage.DisturbedText([.. Enumerable.Range(1, 4).Select(rank => new LeaderboardRow
        {
            Index = rank,
            Hyperparameters = new() { Architecture = "linear", LearningRate = 1, BatchSize = 10, Epochs = 2 },
            Score = default,
            Weights = 0,
            Times = default,
            Values = [],
            Rank = rank,
            DisturbedFolds = disturbed.Contains($"{rank}") ? 1 : 0,
        })]);

        Assert.Equal(
            expected is null ? null : $"timing unreliable in {disturbed.Length} of 4 configurations ({expected}): "
                + "the processors were shared", text);
    }

    private static void Start(TrialHistory history, TrialId trial, string silo, int second) =>
        history.Add(new TrialStarted(trial, 1, new(silo, silo)) { At = s_start.AddSeconds(second) });

    private static void End(TrialHistory history, TrialId trial, int second) =>
        history.Add(new AttemptReleased(trial, 1, "asked to") { At = s_start.AddSeconds(second) });
}

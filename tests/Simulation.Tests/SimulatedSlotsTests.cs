using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile;
using Xunit.Abstractions;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// 81 configurations of 27 epochs on 8 slots: how long slots stand idle, and that the answer is the same on fewer.
/// </summary>
[Trait("Speed", "slow")]
public sealed class SimulatedSlotsTests(ITestOutputHelper output)
{
    private const string InOrder = "{method: halving, over: epochs, order: index}";

    /// <summary>What a few trainings at the end leave idle is a share of them all: folds make it small.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("median")]
    [InlineData(InOrder)]
    public void Run_EightSlots_AreIdleForLessThanATwentieth(string schedule)
    {
        foreach (var search in Searches(schedule))
        {
            foreach (var isEven in (bool[])[true, false])
            {
                var timeline = Run(search, "folds: 5", schedule, 8, isEven);
                output.WriteLine($"{search}, even {isEven}: {timeline.Idle:P1}");
                Assert.InRange(timeline.Idle, 0, 0.05);
            }
        }
    }

    /// <summary>In closed brackets the last rungs have fewer trials than there are slots; one by one they do not wait.
    /// </summary>
    [Fact]
    public void Run_HalvingInIndexOrder_IsIdleForLessThanInBrackets()
    {
        var brackets = Run("sobol", "folds: 3", "{method: halving, over: epochs}", 8, isEven: false);
        var order = Run("sobol", "folds: 3", InOrder, 8, isEven: false);

        Assert.True(order.Idle < brackets.Idle / 2, $"{order.Idle:P1} and {brackets.Idle:P1}");
    }

    /// <summary>
    /// Brackets with the longest way to go first: 81 configurations take 69 s, where all their trainings on 8 slots
    /// without any gap would take 60.4 s; in the order of their indices it was 77 s.
    /// </summary>
    [Theory]
    [InlineData("random", 81, 0.13, 69)]
    [InlineData("grid", 81, 0.13, 69)]
    [InlineData("sobol", 162, 0.09, 153)]
    public void Run_HyperbandThatDoesNotLearn_BeginsLongBracketsFirst(string search, int count, double idle, int lasts)
    {
        var run = new SimulatedSlots(
            $"method: {search}\nvalidation: 0.2\nepochs: 27\nrun_cap: {count}\nschedule: hyperband\n", 8, isEven: true)
            .Run();
        output.WriteLine($"{search}: {run.Idle:P1}, {run.Lasts} s");
        Assert.InRange(run.Idle, 0, idle);
        Assert.InRange(run.Lasts, run.Busy / 8, lasts);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("halving")]
    [InlineData("hyperband")]
    [InlineData("median")]
    [InlineData(InOrder)]
    [InlineData("{method: race, order: index}")]
    public void Run_AnySlots_GivesTheSameAnswer(string schedule)
    {
        foreach (var search in Searches(schedule))
        {
            var one = Run(search, "folds: 3", schedule, 1, isEven: false).Digest;
            foreach (var slots in (int[])[2, 8])
                Assert.Equal(one, Run(search, "folds: 3", schedule, slots, isEven: slots == 2).Digest);
        }
    }

    /// <summary>The table of docs/measurements.md.</summary>
    [Fact]
    [Trait("Speed", "nightly")]
    public void Print_Table()
    {
        string[] schedules =
        [
            "none", "halving", "{method: halving, order: index}", "{method: halving, over: epochs}", InOrder,
            "hyperband", "median", "{method: median, over: both}", "race", "{method: race, order: index}",
        ];
        foreach (var folds in (string[])["validation: 0.2", "folds: 5"])
        {
            foreach (var schedule in schedules.Where(s => folds[0] == 'f' || !s.Contains("race")))
            {
                var cells = Searches(schedule).SelectMany(search => ((bool[])[true, false]).Select(isEven =>
                {
                    var run = Run(search, folds, schedule, 8, isEven);
                    var least = run.Busy / 8;
                    return $"{search} {100 * run.Idle:0.0} % ({run.Lasts:0} s, at least {least:0} s; {run.Best:0.000})";
                }));
                output.WriteLine($"{folds}, {schedule}: {string.Join(", ", cells)}");
            }
        }
    }

    private static IEnumerable<string> Searches(string schedule) => Enum.GetValues<SearchMethod>()
        .Where(search => !search.Learns() || schedule is not ("halving" or "race" or "{method: halving, over: epochs}"))
        .Select(SweepVocabulary.NameOf);

    private static SimulatedSlots Run(string search, string folds, string schedule, int slots, bool isEven) =>
        new SimulatedSlots(
            $"method: {search}\n{folds}\nepochs: 27\nrun_cap: 81\nschedule: {schedule}\n", slots, isEven).Run();
}

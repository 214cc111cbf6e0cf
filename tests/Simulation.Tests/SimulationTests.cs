using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Tests;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// Processes die, hang and have wrong clocks, messages get lost and arrive twice: each trial still has one result, the
/// right one, and the sweep ends with the digest of an undisturbed run. <c>SWEEPS_SIMULATION_SEEDS</c> sets how
/// many seeds are run, <c>SWEEPS_SIMULATION_SEED</c> runs one.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    [Fact]
    [Trait("Speed", "slow")]
    public void Run_AnyCluster_GivesTheUndisturbedAnswer() => RunSeeds(500, SimulationOptions.Any);

    [Fact]
    [Trait("Speed", "slow")]
    public void Run_AnyClusterAndSchedule_GivesTheUndisturbedAnswer() =>
        RunSeeds(500, SimulationOptions.AnyScheduled);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Run_ManyClustersAndSchedules_GivesTheUndisturbedAnswer() =>
        RunSeeds(10_000, SimulationOptions.AnyScheduled);

    [Fact]
    [Trait("Speed", "slow")]
    public void Run_AnyClusterAndLearner_GivesTheUndisturbedAnswer() => RunSeeds(120, SimulationOptions.AnyLearning);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Run_ManyClustersAndLearners_GivesTheUndisturbedAnswer() =>
        RunSeeds(2_000, SimulationOptions.AnyLearning);

    /// <summary>What a searcher learns from does not depend on when the rung was decided.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public void Run_TrainingsThatEndBeforeTheirRung_GivesTheUndisturbedAnswer() =>
        RunSeeds(120, SimulationOptions.AnyEndedBeforeItsRung);

    /// <summary>Each searcher with each schedule, three clusters each.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public void Run_EverySearcherAndSchedule_GivesTheUndisturbedAnswer() =>
        RunSeeds(3 * SearchMatrix.All.Count, SimulationOptions.AnyOfMatrix);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Run_EverySearcherAndScheduleOften_GivesTheUndisturbedAnswer() =>
        RunSeeds(60 * SearchMatrix.All.Count, SimulationOptions.AnyOfMatrix);

    [Fact]
    [Trait("Speed", "slow")]
    public void Run_AnyClusterAndObjectives_GivesTheUndisturbedAnswer() =>
        RunSeeds(150, SimulationOptions.AnyObjectives);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Run_ManyClustersAndObjectives_GivesTheUndisturbedAnswer() =>
        RunSeeds(5_000, SimulationOptions.AnyObjectives);

    [Fact]
    [Trait("Speed", "slow")]
    public void Run_AnyClusterWithEarlierResults_GivesTheUndisturbedAnswer() =>
        RunSeeds(LongRun.IsOn ? 300 : 150, SimulationOptions.AnyReusing);

    /// <summary>A person stops trials: none of them goes on, all others have their results.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public void Run_SomebodyStopsTrials_LeavesTheOthersUndisturbed() => RunSeeds(200, SimulationOptions.AnyStopped);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Run_SomebodyStopsTrialsOften_LeavesTheOthersUndisturbed() =>
        RunSeeds(5_000, SimulationOptions.AnyStopped);

    /// <summary>Shorter trainings that kept their checkpoints are gone on from, not only taken over.</summary>
    [Fact]
    public void Run_ShorterOnesKept_GoesOnFromThem()
    {
        var run = Run(new() { Seed = 5, KnownShare = 0.1, Coordinators = 2 });
        Assert.NotEmpty(run.Watcher.State.Continued());
        Assert.All(run.Watcher.State.Continued(), item => Assert.Equal("shorter", item.Beginning.Sweep));
    }

    [Fact]
    public void Run_EverythingKnown_StartsNothing()
    {
        var run = Run(new() { Seed = 3, KnownShare = 1, Coordinators = 2 });
        Assert.Equal(run.Watcher.State.Totals.Planned, run.Watcher.State.Totals.Reused);
        Assert.DoesNotContain(run.Watcher.Events, item => item is TrialStarted);
    }

    [Fact]
    [Trait("Speed", "nightly")]
    public void Run_ManyClustersWithEarlierResults_GivesTheUndisturbedAnswer() =>
        RunSeeds(5_000, SimulationOptions.AnyReusing);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Run_ManyClusters_GivesTheUndisturbedAnswer() => RunSeeds(10_000, SimulationOptions.Any);

    [Fact]
    [Trait("Speed", "slow")]
    public void Run_ThousandsOfSilos_GivesTheUndisturbedAnswer() => RunSeeds(1, seed => new()
    {
        Seed = seed,
        Silos = 2_000,
        SlotsMax = 1,
        Coordinators = 3,
        Configurations = 800,
        Folds = 5,
        FaultInterval = TimeSpan.FromSeconds(0.05),
        FaultsUntil = TimeSpan.FromSeconds(30),
    }, fixedNumber: true);

    [Fact]
    [Trait("Speed", "slow")]
    public void Run_PoisonTrial_IsSetAsideAndTheRestCompletes() => RunSeeds(
        100, seed => new() { Seed = seed, Poison = new(3, 1), SilosBeforeSetAside = 3, FaultInterval = TimeSpan.Zero });

    [Fact]
    public void Run_TrialsThatNeverStart_FailWithTheirReasonAndTheRestCompletes() => RunSeeds(
        40,
        seed => SimulationOptions.Any(seed) with
        {
            Configurations = 4 + (seed % 5),
            Folds = 3,
            Unstartable = new(1, 1),
            Stalling = new(2, 0),
            FaultInterval = TimeSpan.Zero,
        });

    [Fact]
    public void Run_SameSeedTwice_IsTheSameRun()
    {
        var (first, second) = (Run(new() { Seed = 42, Coordinators = 2 }), Run(new() { Seed = 42, Coordinators = 2 }));
        Assert.Equal(first.Steps, second.Steps);
        Assert.Equal(
            first.Watcher.Events.Select(item => item.ToString()),
            second.Watcher.Events.Select(item => item.ToString()));
    }

    [Fact]
    public void Run_NothingFails_StartsEachTrialOnceUnlessItMust()
    {
        var quiet = Run(new() { Seed = 1, FaultInterval = TimeSpan.Zero, AnswerLoss = 0, MessageLoss = 0 });
        Assert.Equal(0, quiet.Watcher.Expired);
    }

    [Theory]
    [InlineData(PlantedBug.FencingOff, "never trained it to the end")]
    [InlineData(PlantedBug.LeaseNotRenewed, "is healthy since")]
    [InlineData(PlantedBug.ResultWrittenTwice, "has two results")]
    [InlineData(PlantedBug.FailedStartRuns, "the sweep is Running")]
    [InlineData(PlantedBug.RungByArrival, ", undisturbed ")]
    [InlineData(PlantedBug.NextByArrival, "of those before it are better")]
    [InlineData(PlantedBug.PromotionLost, ", undisturbed ")]
    [InlineData(PlantedBug.PausedCheckpointReleased, "but its trial stood at")]
    [InlineData(PlantedBug.CourseWithoutFold, "has other weights than undisturbed")]
    [InlineData(PlantedBug.LagOfTheProcess, ", undisturbed ")]
    [InlineData(PlantedBug.StopWrittenTwice, "is stopped twice")]
    [InlineData(PlantedBug.RungByArrival, ", undisturbed ", true)]
    [InlineData(PlantedBug.LagOfTheProcess, ", undisturbed ", true)]
    internal void Run_PlantedBug_IsCaught(PlantedBug bug, string message, bool hasObjectives = false)
    {
        TrialId? unstartable = bug == PlantedBug.FailedStartRuns ? new(1, 1) : null;
        for (var seed = 1; seed <= 200; seed++)
        {
            try
            {
                Run(new()
                {
                    Seed = seed,
                    Coordinators = 2,
                    Bug = bug,
                    Search = bug == PlantedBug.LagOfTheProcess ? (hasObjectives ? "nsga2" : "tpe", 2) : null,
                    Objectives = hasObjectives ? new() { Further = [SweepMetric.Of(SweepMetric.Weights)] } : null,
                    Unstartable = unstartable,
                    Stops = bug == PlantedBug.StopWrittenTwice ? 20 : 0,
                    KnownShare = bug == PlantedBug.CourseWithoutFold ? 0.5 : 0,
                    Schedule = bug == PlantedBug.NextByArrival
                        ? new() { Shapes = [new(2, [new(1, 1, 1), new(2, 2, 1)])], Order = RungOrder.Index }
                        : new() { Shapes = [new(5, [new(1, 1, 4), new(2, 2, 2)])] },
                    Limit = TimeSpan.FromMinutes(20),
                });
            }
            catch (InvariantException found)
            {
                output.WriteLine($"{bug}: {found.Message}");
                Assert.Contains(message, found.Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail($"200 seeds did not find {bug}.");
    }

    private static Simulation Run(SimulationOptions options)
    {
        var simulation = new Simulation(options);
        simulation.Run();
        return simulation;
    }

    private void RunSeeds(int normal, Func<int, SimulationOptions> options, bool fixedNumber = false)
    {
        if (Setting("SWEEPS_SIMULATION_SEED") is { } one)
        {
            Run(options(one));
            return;
        }

        var seeds = fixedNumber ? normal : Setting("SWEEPS_SIMULATION_SEEDS") ?? normal;
        var (steps, expired, retries, longest) = (0L, 0L, 0L, TimeSpan.Zero);
        var sum = new Lock();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Parallel.For(1, seeds + 1, seed =>
        {
            var run = Run(options(seed));
            lock (sum)
            {
                steps += run.Steps;
                expired += run.Watcher.Expired;
                retries += run.Watcher.State.Totals.Retries;
                longest = longest > run.Time.Elapsed ? longest : run.Time.Elapsed;
            }
        });
        output.WriteLine(
            $"{seeds} seeds, {steps} steps, {expired} attempts expired, {retries} retries, " +
            $"longest {longest}, {watch.Elapsed.TotalSeconds:0.0} s");
    }
}

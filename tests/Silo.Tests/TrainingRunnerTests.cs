using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Slots;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>Trainings side by side in one slot, and what becomes of them where something goes wrong.</summary>
public sealed class TrainingRunnerTests
{
    private readonly List<(SlotTraining Training, bool GaveResult)> _ended = [];

    /// <summary>None stays in the slot's hand, and none pays for another.</summary>
    [Fact]
    public void RunTogether_OnesEndCannotBeReported_AllEnd()
    {
        var trainings = Trainings(3);
        Runner(new(), new FailingLog { Failing = 2 }).RunTogether(trainings, (one, gave) => _ended.Add((one, gave)));

        Assert.Equal([true, false, true], _ended.Select(end => end.GaveResult));
        Assert.Equal(trainings, _ended.Select(end => end.Training));
    }

    /// <summary>What goes wrong when all have ended by themselves is nobody's end.</summary>
    [Fact]
    public void RunTogether_FailsAfterSomeEnds_OnlyTheOthersFail()
    {
        var trainings = Trainings(3);
        var trainer = new NoOpTrainer
        {
            Together = tasks =>
            {
                tasks[0].Ended(() => new NoOpTrainer().Train(tasks[0].Request, tasks[0].Observer, null, default));
                throw new InvalidOperationException("a bug");
            },
        };
        Runner(trainer, new FailingLog()).RunTogether(trainings, (one, gave) => _ended.Add((one, gave)));

        Assert.Equal([true, false, false], _ended.Select(end => end.GaveResult));
        Assert.Equal(trainings, _ended.Select(end => end.Training));
    }

    /// <summary>It begins again beside the others, not at their cost; its end says why.</summary>
    [Fact]
    public void RunTogether_OnesCheckpointIsBad_MayBeginAgain()
    {
        var trainings = Trainings(2);
        var agreed = new List<bool>();
        var trainer = new NoOpTrainer
        {
            Together = tasks => agreed.AddRange(tasks.Select(task =>
                task.BeginsAgain!(new(TrainingFailure.Checkpoint, "it is damaged")))),
        };
        Runner(trainer, new FailingLog()).RunTogether(trainings, (one, gave) => _ended.Add((one, gave)));

        Assert.Equal([true, true], agreed);
        Assert.All(trainings, training => Assert.Equal("it is damaged", training.CheckpointLoss));
        Assert.Equal([true, true], _ended.Select(end => end.GaveResult));
    }

    /// <summary>A wish to end that lets epochs be finished is heard where none runs.</summary>
    [Fact]
    public void StopReasonWaiting_Released_IsSaidAtOnce()
    {
        var training = Trainings(1)[0];
        Assert.Null(training.StopReasonWaiting);
        training.Stop(new(AttemptEnding.Released, "the silo ends", AtOnce: false));
        Assert.Null(training.StopReason);
        Assert.Equal("the silo ends", training.StopReasonWaiting);
    }

    private static TrainingRunner Runner(NoOpTrainer trainer, FailingLog log)
    {
        var identity = new SiloIdentity("silo", new("test-numerics"));
        // Its calls fail on threads of their own, as those of a silo whose cluster is gone.
        return new(trainer, identity, new(null!, null!, null!, identity, NullLogger<GrainReports>.Instance), log);
    }

    private static List<SlotTraining> Trainings(int count) => [.. Enumerable.Range(0, count).Select(index =>
        new SlotTraining(
            new TrialAssignment(
                new("test", index, 0, 1),
                "another",
                new()
                {
                    Data = "digits",
                    Hyperparameters = new() { Architecture = "mlp-5", LearningRate = 0.01, BatchSize = 8, Epochs = 2 },
                    Split = Split.KFold(3, 0),
                    Seed = 1,
                },
                IsExclusive: false, Timeout: null),
            null,
            new(1, TimeSpan.FromHours(1))))];

    /// <summary>Fails when an attempt's end is told of.</summary>
    private sealed class FailingLog : ILogger<TrainingRunner>
    {
        private int _ends;

        public int Failing { get; init; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).StartsWith("The attempt ended", StringComparison.Ordinal)
                && ++_ends == Failing)
                throw new IOException("the disk is full");
        }
    }
}

using System.Diagnostics;
using Sweeps.Client.Sweep.Preview;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Tests.Sweep.Preview;

public sealed class StepTimerTests
{
    private const double StepSeconds = 0.004;

    private static readonly Hyperparameters s_point =
        new() { Architecture = "linear", LearningRate = 1, BatchSize = 10, Epochs = 1 };

    private static readonly SweepPlan s_plan = new()
    {
        Id = "test",
        Specification = "{}",
        Seed = 1,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = 2,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = 1,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void Measure_TrainerOfKnownSteps_FindsTheirLength(int stepsAnEpoch)
    {
        var time = new StepTimer(new SpinningTrainer(stepsAnEpoch), s_plan, slots: 1)
            .Measure(s_point, TimeSpan.FromSeconds(0.05), validated: 100);

        // Never shorter than the spin; longer where others take the processor.
        Assert.InRange(time.Seconds, StepSeconds, 10 * StepSeconds);
        Assert.Equal(10, time.BatchSize);
    }

    [Fact]
    public void Measure_TrainingThatFails_ThrowsItsError()
    {
        var timer = new StepTimer(new FailingTrainer(), s_plan, slots: 2);

        Assert.Throws<TrainingException>(() => timer.Measure(s_point, TimeSpan.FromSeconds(1), validated: 1));
    }

    private sealed class SpinningTrainer(int stepsAnEpoch) : ITrainer
    {
        public TrainingResult Train(
            TrainingRequest request,
            ITrainingObserver observer,
            ReadOnlyMemory<byte>? checkpoint,
            CancellationToken cancellation)
        {
            for (var epoch = 1; epoch <= request.Hyperparameters.Epochs; epoch++)
            {
                for (var step = 0; step < stepsAnEpoch; step++)
                {
                    if (observer.StopReason is not null)
                        return Stopped();
                    Spin();
                }

                observer.EpochCompleted(new(epoch, 1, 0, 1, 0, 1, 0.001, 1, 10), () => []);
            }

            return Stopped();
        }

        private static void Spin()
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < StepSeconds + (StepSeconds / 4))
                Thread.SpinWait(10);
        }

        private static TrainingResult Stopped() => new()
        {
            Outcome = TrainingOutcome.Stopped,
            Epochs = [],
            Weights = 1,
            WeightsDigest = "",
            TrainSeconds = 0,
        };
    }

    private sealed class FailingTrainer : ITrainer
    {
        public TrainingResult Train(
            TrainingRequest request,
            ITrainingObserver observer,
            ReadOnlyMemory<byte>? checkpoint,
            CancellationToken cancellation) =>
            throw new TrainingException(TrainingFailure.Network, "no such network");
    }
}

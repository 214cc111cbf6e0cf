using Sweeps.Client.Sweep.Preview;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Tests.Sweep.Preview;

public sealed class StepTimerTests
{
    private const double StepSeconds = 0.004;
    private const double EvaluationSeconds = 0.001;

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
        var clock = new ManualClock();

        var time = new StepTimer(new SteadyTrainer(stepsAnEpoch, clock), s_plan, slots: 1, clock)
            .Measure(s_point, TimeSpan.FromSeconds(0.05), validated: 100);

        Assert.Equal(StepSeconds, time.Seconds, 9);
        Assert.Equal(10, time.BatchSize);
    }

    [Fact]
    public void Measure_EndOfAnEpoch_CountsTheEvaluationAlone()
    {
        var clock = new ManualClock();

        var time = new StepTimer(new SteadyTrainer(stepsAnEpoch: 3, clock), s_plan, slots: 1, clock)
            .Measure(s_point, TimeSpan.FromSeconds(0.05), validated: 100);

        Assert.Equal(EvaluationSeconds / 100, time.EvaluationSecondsPerSample);
    }

    [Fact]
    public void Measure_TrainingThatFails_ThrowsItsError()
    {
        var timer = new StepTimer(new FailingTrainer(), s_plan, slots: 2, TimeProvider.System);

        Assert.Throws<TrainingException>(() => timer.Measure(s_point, TimeSpan.FromSeconds(1), validated: 1));
    }

    private sealed class SteadyTrainer(int stepsAnEpoch, ManualClock clock) : ITrainer
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
                    clock.Advance(StepSeconds);
                }

                clock.Advance(EvaluationSeconds);
                observer.EpochCompleted(new(epoch, 1, 0, 1, 0, 1, EvaluationSeconds, 1, 10), () => []);
            }

            return Stopped();
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

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;
    }
}

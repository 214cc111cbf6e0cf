using Sweeps.Client.Sweep.Preview;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
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
    public void MeasureAlone_TrainerThatIsHelped_HasTheThreadsOfAllSlots()
    {
        var clock = new ManualClock();
        var threads = Math.Min(4, Environment.ProcessorCount);

        var seconds = new StepTimer(new SteadyTrainer(50, clock), s_plan, slots: 4, clock)
            .MeasureAlone(s_point, TimeSpan.FromSeconds(0.05));

        Assert.Equal(StepSeconds / threads, seconds, 6);
    }

    /// <summary>Short steps warm up twice, one that takes longer than all that is to be timed once.</summary>
    [Theory]
    [InlineData(StepSeconds * 5, 2 + 5)]
    [InlineData(StepSeconds / 2, 1 + 1)]
    public void Measure_LongSteps_WarmUpOnce(double budget, int steps)
    {
        var clock = new ManualClock();

        var time = new StepTimer(new SteadyTrainer(50, clock), s_plan, slots: 1, clock)
            .Measure(s_point, TimeSpan.FromSeconds(budget), validated: 100);

        Assert.Equal(StepSeconds, time.Seconds, 9);
        Assert.Equal(steps * StepSeconds, clock.GetElapsedTime(1).TotalSeconds, 9);
    }

    [Fact]
    public void Measure_EndOfAnEpoch_CountsTheEvaluationAlone()
    {
        var clock = new ManualClock();

        var time = new StepTimer(new SteadyTrainer(stepsAnEpoch: 3, clock), s_plan, slots: 1, clock)
            .Measure(s_point, TimeSpan.FromSeconds(0.05), validated: 100);

        Assert.Equal(EvaluationSeconds / 100, time.EvaluationSecondsPerSample);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_000)]
    public void Measure_WhatIsNoStep_IsCountedByTrialAndByEpoch(int stepsAnEpoch)
    {
        var clock = new ManualClock();
        var trainer = new SteadyTrainer(stepsAnEpoch, clock) { MakingSeconds = 0.02, ShufflingSeconds = 0.003 };

        var time = new StepTimer(trainer, s_plan, slots: 1, clock)
            .Measure(s_point, TimeSpan.FromSeconds(0.05), validated: 100);

        // The last part of a trial, the digest of its weights, takes as long again.
        Assert.Equal(2 * 0.02, time.TrialSeconds, 9);
        Assert.Equal(stepsAnEpoch == 3 ? 0.003 : 0, time.EpochSeconds, 9);
        Assert.Equal(StepSeconds, time.Seconds, 9);
    }

    /// <summary>What is predicted from what was timed is what the same trainer then takes, trial by trial.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(40, 5)]
    public void Predict_TrialsOfTheTimedTrainer_IsTheirTime(int stepsAnEpoch, int epochs)
    {
        var text = $$"""
            data: {name: mnist, samples: {{20 * stepsAnEpoch}}}
            architectures: linear
            folds: 2
            epochs: {{epochs}}
            refit: false
            parameters: {batch_size: 10, learning_rate: [0.1, 0.2, 0.3]}
            """;
        var specification = SpecificationReader.Read(text, "sweep.yaml").Require();
        var preview = SweepPreview.Create(specification, DataSize.Of(KnownDataSets.Get("mnist")));
        var clock = new ManualClock();
        var trainer = new SteadyTrainer(stepsAnEpoch, clock) { MakingSeconds = 0.01, ShufflingSeconds = 0.002 };
        var point = preview.All[0];
        var time = new StepTimer(trainer, s_plan, slots: 1, clock)
            .Measure(point, TimeSpan.FromSeconds(1), preview.ValidatedSamples);

        var predicted = preview.Predict(new([time]), 1).WallSeconds;

        var start = clock.GetTimestamp();
        for (var trial = 0; trial < preview.Trials; trial++)
            trainer.Train(s_plan.RequestOf(new(0, 0), point), new Patient(), null, CancellationToken.None);
        var took = clock.GetElapsedTime(start).TotalSeconds;
        var reports = PreviewCosts.SweepSeconds + (preview.Trials * PreviewCosts.TrialReportSeconds)
            + (preview.Epochs * PreviewCosts.EpochReportSeconds);
        Assert.InRange(predicted - reports, 0.99 * took, 1.01 * took);
    }

    [Fact]
    public void Measure_TrainingThatEndsInItsFirstEpoch_HasNoTimeBesideIt()
    {
        var clock = new ManualClock();
        clock.Advance(1_000);

        var time = new StepTimer(new DivergingTrainer(clock), s_plan, slots: 1, clock)
            .Measure(s_point, TimeSpan.FromSeconds(1), validated: 1);

        Assert.Equal(0, time.TrialSeconds);
    }

    [Fact]
    public void Measure_TrainingThatFails_ThrowsItsError()
    {
        var timer = new StepTimer(new FailingTrainer(), s_plan, slots: 2, TimeProvider.System);

        Assert.Throws<TrainingException>(() => timer.Measure(s_point, TimeSpan.FromSeconds(1), validated: 1));
    }

    private sealed class Patient : ITrainingObserver
    {
        public string? StopReason => null;

        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) => null;
    }

    private sealed class SteadyTrainer(int stepsAnEpoch, ManualClock clock) : ITrainer
    {
        /// <summary>Before the first step, and again after the last one.</summary>
        public double MakingSeconds { get; init; }

        /// <summary>Before the first step of each epoch but the first.</summary>
        public double ShufflingSeconds { get; init; }

        public TrainingResult Train(
            TrainingRequest request,
            ITrainingObserver observer,
            ReadOnlyMemory<byte>? checkpoint,
            CancellationToken cancellation)
        {
            clock.Advance(MakingSeconds);
            for (var epoch = 1; epoch <= request.Hyperparameters.Epochs; epoch++)
            {
                if (epoch > 1)
                    clock.Advance(ShufflingSeconds);
                for (var step = 0; step < stepsAnEpoch; step++)
                {
                    if (observer.StopReason is not null)
                        return Stopped();
                    clock.Advance(StepSeconds / observer.Threads);
                }

                clock.Advance(EvaluationSeconds);
                observer.EpochCompleted(new(epoch, 1, 0, 1, 0, 1, EvaluationSeconds, 1, 10), () => []);
            }

            return Stopped();
        }

        private TrainingResult Stopped()
        {
            clock.Advance(MakingSeconds);
            return new()
            {
                Outcome = TrainingOutcome.Stopped,
                Epochs = [],
                Weights = 1,
                WeightsDigest = "",
                TrainSeconds = 0,
            };
        }
    }

    private sealed class DivergingTrainer(ManualClock clock) : ITrainer
    {
        public TrainingResult Train(
            TrainingRequest request,
            ITrainingObserver observer,
            ReadOnlyMemory<byte>? checkpoint,
            CancellationToken cancellation)
        {
            for (var step = 0; step < 5 && observer.StopReason is null; step++)
                clock.Advance(StepSeconds);
            return new()
            {
                Outcome = TrainingOutcome.Diverged,
                Epochs = [],
                Weights = 1,
                WeightsDigest = "",
                TrainSeconds = 0,
            };
        }
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

using Sweeps.Core.Log;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>
/// Times real training steps through the real trainer, with as many trainings in parallel as there will be slots:
/// neighbours share caches and memory bandwidth, so a step alone is faster than one beside others.
/// </summary>
internal sealed class StepTimer(ITrainer trainer, SweepPlan plan, int slots, TimeProvider time)
{
    private const int WarmUpSteps = 2;
    private const int EpochsEnough = 1_000_000;

    // Small enough that no network diverges while it is timed.
    private const double HarmlessRate = 1e-6;

    /// <summary>Times steps of one network and batch size.</summary>
    /// <param name="configuration">What is trained.</param>
    /// <param name="budget">Wall time after the warm-up; at least one step is timed.</param>
    /// <param name="validated">Samples evaluated after an epoch.</param>
    /// <exception cref="TrainingException">The configuration cannot be trained.</exception>
    public StepTime Measure(Hyperparameters configuration, TimeSpan budget, int validated)
    {
        var request = plan.RequestOf(
            new(0, 0), configuration with { LearningRate = HarmlessRate, Epochs = EpochsEnough });
        var watches = Enumerable.Range(0, slots).Select(_ => new Watch(budget, time)).ToArray();
        // One thread each, like slots: a thread pool would grow too slowly to start them together.
        var failures = new Exception?[slots];
        var threads = watches
            .Select((watch, slot) => new Thread(() => failures[slot] = Train(request, watch)))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        var evaluations = watches.Select(watch => watch.EvaluationSeconds).Where(double.IsFinite).ToList();
        return new(
            configuration.SizedArchitecture(),
            configuration.BatchSize,
            watches.Average(watch => watch.SecondsPerStep),
            evaluations.Count > 0 && validated > 0 ? evaluations.Average() / validated : null);
    }

    private Exception? Train(TrainingRequest request, Watch watch)
    {
        try
        {
            trainer.Train(request with { KeepModel = false }, watch, null, CancellationToken.None);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    /// <summary>The trainer asks before each step whether to stop: from one question to the next is one step.</summary>
    private sealed class Watch(TimeSpan budget, TimeProvider time) : ITrainingObserver
    {
        private long _before;
        private int _steps = -WarmUpSteps;
        private TimeSpan _sum;

        /// <summary>Seconds of the last evaluation; NaN before the first.</summary>
        public double EvaluationSeconds { get; private set; } = double.NaN;

        public double SecondsPerStep => _steps > 0 ? _sum.TotalSeconds / _steps : double.NaN;

        public string? StopReason
        {
            get
            {
                if (_before != 0 && ++_steps > 0)
                    _sum += time.GetElapsedTime(_before);
                if (_steps > 0 && _sum >= budget)
                    return "timed";
                _before = time.GetTimestamp();
                return null;
            }
        }

        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
        {
            EvaluationSeconds = report.EvaluationSeconds;
            // No question follows the last step of an epoch: the end of the epoch ends it.
            if (_before != 0 && ++_steps > 0)
                _sum += time.GetElapsedTime(_before) - TimeSpan.FromSeconds(report.EvaluationSeconds);
            _before = 0;
            return null;
        }
    }
}

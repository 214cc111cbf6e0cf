using Sweeps.Core.Log;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>
/// Times real trainings through the real trainer, with as many in parallel as there will be slots: neighbours share
/// caches and memory bandwidth, so a step alone is faster than one beside others. Means, not medians: what interrupts
/// a step now, other programs and the system, will interrupt trials too.
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
        var watches = Enumerable.Range(0, slots).Select(_ => new Watch(budget, time)).ToArray();
        Train(configuration, watches);
        var evaluations = watches.Select(watch => watch.EvaluationSeconds).Where(double.IsFinite).ToList();
        var pauses = watches.Select(watch => watch.PauseSeconds).Where(double.IsFinite).ToList();
        return new(
            configuration.SizedArchitecture(),
            configuration.BatchSize,
            watches.Average(watch => watch.SecondsPerStep),
            evaluations.Count > 0 && validated > 0 ? evaluations.Average() / validated : null)
        {
            TrialSeconds = watches.Average(watch => watch.TrialSeconds),
            EpochSeconds = pauses.Count > 0 ? pauses.Average() : 0,
        };
    }

    /// <summary>Seconds of a step of a training that has all slots to itself, as the refit has.</summary>
    /// <param name="configuration">What is trained.</param>
    /// <param name="budget">Wall time after the warm-up; at least one step is timed.</param>
    /// <exception cref="TrainingException">The configuration cannot be trained.</exception>
    public double MeasureAlone(Hyperparameters configuration, TimeSpan budget)
    {
        var watch = new Watch(budget, time) { Threads = Math.Min(slots, Environment.ProcessorCount) };
        Train(configuration, watch);
        return watch.SecondsPerStep;
    }

    /// <summary>Trains beside each other until each has been watched long enough.</summary>
    private void Train(Hyperparameters configuration, params Watch[] watches)
    {
        var request = plan.RequestOf(
            new(0, 0), configuration with { LearningRate = HarmlessRate, Epochs = EpochsEnough });
        // One thread each, like slots: a thread pool would grow too slowly to start them together.
        var failures = new Exception?[watches.Length];
        var threads = watches
            .Select((watch, slot) => new Thread(() => failures[slot] = Train(request, watch)))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    private Exception? Train(TrainingRequest request, Watch watch)
    {
        try
        {
            watch.Begin();
            trainer.Train(request with { KeepModel = false }, watch, null, CancellationToken.None);
            watch.End();
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
        private readonly List<double> _evaluations = [];
        private readonly List<double> _pauses = [];
        private long _began, _first, _last, _before;
        private int _steps = -WarmUpSteps;
        private double _sum;

        public int Threads { get; init; } = 1;

        /// <summary>Seconds of an evaluation; NaN before the first.</summary>
        public double EvaluationSeconds => Mean(_evaluations);

        /// <summary>Seconds from the end of an epoch's steps to the next one's first, without the evaluation; NaN:
        /// no epoch ended.</summary>
        public double PauseSeconds => Mean(_pauses);

        public double SecondsPerStep => _steps > 0 ? _sum / _steps : double.NaN;

        /// <summary>Seconds before the first step and after the last one.</summary>
        public double TrialSeconds { get; private set; }

        public void Begin() => _began = time.GetTimestamp();

        // One that diverged in its first epoch has no last moment that counts.
        public void End() => TrialSeconds = _first == 0 || _last == 0
            ? 0
            : (time.GetElapsedTime(_began, _first) + time.GetElapsedTime(_last)).TotalSeconds;

        public string? StopReason
        {
            get
            {
                var now = time.GetTimestamp();
                if (_first == 0)
                    _first = now;
                else if (_before == 0)
                    _pauses.Add(time.GetElapsedTime(_last, now).TotalSeconds);
                else
                    Step(now, 0);
                if (_steps > 0 && _sum >= budget.TotalSeconds)
                {
                    _last = now;
                    return "timed";
                }

                _before = now;
                return null;
            }
        }

        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
        {
            _last = time.GetTimestamp();
            // No question follows the last step of an epoch: the end of the epoch ends it.
            if (_before != 0)
                Step(_last, report.EvaluationSeconds);
            _evaluations.Add(report.EvaluationSeconds);
            _before = 0;
            return null;
        }

        private void Step(long now, double evaluation)
        {
            var seconds = time.GetElapsedTime(_before, now).TotalSeconds - evaluation;
            if (++_steps > 0)
                _sum += seconds;
            // One that is longer than all that is to be timed has met what a second would meet.
            else if (seconds >= budget.TotalSeconds)
                _steps = 0;
        }

        /// <summary>Without the first, in which code is compiled and memory is first used, where there are more.
        /// </summary>
        private static double Mean(List<double> values) =>
            values.Count > 0 ? values.Skip(values.Count > 1 ? 1 : 0).Average() : double.NaN;
    }
}

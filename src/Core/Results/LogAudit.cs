using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>
/// Counts a sweep's trials from its raw log, with sets of its own and none of the state's rules: the second opinion
/// that an audit needs.
/// </summary>
public static class LogAudit
{
    /// <summary>The trials by their ends.</summary>
    /// <exception cref="SweepsException">
    /// An attempt's number does not grow, or a trial ends that no attempt held.
    /// </exception>
    public static SweepAudit Of(IEnumerable<SweepEvent> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var counts = new Counts();
        foreach (var @event in log)
            counts.Add(@event);
        return counts.Sum();
    }

    private sealed class Counts
    {
        private readonly HashSet<TrialId> _completed = [];
        private readonly HashSet<TrialId> _stopped = [];
        private readonly HashSet<TrialId> _failed = [];
        private readonly Dictionary<TrialId, int> _attempts = [];
        private readonly HashSet<TrialId> _running = [];
        private readonly HashSet<TrialId> _released = [];
        private SweepPlan? _plan;
        private long _configurations, _refits, _results, _retried;
        private bool _cancelled;

        public void Add(SweepEvent @event)
        {
            switch (@event)
            {
                case SweepSubmitted submitted:
                    (_plan, _configurations) = (submitted.Plan, submitted.Plan.Configurations);
                    // Planned until the choice says whether there is anything to train again.
                    _refits = submitted.Plan.Refit ? 1 : 0;
                    break;
                case ConfigurationsAdded added: _configurations = added.Total; break;
                case BestSelected best: _refits = best.Refit ? 1 : 0; break;
                case SweepCancelled: _cancelled = true; break;
                case TrialsRequeued requeued: _failed.ExceptWith(requeued.Trials); break;
                case TrialSetAside aside: _failed.Add(aside.Trial); break;
                case TrialStopped stopped:
                    _running.Remove(stopped.Trial);
                    _stopped.Add(stopped.Trial);
                    break;
                case RungDecided decided: Stop(decided); break;
                case TrialStarted started: Start(started); break;
                case TrialReused reused: TakeOver(reused); break;
                case AttemptEvent attempt: End(attempt); break;
            }
        }

        public SweepAudit Sum()
        {
            var planned = _configurations * (_plan?.TrialsPerConfiguration ?? 0) + _refits;
            var ended = _completed.Count + _stopped.Count + _failed.Count;
            var cancelled = _cancelled ? planned - ended : 0;
            return new(planned, _results, _completed.Count, _stopped.Count, _failed.Count, cancelled, _retried);
        }

        private void Start(TrialStarted started)
        {
            if (started.Attempt != _attempts.GetValueOrDefault(started.Trial) + 1 || !_running.Add(started.Trial))
                throw Wrong(started.Trial, started);
            _attempts[started.Trial] = started.Attempt;
            if (!_released.Remove(started.Trial) && started.Attempt > 1)
                _retried++;
        }

        private void TakeOver(TrialReused reused)
        {
            if (_running.Contains(reused.Trial))
                throw Wrong(reused.Trial, reused);
            if (reused.Result.Outcome == TrainingOutcome.Stopped)
            {
                _released.Add(reused.Trial);
                return;
            }

            _results++;
            _completed.Add(reused.Trial);
        }

        private void Stop(RungDecided decided)
        {
            var trials = decided.Dropped.SelectMany(
                place => Enumerable.Range(0, _plan!.TrialsPerConfiguration)
                    .Select(fold => new TrialId(place.Configuration, fold)));
            _stopped.UnionWith(trials.Where(trial => !_completed.Contains(trial) && !_failed.Contains(trial)));
        }

        private void End(AttemptEvent @event)
        {
            if (@event.Attempt != _attempts.GetValueOrDefault(@event.Trial) || !_running.Remove(@event.Trial))
                throw Wrong(@event.Trial, @event);
            switch (@event)
            {
                case TrialCompleted: _results++; _completed.Add(@event.Trial); break;
                case AttemptReleased or RungReached: _released.Add(@event.Trial); break;
                case TrialFailed { WillRetry: false }: _failed.Add(@event.Trial); break;
            }
        }

        private SweepsException Wrong(TrialId trial, SweepEvent @event) => new(
            ErrorKind.Store,
            $"The log is damaged: {@event.GetType().Name} of {trial} after attempt " +
                $"{_attempts.GetValueOrDefault(trial)} " +
            "is out of turn. Restore the store from a copy.");
    }
}

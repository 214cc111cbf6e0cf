using System.Security.Cryptography;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Training;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>
/// Checks a sweep from its log alone: recomputes the digest from the events, recounts the trials without the state's
/// rules, and retrains a sample of the trials.
/// </summary>
internal sealed class Verification
{
    private readonly SweepState _state;

    private Verification(SweepState state, SweepAudit audit)
    {
        (_state, Audit) = (state, audit);
        Digest = ResultsDigest.Of(state);
    }

    public SweepState State => _state;

    /// <summary>The digest of the results, recomputed from the log.</summary>
    public string Digest { get; }

    /// <summary>The digest in the sweep's last event; null: the sweep is not complete.</summary>
    public string? RecordedDigest => _state.Completion?.Digest;

    /// <summary>The recounted trials.</summary>
    public SweepAudit Audit { get; }

    /// <summary>Whether the log is consistent.</summary>
    public bool LogHolds => (RecordedDigest is null || RecordedDigest == Digest)
        && Audit.Completed == Audit.Unique && (!_state.IsOver || Audit.Holds);

    /// <summary>Reads a sweep's log.</summary>
    /// <exception cref="SweepsException">There is no such sweep, or its log is damaged.</exception>
    public static async Task<Verification> OfAsync(ISweepStore store, string id, CancellationToken cancellation)
    {
        var log = new List<SweepEvent>();
        var view = await SweepView.OpenWholeAsync(store, id, log.Add, cancellation);
        return new(view.State, LogAudit.Of(log));
    }

    /// <summary>
    /// A sample of the finished trials. The digest chooses it, so that the same sweep always has the same sample and no
    /// user can pick one.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="other">None that this engine trained: there would be nothing to compare; null: of all.</param>
    public IReadOnlyList<TrialId> Sample(int count, EngineKind? other = null) =>
    [
        .. Trials().Where(trial => _state.ResultOf(trial) is { } result && (other is null || result.Engine != other))
            .OrderBy(trial => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Digest} {trial}"))),
                StringComparer.Ordinal)
            .Take(count),
    ];

    /// <summary>Retrains a trial from the start.</summary>
    public RetrainedTrial Train(
        TrialId trial, ITrainer trainer, KeptResults kept, CancellationToken cancellation)
    {
        var recorded = _state.ResultOf(trial)!;
        var request = _state.RequestOf(trial) with { KeepCheckpoint = false };
        // One that the schedule stopped is trained as far as it was.
        ITrainingObserver observer = recorded.Outcome == TrainingOutcome.Stopped
            ? new StopAfter(recorded.Epochs)
            : NoObserver.Instance;
        var training = trainer.Train(request, observer, checkpoint: null, cancellation);
        return new(trial, recorded, TrialResult.From(training)) { DifferingEpochs = kept.Differing(trial, training) };
    }

    /// <summary>Trains a trial on another engine and compares the curves.</summary>
    /// <exception cref="TrainingException">That engine cannot train its network.</exception>
    public EngineComparison TrainOn(
        EngineKind engine, TrialId trial, Trainer trainer, KeptResults kept, CancellationToken cancellation)
    {
        var recorded = _state.ResultOf(trial)!;
        ITrainingObserver observer = recorded.Outcome == TrainingOutcome.Stopped
            ? new StopAfter(recorded.Epochs)
            : NoObserver.Instance;
        var request = _state.RequestOf(trial) with
        {
            Engine = engine,
            Stages = NativeStages.Newest,
            KeepModel = false,
        };
        var gradients = trainer.CompareGradients(
            _state.RequestOf(trial) with { Engine = recorded.Engine }, request, EngineComparison.Steps, cancellation);
        var training = trainer.Train(request, observer, checkpoint: null, cancellation);
        return EngineComparison.Of(trial, recorded, kept.EpochsOf(trial), gradients, training, _state.Plan.Task);
    }

    private sealed class StopAfter(int epochs) : ITrainingObserver
    {
        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) =>
            report.Epoch == epochs ? "as far as it was trained" : null;
    }

    /// <summary>All trials that were proposed, and the refit.</summary>
    public IEnumerable<TrialId> Trials() => _state.Trials();
}

/// <summary>A trial's recorded result beside that of retraining it.</summary>
internal sealed record RetrainedTrial(TrialId Trial, TrialResult Recorded, TrialResult Again)
{
    /// <summary>Epochs whose stored losses or metrics are not those of retraining.</summary>
    public required IReadOnlyList<int> DifferingEpochs { get; init; }

    /// <summary>Whether weights, losses and metrics, of the curve too, are equal to the last bit.</summary>
    public bool IsEqual => DifferingEpochs.Count == 0
        && Recorded.WeightsDigest == Again.WeightsDigest
        && Recorded.Outcome == Again.Outcome
        && Recorded.Epochs == Again.Epochs
        && Recorded.BestEpoch == Again.BestEpoch
        && ResultBits.Of(Recorded).SequenceEqual(ResultBits.Of(Again))
        && ResultBits.Of(Recorded.Test, HasMetrics).SequenceEqual(ResultBits.Of(Again.Test, HasMetrics));

    private bool HasMetrics => Recorded.Test?.Metrics is not null;
}

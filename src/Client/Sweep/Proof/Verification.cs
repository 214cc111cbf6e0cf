using System.Security.Cryptography;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>
/// Checks a sweep from its log alone: the digest made again from the events, the trials counted again without the
/// state's rules, and a sample of the trials trained again.
/// </summary>
internal sealed class Verification
{
    private readonly SweepState _state;

    private Verification(SweepState state, SweepAudit audit)
    {
        (_state, Audit) = (state, audit);
        Digest = ResultsDigest.Of(state);
    }

    /// <summary>The sweep.</summary>
    public SweepState State => _state;

    /// <summary>The digest of the results, made again from the log.</summary>
    public string Digest { get; }

    /// <summary>The digest that the sweep's last event has; null: it is not complete.</summary>
    public string? RecordedDigest => _state.Completion?.Digest;

    /// <summary>The trials, counted again.</summary>
    public SweepAudit Audit { get; }

    /// <summary>Whether the log agrees with itself.</summary>
    public bool LogHolds => (RecordedDigest is null || RecordedDigest == Digest)
        && Audit.Completed == Audit.Unique && (!_state.IsOver || Audit.Holds);

    /// <summary>Reads a sweep's log.</summary>
    /// <exception cref="SweepsException">There is no such sweep, or its log is damaged.</exception>
    public static async Task<Verification> OfAsync(ISweepStore store, string id, CancellationToken cancellation)
    {
        var log = new List<SweepEvent>();
        var view = await SweepView.OpenAsync(store, id, log.Add, cancellation);
        return new(view.State, LogAudit.Of(log));
    }

    /// <summary>
    /// A sample of the trials that have a result. The digest chooses, so that nobody else can: the same sweep, the same
    /// sample.
    /// </summary>
    public IReadOnlyList<TrialId> Sample(int count) =>
    [
        .. Trials().Where(trial => _state.ResultOf(trial) is not null)
            .OrderBy(trial => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Digest} {trial}"))),
                StringComparer.Ordinal)
            .Take(count),
    ];

    /// <summary>Trains a trial again, from the start.</summary>
    public RetrainedTrial Train(TrialId trial, ITrainer trainer, CancellationToken cancellation)
    {
        var recorded = _state.ResultOf(trial)!;
        var request = _state.Plan.RequestOf(trial, _state.HyperparametersOf(trial.Configuration));
        var result = TrialResult.From(trainer.Train(request, new Silent(), checkpoint: null, cancellation));
        return new(trial, recorded, result);
    }

    private IEnumerable<TrialId> Trials()
    {
        for (var configuration = 0; configuration < _state.Proposed; configuration++)
        {
            for (var fold = 0; fold < _state.Plan.TrialsPerConfiguration; fold++)
                yield return new(configuration, fold);
        }

        if (_state.RefitTrial is { } refit)
            yield return refit;
    }

    private sealed class Silent : ITrainingObserver
    {
        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) => null;
    }
}

/// <summary>A trial's result beside that of training it again.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Recorded">What the log has.</param>
/// <param name="Again">What came out now.</param>
internal sealed record RetrainedTrial(TrialId Trial, TrialResult Recorded, TrialResult Again)
{
    /// <summary>Whether weights, losses and metrics are equal to the last bit.</summary>
    public bool IsEqual => Recorded.WeightsDigest == Again.WeightsDigest
        && Recorded.Outcome == Again.Outcome
        && Recorded.Epochs == Again.Epochs
        && Bits(Recorded).SequenceEqual(Bits(Again));

    // NaN is equal to NaN here.
    private static IEnumerable<long> Bits(TrialResult result) =>
        ((double[])[
            result.TrainLoss, result.TrainMetric, result.ValidationLoss, result.ValidationMetric,
            result.Test?.Loss ?? 0, result.Test?.Metric ?? 0,
        ]).Select(BitConverter.DoubleToInt64Bits);
}

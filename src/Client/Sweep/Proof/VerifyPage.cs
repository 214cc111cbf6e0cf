using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>
/// What <c>sweeps verify</c> prints: a line after each check, or with --json one object at the end.
/// </summary>
internal sealed class VerifyPage(Verification verification, TextWriter output, bool json)
{
    private readonly List<RetrainedTrial> _trials = [];
    private readonly List<EngineComparison> _comparisons = [];
    private EngineKind? _engine;
    private bool? _sameNumerics;
    private KeptResults? _kept;

    /// <summary>Whether all checks so far held.</summary>
    public bool Holds => verification.LogHolds && _kept is not { Problems.Count: > 0 }
        && _trials.TrueForAll(trial => trial.IsEqual) && _comparisons.TrueForAll(trial => trial.Holds);

    private SweepAudit Audit => verification.Audit;

    public void WriteLog()
    {
        Line($"digest         {verification.Digest}");
        Line(verification.RecordedDigest switch
        {
            null => "               not compared: the sweep is not complete and has no recorded digest yet",
            var recorded when recorded == verification.Digest => "               equal to the recorded digest",
            var recorded => $"               DIFFERENT from the recorded digest {recorded}",
        });
        Line($"audit          planned {Audit.Planned}, completed {Audit.Completed}, unique {Audit.Unique}, "
            + $"failed {Audit.Failed}, stopped {Audit.Stopped}, retried {Audit.Retried}: "
            + (verification.LogHolds ? "recounted from the log, it holds" : "it does NOT hold"));
    }

    public void WriteKept(KeptResults kept)
    {
        _kept = kept;
        var missing = kept.Missing > 0 ? $"; {kept.Missing} trials have none (a crash can lose the last epochs)" : "";
        Line($"stored         {Figures.Count(kept.Models, "model")} and "
            + $"{Figures.Count(kept.Curves, "learning curve")} agree with the log{missing}");
        foreach (var problem in kept.Problems)
            Line($"               DIFFERENT: {problem}");
    }

    public void WriteNumerics(string recorded, string here)
    {
        _sameNumerics = recorded == here;
        Line(_sameNumerics.Value
            ? $"numerics       {here}: the same as where the sweep ran"
            : $"numerics       {here} here, {recorded} where the sweep ran: results may differ");
    }

    public void Write(RetrainedTrial trial)
    {
        _trials.Add(trial);
        var again = trial.Again.WeightsDigest[..16];
        Line($"trial {trial.Trial,-8} "
            + (trial.IsEqual
                ? $"equal, bit by bit: weights {again}..., {Figures.Seconds(trial.Again.TrainSeconds)} s"
                : trial.DifferingEpochs.Count > 0
                ? "DIFFERENT: the stored curve is not that of training, in epoch "
                    + string.Join(", ", trial.DifferingEpochs)
                : $"DIFFERENT: weights {again}... now, {trial.Recorded.WeightsDigest[..16]}... in the log"));
    }

    public void WriteEngine(EngineKind engine)
    {
        _engine = engine;
        Line($"engine         {ConfigurationText.Word(engine)}: {EngineComparison.Tolerance}");
    }

    public void Write(EngineComparison trial)
    {
        _comparisons.Add(trial);
        Line($"trial {trial.Trial,-8} {trial.Text()}");
    }

    public void WriteEnd()
    {
        if (!json)
        {
            if (_engine is { } other)
            {
                output.WriteLine($"verified       {_comparisons.Count(trial => trial.Holds)} of {_comparisons.Count} "
                    + $"trials give the same on {ConfigurationText.Word(other)}, but for rounding");
                return;
            }

            var equal = _trials.Count(trial => trial.IsEqual);
            output.WriteLine($"verified       {equal} of {_trials.Count} retrained trials are equal");
            return;
        }

        Screen.WriteJson(output, new
        {
            id = verification.State.Plan.Id,
            holds = Holds,
            digest = verification.Digest,
            recorded_digest = verification.RecordedDigest,
            log_holds = verification.LogHolds,
            audit = Audit,
            same_numerics = _sameNumerics,
            stored = _kept is null ? null : new
            {
                models = _kept.Models,
                curves = _kept.Curves,
                missing_curves = _kept.Missing,
                problems = _kept.Problems,
            },
            engine = _engine is { } engine ? ConfigurationText.Word(engine) : null,
            tolerance = _engine is null ? null : new
            {
                weights = EngineComparison.WeightsShare,
                steps = EngineComparison.Steps,
                first_step = EngineComparison.FirstStepShare,
                train_loss_share = EngineComparison.TrainShare,
                validation_loss_share = EngineComparison.ValidationShare,
                loss = EngineComparison.LossFloor,
                accuracy = EngineComparison.Accuracy,
            },
            compared = _engine is null ? null : _comparisons.Select(trial => trial.Json()),
            sampled = _trials.Count + _comparisons.Count,
            equal = _trials.Count(trial => trial.IsEqual),
            trials = _trials.Select(trial => new
            {
                trial = trial.Trial.ToString(),
                equal = trial.IsEqual,
                differing_epochs = trial.DifferingEpochs,
                weights_digest = trial.Again.WeightsDigest,
                recorded_weights_digest = trial.Recorded.WeightsDigest,
                trial.Again.TrainSeconds,
            }),
        });
    }

    private void Line(string text)
    {
        if (!json)
            Screen.On(output).WriteLine(text);
    }
}

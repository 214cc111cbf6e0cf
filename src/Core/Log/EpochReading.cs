using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>
/// Reads the result of a training off the epochs of another one of the same course: what it would have given if it had
/// been trained alone, to the last bit. The rules of the end are those of the trainer, and a test compares them.
/// </summary>
public static class EpochReading
{
    /// <summary>The result of a request; null: these epochs do not tell it.</summary>
    /// <param name="request">What is wanted; of the same course.</param>
    /// <param name="until">The epoch at which it would pause; null: it goes to its end.</param>
    /// <param name="source">What the other training gave.</param>
    /// <param name="epochs">Its epochs, from the first, without gaps.</param>
    public static TrialResult? Of(
        TrainingRequest request, int? until, TrialResult source, IReadOnlyList<EpochReport> epochs)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(epochs);
        if (TrainingCourse.NeedsMoreThanEpochs(request))
            return null;
        var all = epochs as EpochReport[] ?? [.. epochs];
        var wanted = request.Hyperparameters.Epochs;
        var best = new BestEpoch();
        for (var done = 0; done < wanted; done++)
        {
            if (best.Reached(request.Patience) is { } plateau)
                return Sum(TrainingOutcome.StoppedEarly, plateau, request, source, new(all, 0, done));
            // In the next epoch it diverged, whoever trains it.
            if (done == all.Length)
            {
                return source.Outcome == TrainingOutcome.Diverged && source.Epochs == done
                    ? source with { Test = null }
                    : null;
            }

            best.Add(all[done]);
            if (until is { } pause && done + 1 >= pause && done + 1 < wanted && best.Reached(request.Patience) is null)
                return Sum(TrainingOutcome.Stopped, null, request, source, new(all, 0, done + 1));
        }

        return Sum(TrainingOutcome.Completed, null, request, source, new(all, 0, wanted));
    }

    /// <summary>Whether the epochs of a source can tell the result of a request: if not, nobody need read them.
    /// </summary>
    /// <param name="request">What is wanted; of the same course.</param>
    /// <param name="until">The epoch at which it would pause; null: it goes to its end.</param>
    /// <param name="source">What the other training gave.</param>
    public static bool MayTell(TrainingRequest request, int? until, TrialResult source)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(source);
        var enough = Math.Min(request.Hyperparameters.Epochs, until ?? int.MaxValue);
        return !TrainingCourse.NeedsMoreThanEpochs(request)
            && (source.Epochs >= enough || source.Outcome == TrainingOutcome.Diverged
                || source.Epochs > request.Patience);
    }

    private static TrialResult? Sum(
        TrainingOutcome outcome,
        string? reason,
        TrainingRequest request,
        TrialResult source,
        ArraySegment<EpochReport> epochs)
    {
        // What learns from all samples has no validation set to choose by, and is never read off.
        var best = request.Score == ScoredEpoch.Best ? Plateau.Best(epochs) : 0;
        var scored = epochs[(best > 0 ? best : epochs.Count) - 1];
        return scored.WeightsDigest is not { } digest ? null : new()
        {
            Outcome = outcome,
            Reason = reason,
            TrainLoss = scored.TrainLoss,
            TrainMetric = scored.TrainMetric,
            ValidationLoss = scored.ValidationLoss,
            ValidationMetric = scored.ValidationMetric,
            ValidationLossError = scored.ValidationLossError,
            ValidationMetricError = scored.ValidationMetricError,
            Epochs = epochs.Count,
            BestEpoch = best,
            Weights = source.Weights,
            WeightsDigest = digest,
            TrainSeconds = epochs.Sum(epoch => epoch.TrainSeconds),
            CpuSeconds = epochs.Sum(epoch => epoch.CpuSeconds),
            EvaluationSeconds = epochs.Sum(epoch => epoch.EvaluationSeconds),
            Samples = epochs.Sum(epoch => (long)epoch.Samples),
            Neighbours = source.Neighbours,
            Threads = source.Threads,
            Together = source.Together,
            SiloSpeed = source.SiloSpeed,
            Engine = source.Engine,
        };
    }
}

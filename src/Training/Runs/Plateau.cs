using Sweeps.Core.Trainings;

namespace Sweeps.Training.Runs;

/// <summary>The rule for stopping early: the loss has not improved on its best for some epochs.</summary>
internal static class Plateau
{
    /// <summary>
    /// Why to stop, or null. Looks at the validation loss, or the training loss where nothing is held out.
    /// </summary>
    /// <param name="epochs">The reports so far.</param>
    /// <param name="patience">Epochs without improvement that are enough; null: never.</param>
    public static string? Reached(IReadOnlyList<EpochReport> epochs, int? patience)
    {
        if (patience is not { } wait || epochs.Count <= wait)
            return null;
        var held = !double.IsNaN(epochs[^1].ValidationLoss);
        var best = 0;
        for (var i = 1; i < epochs.Count; i++)
        {
            if (LossOf(epochs[i]) < LossOf(epochs[best]))
                best = i;
        }

        return epochs.Count - 1 - best < wait
            ? null
            : $"the {(held ? "validation" : "training")} loss has not improved since epoch {epochs[best].Epoch}";

        double LossOf(EpochReport report) => held ? report.ValidationLoss : report.TrainLoss;
    }
}

namespace Sweeps.Core.Trainings;

/// <summary>The rule for stopping early: the loss has not improved on its best for some epochs.</summary>
public static class Plateau
{
    /// <summary>
    /// Why to stop, or null. Looks at the validation loss, or the training loss where nothing is held out.
    /// </summary>
    /// <param name="epochs">The reports so far.</param>
    /// <param name="patience">Epochs without improvement that are enough; null: never.</param>
    public static string? Reached(IReadOnlyList<EpochReport> epochs, int? patience)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        if (patience is not { } wait || epochs.Count <= wait)
            return null;
        var best = Best(epochs);
        var word = IsHeld(epochs) ? "validation" : "training";
        return epochs.Count - best < wait ? null : $"the {word} loss has not improved since epoch {best}";
    }

    /// <summary>
    /// The epoch, from 1, with the lowest validation loss (training loss where nothing is held out), the first of
    /// equals; 0 without any.
    /// </summary>
    public static int Best(IReadOnlyList<EpochReport> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        if (epochs.Count == 0)
            return 0;
        var held = IsHeld(epochs);
        var best = 0;
        for (var i = 1; i < epochs.Count; i++)
        {
            if (LossOf(epochs[i]) < LossOf(epochs[best]))
                best = i;
        }

        return best + 1;

        double LossOf(EpochReport report) => held ? report.ValidationLoss : report.TrainLoss;
    }

    private static bool IsHeld(IReadOnlyList<EpochReport> epochs) => !double.IsNaN(epochs[^1].ValidationLoss);
}

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
        return Over(epochs).Reached(patience);
    }

    /// <summary>
    /// The epoch, from 1, with the lowest validation loss (training loss where nothing is held out), the first of
    /// equals; 0 without any.
    /// </summary>
    public static int Best(IReadOnlyList<EpochReport> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        return Over(epochs).Best;
    }

    private static BestEpoch Over(IReadOnlyList<EpochReport> epochs)
    {
        var best = new BestEpoch();
        for (var i = 0; i < epochs.Count; i++)
            best.Add(epochs[i]);
        return best;
    }
}

/// <summary>The rule of <see cref="Plateau"/>, epoch by epoch.</summary>
public sealed class BestEpoch
{
    private int _count;
    private bool _isHeld;
    private (int Epoch, double Loss) _ofValidation;
    private (int Epoch, double Loss) _ofTraining;

    /// <summary><see cref="Plateau.Best"/> of what was added.</summary>
    public int Best => _isHeld ? _ofValidation.Epoch : _ofTraining.Epoch;

    /// <summary>Adds the next epoch.</summary>
    public void Add(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        _count++;
        _isHeld = !double.IsNaN(report.ValidationLoss);
        if (_count == 1 || report.ValidationLoss < _ofValidation.Loss)
            _ofValidation = (_count, report.ValidationLoss);
        if (_count == 1 || report.TrainLoss < _ofTraining.Loss)
            _ofTraining = (_count, report.TrainLoss);
    }

    /// <summary><see cref="Plateau.Reached"/> of what was added.</summary>
    /// <param name="patience">Epochs without improvement that are enough; null: never.</param>
    public string? Reached(int? patience)
    {
        if (patience is not { } wait || _count <= wait || _count - Best < wait)
            return null;
        var word = _isHeld ? "validation" : "training";
        return $"the {word} loss has not improved since epoch {Best}";
    }
}

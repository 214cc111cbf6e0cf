namespace Sweeps.Core.Sweeps.State;

/// <summary>All that the state keeps of a configuration besides its hyperparameters.</summary>
internal struct ConfigurationCell
{
    /// <summary>Folds that have not ended.</summary>
    public int OpenFolds;

    public bool Scored;

    public ConfigurationScore Score;
}

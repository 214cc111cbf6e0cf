namespace Sweeps.Core.Training;

/// <summary>How the training samples are divided into learning and validation.</summary>
public enum SplitKind
{
    /// <summary>Stratified k-fold cross-validation: one fold is held out.</summary>
    KFold,

    /// <summary>A stratified share is held out once.</summary>
    Holdout,

    /// <summary>Nothing is held out.</summary>
    All,
}

namespace Sweeps.Core.Training;

/// <summary>What a data set asks for.</summary>
public enum TaskKind
{
    /// <summary>One class of several; judged by accuracy.</summary>
    Classification,

    /// <summary>A number; judged by the mean absolute error.</summary>
    Regression,
}

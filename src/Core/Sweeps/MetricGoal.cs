namespace Sweeps.Core.Sweeps;

/// <summary>Which end of a metric is good.</summary>
public enum MetricGoal
{
    /// <summary>Smaller is better.</summary>
    Minimize,

    /// <summary>Larger is better.</summary>
    Maximize,
}

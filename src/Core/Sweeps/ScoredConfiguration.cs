using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps;

/// <summary>A configuration whose folds are all in.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Hyperparameters">What was trained.</param>
/// <param name="Score">What its folds gave together.</param>
public sealed record ScoredConfiguration(int Index, Hyperparameters Hyperparameters, ConfigurationScore Score);

using Sweeps.Core.Trainings;

namespace Sweeps.Core.Space;

/// <summary>A configuration as a searcher proposes it.</summary>
/// <param name="Hyperparameters">What is trained: the values with every name resolved and every default filled.</param>
/// <param name="Values">The values that were chosen, by parameter: what a searcher learns from.</param>
public sealed record Proposal(Hyperparameters Hyperparameters, ParameterAssignment Values);

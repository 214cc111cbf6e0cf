namespace Sweeps.Simulation.Tests;

/// <summary>The simulation found something that must not be.</summary>
internal sealed class InvariantException(string message) : Exception(message);

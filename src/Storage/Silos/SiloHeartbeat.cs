namespace Sweeps.Storage;

/// <summary>What a silo says of itself with each heartbeat.</summary>
/// <param name="Incarnation">The incarnation.</param>
/// <param name="Slots">Number of slots now.</param>
/// <param name="Training">What each slot trains, as JSON, opaque to the store.</param>
/// <param name="ImagesPerSecond">Samples learned from in a second, all slots together.</param>
/// <param name="IsDraining">True: takes no more work.</param>
public sealed record SiloHeartbeat(
    string Incarnation, int Slots, string Training, double ImagesPerSecond, bool IsDraining = false);

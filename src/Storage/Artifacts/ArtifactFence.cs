namespace Sweeps.Storage;

/// <summary>Who may write a name: the newer attempt, and within an attempt the same or a later epoch.</summary>
internal static class ArtifactFence
{
    /// <summary>The epoch of a name that was released: nothing of that attempt comes after it.</summary>
    public const int Released = int.MaxValue;

    public static bool Admits(int heldAttempt, int heldEpoch, int attempt, int epoch) =>
        attempt > heldAttempt || (attempt == heldAttempt && epoch >= heldEpoch);
}

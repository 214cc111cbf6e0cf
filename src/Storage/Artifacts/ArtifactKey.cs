namespace Sweeps.Storage;

/// <summary>The name of an artifact.</summary>
/// <param name="Trial">The trial it belongs to.</param>
/// <param name="Name">What it is: <see cref="Checkpoint"/>, <see cref="Model"/> or another word of 1 to 100
/// characters.</param>
public readonly record struct ArtifactKey(TrialKey Trial, string Name)
{
    /// <summary>The state a training resumes from.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The final weights.</summary>
    public const string Model = "model";
}

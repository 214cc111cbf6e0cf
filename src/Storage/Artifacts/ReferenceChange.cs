namespace Sweeps.Storage;

/// <summary>What a change of a name did.</summary>
/// <param name="Reference">The name now; null: fenced, nothing was changed.</param>
/// <param name="Unused">The digest of a blob that nothing refers to any more and whose content can go; null:
/// none.</param>
internal readonly record struct ReferenceChange(ArtifactReference? Reference, string? Unused);

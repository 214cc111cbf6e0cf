namespace Sweeps.Training.Data.Public;

/// <summary>Where a public data set comes from.</summary>
/// <param name="Mirrors">Addresses of the folders that hold all files, tried in this order; each ends in a
/// slash.</param>
/// <param name="Files">The files.</param>
public sealed record Download(IReadOnlyList<string> Mirrors, IReadOnlyList<PublicFile> Files);

namespace Sweeps.Training.Data.Digits;

/// <summary>A movement of the pen without lifting it: the points it passes, and which of them are corners.</summary>
internal sealed record Stroke(IReadOnlyList<(Point At, bool Corner)> Points);

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>What a mirror answers: the whole file's bytes, of which 206 sends those from the range on.</summary>
internal sealed record MirrorAnswer(int Status, byte[] Body)
{
    /// <summary>The connection closes after that many bytes of the body.</summary>
    public long CutAfter { get; init; } = long.MaxValue;

    /// <summary>The connection stays open and silent instead of closing.</summary>
    public bool Stall { get; init; }
}

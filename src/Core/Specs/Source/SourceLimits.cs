namespace Sweeps.Core.Specs.Source;

/// <summary>Bounds on what a sweep file may be. All are far above any file that a person would write.</summary>
public static class SourceLimits
{
    /// <summary>Characters of a file.</summary>
    public const int Characters = 1 << 20;

    /// <summary>Maps and lists inside each other.</summary>
    public const int Depth = 32;

    /// <summary>Nodes with every alias written out: a file of nested aliases grows exponentially without it.</summary>
    public const int Nodes = 100_000;

    /// <summary>Problems told at once; more would hide the first.</summary>
    public const int Problems = 100;
}

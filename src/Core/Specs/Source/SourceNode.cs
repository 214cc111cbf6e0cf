namespace Sweeps.Core.Specs.Source;

/// <summary>A piece of a sweep file with the place it was written at; YAML and JSON give the same nodes.</summary>
public abstract class SourceNode
{
    private protected SourceNode(SourcePosition position) => Position = position;

    /// <summary>Where it starts.</summary>
    public SourcePosition Position { get; }

    /// <summary>Number of nodes when every alias is written out: what a reader of the tree has to walk.</summary>
    internal long Size { get; private protected set; } = 1;

    /// <summary>Levels of maps and lists, itself included.</summary>
    internal int Depth { get; private protected set; } = 1;

    /// <summary>What it is and, if short, its text: <c>'fast'</c>, <c>a list</c>; for messages.</summary>
    public abstract string Found { get; }

    private protected void Count(SourceNode child)
    {
        Size += child.Size;
        Depth = Math.Max(Depth, child.Depth + 1);
    }
}

using System.Collections.Immutable;

namespace Sweeps.Core.Specs.Source;

/// <summary>A list of nodes.</summary>
public sealed class SourceList : SourceNode
{
    /// <summary>Creates the list.</summary>
    public SourceList(SourcePosition position, ImmutableArray<SourceNode> items)
        : base(position)
    {
        Items = items;
        foreach (var item in items)
            Count(item);
    }

    /// <summary>The items, in order.</summary>
    public ImmutableArray<SourceNode> Items { get; }

    /// <inheritdoc />
    public override string Found => Items.IsEmpty ? "an empty list" : "a list";
}

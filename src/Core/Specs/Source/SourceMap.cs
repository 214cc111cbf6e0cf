using System.Collections.Immutable;

namespace Sweeps.Core.Specs.Source;

/// <summary>A map of keys to nodes, in the order written; no key occurs twice.</summary>
public sealed class SourceMap : SourceNode
{
    /// <summary>Creates the map.</summary>
    public SourceMap(SourcePosition position, ImmutableArray<SourceEntry> entries)
        : base(position)
    {
        Entries = entries;
        foreach (var entry in entries)
            Count(entry.Value);
    }

    /// <summary>Keys and values, in order.</summary>
    public ImmutableArray<SourceEntry> Entries { get; }

    /// <inheritdoc />
    public override string Found => Entries.IsEmpty ? "an empty map" : "a map";

    /// <summary>The entry with that key; null when there is none.</summary>
    public SourceEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key)
                return entry;
        }

        return null;
    }

    /// <summary>The value of that key; null when there is none or it is written as nothing.</summary>
    public SourceNode? ValueOf(string key) =>
        Find(key)?.Value is { } value and not SourceScalar { IsNull: true } ? value : null;

    /// <summary>A copy in which <paramref name="key"/> has another value; a new key comes last.</summary>
    internal SourceMap With(string key, SourceNode value)
    {
        var entry = new SourceEntry(key, value.Position, value);
        var index = Entries.ToList().FindIndex(e => e.Key == key);
        return new(Position, index < 0 ? Entries.Add(entry) : Entries.SetItem(index, entry));
    }
}

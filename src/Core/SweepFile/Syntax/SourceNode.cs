using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core.SweepFile.Syntax;

/// <summary>A piece of a sweep file with the place it was written at; YAML and JSON give the same nodes.</summary>
internal abstract class SourceNode
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

/// <summary>A single value: a text, a number, true or false, or nothing.</summary>
internal sealed class SourceScalar : SourceNode
{
    /// <summary>Creates the value.</summary>
    /// <param name="position">Where it starts.</param>
    /// <param name="text">Its text without quotes.</param>
    /// <param name="isQuoted">Written in quotes or as a block: never nothing, true or false.</param>
    public SourceScalar(SourcePosition position, string text, bool isQuoted)
        : base(position) => (Text, IsQuoted) = (text, isQuoted);

    /// <summary>The text without quotes.</summary>
    public string Text { get; }

    /// <summary>Written in quotes or as a block.</summary>
    public bool IsQuoted { get; }

    /// <summary>Written as nothing, <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc />
    public override string Found
    {
        get
        {
            if (IsNull)
                return "nothing";
            var shown = Quote.Short(Text);
            return IsQuoted || !TryGetNumber(out _) ? $"'{shown}'" : shown;
        }
    }

    /// <summary>
    /// The value as a finite number. Quotes do not matter: Python's YAML takes 1e-3 for a text, so W&amp;B's users
    /// quote numbers or leave them to be read as texts.
    /// </summary>
    public bool TryGetNumber(out double number)
    {
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(Text, Style, CultureInfo.InvariantCulture, out number) && double.IsFinite(number)
            && Text.All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+' or '-');
    }

    /// <summary>The value as <c>true</c> or <c>false</c>, in any case.</summary>
    public bool TryGetFlag(out bool flag) => bool.TryParse(Text, out flag) && !IsQuoted;
}

internal sealed class SourceList : SourceNode
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

/// <summary>A map of keys to nodes, in the order written; no key occurs twice.</summary>
internal sealed class SourceMap : SourceNode
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

/// <summary>A key of a map and its value.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="KeyPosition">Where the key starts.</param>
/// <param name="Value">The value.</param>
internal sealed record SourceEntry(string Key, SourcePosition KeyPosition, SourceNode Value);

/// <summary>Where something was written: line and column of the file, both from 1, or the override that set
/// it.</summary>
/// <param name="Line">From 1; 0 for an override.</param>
/// <param name="Column">From 1; 0 for an override.</param>
/// <param name="Override">The override (<c>epochs=1</c>) that the value came from; null: the file.</param>
public readonly record struct SourcePosition(int Line, int Column, string? Override = null)
{
    /// <inheritdoc />
    public override string ToString() =>
        Override is null ? string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}") : $"--set {Override}";
}

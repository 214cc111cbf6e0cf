using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core.SweepFile.Syntax;

/// <summary>Builds nodes from the start and end events of a parser, and holds them to
/// <see cref="SourceLimits"/>.</summary>
internal sealed class SourceBuilder
{
    private readonly Stack<Frame> _open = new();
    private long _nodes;

    /// <summary>Keys that occur twice; the first of each counts, so that the rest of the file is still
    /// checked.</summary>
    public ProblemList Duplicates { get; } = new();

    /// <summary>The outermost node, once complete.</summary>
    public SourceNode? Root { get; private set; }

    /// <summary>A map or list starts.</summary>
    public void Open(SourcePosition position, bool isMap)
    {
        if (_open.Count >= SourceLimits.Depth)
            throw TooDeep(position);
        _open.Push(new(position, isMap));
    }

    /// <summary>The innermost map or list ends.</summary>
    public SourceNode Close()
    {
        var frame = _open.Pop();
        var node = frame.Complete();
        Attach(node, 1);
        return node;
    }

    /// <summary>Whether the next value is the key of a map.</summary>
    public bool ExpectsKey => _open.TryPeek(out var frame) && frame.IsMap && frame.Key is null;

    /// <summary>The key of the next value.</summary>
    public void AddKey(SourcePosition position, string key) => _open.Peek().SetKey(position, key, Duplicates);

    /// <summary>A whole value: a scalar, or a node that an alias repeats, which counts whole each time.</summary>
    public void Add(SourceNode node) => Attach(node, node.Size);

    private void Attach(SourceNode node, long counted)
    {
        _nodes += counted;
        if (_nodes > SourceLimits.Nodes)
        {
            throw new SourceException(node.Position, string.Create(
                CultureInfo.InvariantCulture,
                $"the file has more than {SourceLimits.Nodes} values with its aliases written out; write fewer, or "
                    + $"use min, max and points"));
        }

        if (node.Depth + _open.Count > SourceLimits.Depth + 1)
            throw TooDeep(node.Position);
        if (_open.TryPeek(out var frame))
            frame.Add(node);
        else
            Root = node;
    }

    private static SourceException TooDeep(SourcePosition position) => new(position, string.Create(
        CultureInfo.InvariantCulture,
        $"maps and lists are nested more than {SourceLimits.Depth} deep; a sweep file needs no more than 6"));

    private sealed class Frame(SourcePosition position, bool isMap)
    {
        private readonly ImmutableArray<SourceNode>.Builder _items = ImmutableArray.CreateBuilder<SourceNode>();
        private readonly Dictionary<string, SourcePosition> _keys = new(StringComparer.Ordinal);
        private readonly ImmutableArray<SourceEntry>.Builder _entries = ImmutableArray.CreateBuilder<SourceEntry>();
        private SourcePosition _keyPosition;
        private bool _isDuplicate;

        public bool IsMap => isMap;

        public string? Key { get; private set; }

        public void SetKey(SourcePosition at, string key, ProblemList duplicates)
        {
            (Key, _keyPosition, _isDuplicate) = (key, at, !_keys.TryAdd(key, at));
            if (_isDuplicate)
            {
                duplicates.Add(at, "", string.Create(
                    CultureInfo.InvariantCulture,
                    $"the key '{Quote.Short(key)}' occurs twice in one map, first at line {_keys[key].Line}; remove "
                        + $"one"));
            }
        }

        public void Add(SourceNode node)
        {
            if (!isMap)
            {
                _items.Add(node);
                return;
            }

            if (!_isDuplicate)
                _entries.Add(new(Key!, _keyPosition, node));
            Key = null;
        }

        public SourceNode Complete() =>
            isMap ? new SourceMap(position, _entries.ToImmutable()) : new SourceList(position, _items.ToImmutable());
    }
}

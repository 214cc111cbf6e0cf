using System.Runtime.CompilerServices;

namespace Sweeps.Core.Sweeps.State;

/// <summary>A growing table of structs that is never copied: a million rows cost their own size and no more.</summary>
internal sealed class ChunkedTable<T>
    where T : struct
{
    private const int ChunkBits = 12;
    private const int ChunkMask = (1 << ChunkBits) - 1;

    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[index >> ChunkBits][index & ChunkMask];
    }

    /// <summary>Adds rows of zeros, or removes rows from the end.</summary>
    public void Resize(int count)
    {
        for (var index = count; index < Count; index++)
            this[index] = default;
        while (_chunks.Count << ChunkBits < count)
            _chunks.Add(new T[1 << ChunkBits]);
        Count = count;
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace Sweeps.Core.State;

/// <summary>
/// Writes a snapshot: numbers and rows as they lie in memory, which only the same build on the same kind of machine may
/// read again (<see cref="Key"/>), and texts that come again and again once.
/// </summary>
public sealed class SnapshotWriter(Stream stream)
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);

    /// <summary>Who may read what this program writes: its build, its runtime and its kind of processor.</summary>
    public static string Key { get; } =
        $"{typeof(SnapshotWriter).Assembly.ManifestModule.ModuleVersionId:n} {Environment.Version} "
        + RuntimeInformation.ProcessArchitecture;

    /// <summary>Writes a number, or a row of numbers.</summary>
    public void Write<T>(T value)
        where T : unmanaged => WriteRows(new ReadOnlySpan<T>(in value));

    /// <summary>Writes rows without their number.</summary>
    public void WriteRows<T>(ReadOnlySpan<T> rows)
        where T : struct => stream.Write(MemoryMarshal.AsBytes(rows));

    /// <summary>Writes bytes and how many they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        stream.Write(bytes);
    }

    /// <summary>Writes a text; one that was written before by its number.</summary>
    public void Write(string? text)
    {
        if (text is null)
        {
            Write(-1);
            return;
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out var isKnown);
        if (!isKnown)
            place = _texts.Count - 1;
        Write(place);
        if (!isKnown)
            WriteBytes(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes how many there are, and each.</summary>
    public void WriteAll<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(write);
        Write(items.Count);
        foreach (var item in items)
            write(item);
    }
}

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote, in its order.</summary>
/// <exception cref="EndOfStreamException">There is less than that.</exception>
public sealed class SnapshotReader(Stream stream)
{
    private readonly List<string> _texts = [];

    /// <summary>Reads a number, or a row of numbers.</summary>
    public T Read<T>()
        where T : unmanaged
    {
        T value = default;
        ReadRows(new Span<T>(ref value));
        return value;
    }

    /// <summary>Reads rows of a number that is known.</summary>
    public void ReadRows<T>(Span<T> rows)
        where T : struct => stream.ReadExactly(MemoryMarshal.AsBytes(rows));

    /// <summary>Reads bytes with their number.</summary>
    public byte[] ReadBytes()
    {
        var bytes = new byte[Read<int>()];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads a text; equal ones are one object.</summary>
    public string? ReadText()
    {
        var place = Read<int>();
        if (place == _texts.Count)
            _texts.Add(Encoding.UTF8.GetString(ReadBytes()));
        return place < 0 ? null : _texts[place];
    }

    /// <summary>Reads how many there are, and each.</summary>
    public void ReadAll(Action read)
    {
        ArgumentNullException.ThrowIfNull(read);
        for (var count = Read<int>(); count > 0; count--)
            read();
    }

    /// <summary>The same as a list.</summary>
    public List<T> ReadList<T>(Func<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var count = Read<int>();
        var items = new List<T>(count);
        for (; count > 0; count--)
            items.Add(read());
        return items;
    }
}

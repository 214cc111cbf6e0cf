using System.Reflection;
using System.Runtime.CompilerServices;
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

    /// <summary>Writes a number, or a row of numbers; zeros for what lies between them, which may be anything.
    /// </summary>
    public void Write<T>(T value)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        foreach (var place in Gaps<T>.Places)
            bytes[place] = 0;
        stream.Write(bytes);
    }

    /// <summary>Writes rows of a table, which began as zeros, without their number.</summary>
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

/// <summary>The bytes of a row that belong to none of its numbers.</summary>
internal static class Gaps<T>
    where T : unmanaged
{
    /// <summary>Their places.</summary>
    public static int[] Places { get; } = Find();

    // Where nothing is after every number was filled.
    private static int[] Find()
    {
        var one = ((ValueTuple<T>)Filled(typeof(ValueTuple<T>))).Item1;
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in one)).ToArray();
        return [.. Enumerable.Range(0, bytes.Length).Where(place => bytes[place] == 0)];
    }

    // An empty value that may be absent has an object of its inner type, which makes it one that is there.
    private static object Filled(Type type)
    {
        var value = RuntimeHelpers.GetUninitializedObject(type);
        if (type.IsPrimitive || type.IsEnum || type.IsDefined(typeof(InlineArrayAttribute)))
        {
            // What an object holds, like what this class holds, begins behind its header.
            var size = RuntimeHelpers.SizeOf(type.TypeHandle);
            MemoryMarshal.CreateSpan(ref Unsafe.As<StrongBox<byte>>(value).Value, size).Fill(1);
            return value;
        }

        foreach (var field in value.GetType().GetFields(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            field.SetValue(value, Filled(field.FieldType));
        }

        return value;
    }
}

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote, in its order.</summary>
/// <exception cref="EndOfStreamException">There is less than that.</exception>
public sealed class SnapshotReader(Stream stream)
{
    private readonly List<string> _texts = [];
    private readonly long _end = stream.Length;

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
        var bytes = new byte[ReadCount()];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// Reads how many items come: never more than there can be, so that no memory is taken for what is not there.
    /// </summary>
    /// <param name="itemBytes">Bytes of an item, at least.</param>
    public int ReadCount(int itemBytes = 1)
    {
        var count = Read<int>();
        return count >= 0 && count <= (_end - stream.Position) / itemBytes ? count
            : throw new EndOfStreamException($"A snapshot says that {count} items follow, and has no room for them.");
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
        for (var count = ReadCount(); count > 0; count--)
            read();
    }

    /// <summary>The same as a list.</summary>
    public List<T> ReadList<T>(Func<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var count = ReadCount();
        var items = new List<T>(count);
        for (; count > 0; count--)
            items.Add(read());
        return items;
    }
}

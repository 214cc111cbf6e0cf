using System.Buffers.Binary;
using System.Text;

namespace Sweeps.Build.Torch;

/// <summary>
/// A 64-bit little-endian ELF shared library in memory: which versions of other libraries it needs, and what it needs
/// them for. Layout: System V ABI, and "Symbol Versioning" of the Linux Standard Base Core Specification.
/// </summary>
public sealed class ElfLibrary
{
    private const int HeaderLength = 0x40;
    private const int SymbolLength = 24;
    private const int RelocationLength = 24;
    private const ushort WeakFlag = 2; // VER_FLG_WEAK: the loader goes on where the version is absent.
    private readonly byte[] _bytes;
    private readonly List<Section> _sections = [];

    /// <summary>Takes the file's bytes; they are not copied.</summary>
    /// <exception cref="InvalidDataException">No 64-bit little-endian ELF file, or cut short.</exception>
    public ElfLibrary(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < HeaderLength || !bytes.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("this is no 64-bit little-endian ELF file");
        var (start, length, count) = (Long(0x28), Short(0x3A), Short(0x3C));
        for (var index = 0; index < count; index++)
        {
            var at = checked((int)(start + (index * length)));
            _sections.Add(new((SectionType)Int(at + 4), Long(at + 24), Long(at + 32), Int(at + 40)));
        }
    }

    private enum SectionType
    {
        Relocations = 4,
        DynamicSymbols = 11,
        VersionNeeds = 0x6FFFFFFE,
        SymbolVersions = 0x6FFFFFFF,
    }

    /// <summary>Where the need for a version stands; null: the library does not need that version.</summary>
    /// <exception cref="InvalidDataException">The file is cut short.</exception>
    public VersionNeed? Find(string version)
    {
        if (_sections.Find(section => section.Type == SectionType.VersionNeeds) is not { } needs)
            return null;
        var names = _sections[needs.Link];
        for (var library = needs.Start; ; library += Int(library + 12))
        {
            var entry = library + Int(library + 8);
            for (var count = Short(library + 2); count > 0; count--, entry += Int(entry + 12))
            {
                if (Text(names.Start + Int(entry + 8)) == version)
                    return new(version, entry + 4, Short(entry + 6), (Short(entry + 4) & WeakFlag) != 0);
            }

            if (Int(library + 12) == 0)
                return null;
        }
    }

    /// <summary>The symbols that the library takes from a version, with whether code or data refers to them.</summary>
    /// <exception cref="InvalidDataException">The file is cut short.</exception>
    public IReadOnlyList<VersionedSymbol> Symbols(VersionNeed need)
    {
        if (_sections.Find(section => section.Type == SectionType.DynamicSymbols) is not { } symbols
            || _sections.Find(section => section.Type == SectionType.SymbolVersions) is not { } versions)
        {
            throw new InvalidDataException("the library has no table of dynamic symbols with versions");
        }

        var names = _sections[symbols.Link];
        var referred = Referred();
        List<VersionedSymbol> found = [];
        for (var index = 0; index < symbols.Length / SymbolLength; index++)
        {
            if ((Short(versions.Start + (2 * index)) & 0x7FFF) == need.Index)
            {
                var name = Text(names.Start + Int(symbols.Start + (SymbolLength * index)));
                found.Add(new(name, referred.Contains(index)));
            }
        }

        return found;
    }

    /// <summary>Lets the loader go on where the version is absent. Changes the bytes that this was made from.</summary>
    public void Weaken(VersionNeed need) => BinaryPrimitives.WriteUInt16LittleEndian(
        _bytes.AsSpan(need.FlagsOffset), (ushort)(Short(need.FlagsOffset) | WeakFlag));

    private HashSet<int> Referred()
    {
        HashSet<int> symbols = [];
        foreach (var section in _sections.Where(section => section.Type == SectionType.Relocations))
        {
            for (var at = section.Start; at < section.Start + section.Length; at += RelocationLength)
                symbols.Add(Int(at + 12));
        }

        return symbols;
    }

    private string Text(int at)
    {
        var end = at < _bytes.Length ? Array.IndexOf(_bytes, (byte)0, at) : -1;
        return end >= 0 ? Encoding.ASCII.GetString(_bytes, at, end - at) : throw CutShort(at);
    }

    private int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Field(at, 2));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(Field(at, 4));

    private int Long(int at) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(Field(at, 8)));

    private ReadOnlySpan<byte> Field(int at, int length) =>
        at >= 0 && at <= _bytes.Length - length ? _bytes.AsSpan(at, length) : throw CutShort(at);

    private static InvalidDataException CutShort(int at) =>
        new($"the file ends before offset {at}, which it refers to");

    private sealed record Section(SectionType Type, int Start, int Length, int Link);
}

/// <summary>A library's need for a version of another library.</summary>
/// <param name="Version">The version's name, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="FlagsOffset">Where its flags lie in the file, in bytes.</param>
/// <param name="Index">The number by which symbols refer to it.</param>
/// <param name="IsWeak">The loader goes on where the version is absent.</param>
public sealed record VersionNeed(string Version, int FlagsOffset, int Index, bool IsWeak);

/// <summary>A symbol that a library takes from a version.</summary>
/// <param name="Name">Its mangled name.</param>
/// <param name="IsReferred">A relocation refers to it: the program would read or call it.</param>
public sealed record VersionedSymbol(string Name, bool IsReferred);

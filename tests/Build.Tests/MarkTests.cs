using System.Buffers.Binary;
using System.Reflection;
using Sweeps.Build.Torch;

namespace Sweeps.Build.Tests;

/// <summary>
/// The mark on TorchSharp's native library, tried on the library of the package: one flag is set, and nothing is
/// changed where the library would use what the system lacks.
/// </summary>
public sealed class MarkTests
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Marker = "_ZSt21ios_base_library_initv";

    // Section types of the System V ABI and the LSB; the tests read the sections themselves.
    private const int Relocations = 4;
    private const int SymbolVersions = 0x6FFFFFFF;

    /// <summary>The library of the package, never of an output folder: that one may be marked already.</summary>
    public static string PackageLibrary { get; } = Path.Combine(
        typeof(MarkTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "TorchSharp").Value!,
        "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [Fact]
    public void Weaken_TheLibraryOfThePackage_SetsOneFlagAndNothingElse()
    {
        var before = File.ReadAllBytes(PackageLibrary);
        var after = (byte[])before.Clone();

        Mark.Weaken(after, Version, Marker);

        var changed = Enumerable.Range(0, before.Length).Where(index => before[index] != after[index]);
        var at = Assert.Single(changed);
        Assert.Equal((0, 2), (before[at], after[at])); // VER_FLG_WEAK is 2.
        Assert.False(new ElfLibrary(before).Find(Version)!.IsWeak);
        Assert.True(new ElfLibrary(after).Find(Version)!.IsWeak);
    }

    [Fact]
    public void Weaken_Twice_ChangesNothingMore()
    {
        var once = File.ReadAllBytes(PackageLibrary);
        Mark.Weaken(once, Version, Marker);
        var twice = (byte[])once.Clone();

        Mark.Weaken(twice, Version, Marker);

        Assert.True(once.AsSpan().SequenceEqual(twice));
    }

    [Fact]
    public void Weaken_VersionNotNeeded_ChangesNothing()
    {
        var before = File.ReadAllBytes(PackageLibrary);
        var after = (byte[])before.Clone();

        Mark.Weaken(after, "GLIBCXX_3.4.99", Marker);

        Assert.True(before.AsSpan().SequenceEqual(after));
    }

    [Fact]
    public void Weaken_AnotherSymbolOfTheVersion_IsRefusedByName()
    {
        var library = File.ReadAllBytes(PackageLibrary);
        var elf = new ElfLibrary(library);
        var need = elf.Find(Version)!;
        var other = elf.Find("GLIBCXX_3.4.30")!;
        var name = Assert.Single(elf.Symbols(other)).Name;
        // The symbol of the other version is said to be of this one.
        BinaryPrimitives.WriteUInt16LittleEndian(VersionOf(library, other.Index), (ushort)need.Index);
        var before = (byte[])library.Clone();

        var error = Assert.Throws<InvalidDataException>(() => Mark.Weaken(library, Version, Marker));

        Assert.Contains(name, error.Message);
        Assert.Contains(Version, error.Message);
        Assert.True(before.AsSpan().SequenceEqual(library));
    }

    [Fact]
    public void Weaken_ARelocationToTheMarker_IsRefusedByName()
    {
        var library = File.ReadAllBytes(PackageLibrary);
        var symbol = IndexOf(library, new ElfLibrary(library).Find(Version)!.Index);
        var (start, _) = Section(library, Relocations);
        // The upper half of a relocation's r_info is the number of its symbol.
        BinaryPrimitives.WriteInt32LittleEndian(library.AsSpan(start + 12), symbol);

        var error = Assert.Throws<InvalidDataException>(() => Mark.Weaken(library, Version, Marker));

        Assert.Contains(Marker, error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(0x3F)]
    [InlineData(0x40)]
    [InlineData(100_000)]
    [InlineData(2_000_000)]
    public void Weaken_CutShort_IsInvalidData(int length)
    {
        var library = File.ReadAllBytes(PackageLibrary)[..length];

        Assert.Throws<InvalidDataException>(() => Mark.Weaken(library, Version, Marker));
    }

    [Theory]
    [InlineData("MZ")]
    [InlineData("\u007fELF\u0001\u0001")] // 32 bits.
    [InlineData("\u007fELF\u0002\u0002")] // Big-endian.
    public void Weaken_AnotherKindOfFile_IsInvalidData(string beginning)
    {
        var file = new byte[4096];
        System.Text.Encoding.ASCII.GetBytes(beginning, file);

        Assert.Throws<InvalidDataException>(() => Mark.Weaken(file, Version, Marker));
    }

    private static Span<byte> VersionOf(byte[] library, int version) =>
        library.AsSpan(Section(library, SymbolVersions).Start + (2 * IndexOf(library, version)), 2);

    /// <summary>The first symbol of a version, by its place in the table of versions.</summary>
    private static int IndexOf(byte[] library, int version)
    {
        var (start, length) = Section(library, SymbolVersions);
        return Enumerable.Range(0, length / 2).First(index =>
            (BinaryPrimitives.ReadUInt16LittleEndian(library.AsSpan(start + (2 * index))) & 0x7FFF) == version);
    }

    private static (int Start, int Length) Section(byte[] library, int type)
    {
        var headers = (int)BinaryPrimitives.ReadInt64LittleEndian(library.AsSpan(0x28));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(library.AsSpan(0x3C));
        for (var index = 0; index < count; index++)
        {
            var header = library.AsSpan(headers + (64 * index), 64);
            if (BinaryPrimitives.ReadInt32LittleEndian(header[4..]) == type)
            {
                return ((int)BinaryPrimitives.ReadInt64LittleEndian(header[24..]),
                    (int)BinaryPrimitives.ReadInt64LittleEndian(header[32..]));
            }
        }

        throw new InvalidOperationException($"no section of type {type}");
    }
}

using Sweeps.Training.Data;
using Sweeps.Training.Data.Digits;
using Sweeps.Training.Data.Pictures;
using Sweeps.Training.Tests.Data.Public;

namespace Sweeps.Training.Tests.Data.Pictures;

/// <summary>Data sets that are unpacked or drawn once, and read from their copy from then on.</summary>
public sealed class PackCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DataFolders Folders => new(
        new DataFolder(_folder.Path, "the test"),
        new DataFolder(Path.Combine(_folder.Path, "cache"), "the cache folder"));

    private string Copy(string name) => Path.Combine(_folder.Path, "cache", "pictures", $"{name}.pictures");

    [Fact]
    public void Of_TheDigits_DrawsThemOnceAndReadsTheSameOnes()
    {
        var drawn = new PackCache(Folders).Of("digits", "1", DigitsDataSet.Draw);
        var read = new PackCache(Folders).Of("digits", "1", () => throw new InvalidOperationException("drawn again"));

        Assert.Equal(Sweeps.Core.Trainings.KnownDataSets.Get("digits").Content, read.Content);
        Assert.Equal((drawn.Source, drawn.Name), (read.Source, read.Name));
        Assert.Equal(drawn.Train.BytesOf(11_999), read.Train.BytesOf(11_999));
        Assert.Throws<InvalidOperationException>(() => new PackCache(Folders).Of(
            "digits", "2", () => throw new InvalidOperationException("others are drawn anew")));
    }

    [Fact]
    public void Load_ZippedFiles_KeepsThemUnpackedUntilTheyChange()
    {
        Idx.WriteSet(_folder, "mnist", zipped: true);
        var first = Load();
        var images = Path.Combine(_folder.Path, "mnist", "train-images-idx3-ubyte.gz");
        var (bytes, time) = (File.ReadAllBytes(images), File.GetLastWriteTimeUtc(images));

        // Nobody unpacks a file of the same length and time.
        File.WriteAllBytes(images, new byte[bytes.Length]);
        File.SetLastWriteTimeUtc(images, time);
        var second = Load();
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal((first.Source, first.IsPublished), (second.Source, second.IsPublished));
        Assert.Equal(first.Notes, second.Notes);

        // A damaged copy is not believed: the file is read, which is no longer one.
        var copy = File.ReadAllBytes(Copy("mnist"));
        copy[^1] ^= 1;
        File.WriteAllBytes(Copy("mnist"), copy);
        Assert.ThrowsAny<Sweeps.Core.SweepsException>(() => Load());

        File.WriteAllBytes(images, Idx.Zip(Idx.Of([.. Enumerable.Repeat((byte)9, 30 * 12)], 30, 3, 4)));
        Assert.NotEqual(first.Digest, Load().Digest);
    }

    /// <summary>The link stays as it is while what it leads to becomes another file.</summary>
    [Fact]
    public void Load_FilesBehindLinks_SeesWhatTheyLeadTo()
    {
        Idx.WriteSet(_folder, "kept", zipped: true);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "mnist"));
        foreach (var file in Directory.GetFiles(Path.Combine(_folder.Path, "kept")))
            File.CreateSymbolicLink(Path.Combine(_folder.Path, "mnist", Path.GetFileName(file)), file);
        var first = Load();

        _folder.Write(
            "kept/train-images-idx3-ubyte.gz", Idx.Zip(Idx.Of([.. Enumerable.Repeat((byte)9, 30 * 12)], 30, 3, 4)));

        Assert.NotEqual(first.Digest, Load().Digest);
    }

    [Fact]
    public void Load_PlainFiles_KeepsNoCopy()
    {
        Idx.WriteSet(_folder, "mnist");
        Load();
        Assert.False(File.Exists(Copy("mnist")));
    }

    private DataSet Load() => new DataSets(Folders).Load(new DataRequest("mnist"));
}

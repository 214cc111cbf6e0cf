using Sweeps.Core;
using Sweeps.Training.Data;
using Sweeps.Training.Tests.Data.Public;

namespace Sweeps.Training.Tests.Data;

public sealed class DataSetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private DataSets Sets => new(new DataFolders(new DataFolder(_folder.Path, "the test")));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_FourIdxFiles_ReadsThem(bool zipped)
    {
        Idx.WriteSet(_folder, "mnist", zipped);
        var set = Sets.Load(new DataRequest("mnist"));
        Assert.Equal(("mnist", 30, 10, 12), (set.Name, set.Train.Count, set.Test.Count, set.Features));
        Assert.Equal([1, 3, 4], set.InputShape);
        Assert.Equal([0, 1, 2, 0], set.Train.Labels[..4].ToArray());
        Assert.Equal([84, 91], set.Train.BytesOf(1)[..2].ToArray());
    }

    [Fact]
    public void Load_FilesInTheFolderItself_FindsThem()
    {
        Idx.WriteSet(_folder, ".");
        Assert.Equal(30, Sets.Load(new DataRequest("fashion-mnist")).Train.Count);
    }

    [Fact]
    public void Load_SeveralFolders_TakesTheFirstThatHasAllFiles()
    {
        Idx.WriteSet(_folder, "a/mnist");
        Idx.WriteSet(_folder, "b/mnist");
        File.Delete(Path.Combine(_folder.Path, "a/mnist/t10k-labels-idx1-ubyte"));
        var folders = new DataFolders(
            new("/nowhere", "first"), new($"{_folder.Path}/a", "second"), new($"{_folder.Path}/b", "third"));
        var set = new DataSets(folders).Load(new DataRequest("mnist"));
        Assert.Equal(Path.Combine(_folder.Path, "b", "mnist"), set.Source);
    }

    [Fact]
    public void Load_Nothing_NamesFilesFolderCommandAndDigits()
    {
        var message = Fails("mnist");
        string[] parts =
            ["train-images-idx3-ubyte.gz", Path.Combine(_folder.Path, "mnist"), "sweeps data get mnist", "'digits'"];
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OneFileMissing_NamesIt()
    {
        Idx.WriteSet(_folder, "mnist");
        File.Delete(Path.Combine(_folder.Path, "mnist/t10k-labels-idx1-ubyte"));
        Assert.Contains("mnist' lacks t10k-labels-idx1-ubyte.gz", Fails("mnist"), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LabelOutOfRange_NamesLabelAndSample()
    {
        Idx.WriteSet(_folder, "mnist");
        _folder.Write("mnist/t10k-labels-idx1-ubyte", Idx.Of([0, 1, 2, 3, 10, 5, 6, 7, 8, 9], 10));
        const string Expected = "label 10 of sample 4 is out of range: labels go from 0 to 9";
        Assert.Contains(Expected, Fails("mnist"), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FewerLabelsThanImages_NamesBothCounts()
    {
        Idx.WriteSet(_folder, "mnist");
        _folder.Write("mnist/train-labels-idx1-ubyte", Idx.Of(new byte[29], 29));
        Assert.Matches("30 images, .* has 29 labels", Fails("mnist"));
    }

    [Fact]
    public void Load_TestImagesOfAnotherSize_NamesBothSizes()
    {
        Idx.WriteSet(_folder, "mnist");
        _folder.Write("mnist/t10k-images-idx3-ubyte", Idx.Of(new byte[10 * 12], 10, 4, 3));
        Assert.Contains("training images are 3x4, test images 4x3", Fails("mnist"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("minst", "did you mean 'mnist'?")]
    [InlineData("fashion_mnst", "did you mean 'fashion-mnist'?")]
    [InlineData("no/such.csv", "There is no file 'no/such.csv'")]
    public void Load_UnknownName_SuggestsTheNearest(string name, string part) =>
        Assert.Contains(part, Fails(name), StringComparison.Ordinal);

    [Fact]
    public void Load_DataDirThatDoesNotExist_SaysSo()
    {
        var sets = new DataSets(new DataFolders(new DataFolder("/no/such/folder", "--data-dir")));
        var error = Assert.Throws<SweepsException>(() => sets.Load(new DataRequest("mnist")));
        Assert.Contains("--data-dir: there is no folder '/no/such/folder'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FromManyThreads_LoadsOnce()
    {
        Idx.WriteSet(_folder, "mnist");
        var sets = Sets;
        using var start = new Barrier(8);
        var loaded = new DataSet[8];
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            loaded[i] = sets.Load(new DataRequest(i % 2 == 0 ? "mnist" : "MNIST"));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Single(loaded.Distinct());
    }

    [Fact]
    public void Load_AfterAFailure_TriesAgain()
    {
        var sets = Sets;
        Assert.Throws<SweepsException>(() => sets.Load(new DataRequest("mnist")));
        Idx.WriteSet(_folder, "mnist");
        Assert.Equal(30, sets.Load(new DataRequest("mnist")).Train.Count);
    }

    [Fact]
    public void Digest_OneByteChanged_Differs()
    {
        Idx.WriteSet(_folder, "mnist");
        var first = Sets.Load(new DataRequest("mnist")).Digest;
        Assert.Equal(first, Sets.Load(new DataRequest("mnist")).Digest);
        var path = Path.Combine(_folder.Path, "mnist/t10k-images-idx3-ubyte");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.NotEqual(first, Sets.Load(new DataRequest("mnist")).Digest);
    }

    private string Fails(string name)
    {
        var error = Assert.Throws<SweepsException>(() => Sets.Load(new DataRequest(name)));
        Assert.Equal(ErrorKind.Data, error.Kind);
        return error.Message;
    }
}

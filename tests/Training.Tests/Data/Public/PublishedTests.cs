using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Digits;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>Published files under the wrong name are noticed by their checksums.</summary>
public sealed class PublishedTests : IDisposable
{
    private static readonly string[] Files =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealMnistFact]
    public void Load_Published_HasTheKnownDigest()
    {
        var sets = new DataSets(RealMnistFactAttribute.Folders);
        foreach (var name in (string[])["mnist", "fashion-mnist"])
        {
            var data = sets.Load(new DataRequest(name));
            Assert.True(data.IsPublished);
            Assert.Equal(KnownDataSets.Get(name).Content, data.Content);
        }
    }

    [Fact]
    public void Digits_AreTheKnownOnes() =>
        Assert.Equal(KnownDataSets.Get("digits").Content, DigitsDataSet.Draw().Content);

    [RealMnistFact]
    public void Load_MnistInTheFolderOfFashion_IsAnErrorThatNamesBoth()
    {
        foreach (var file in Files)
            Link(file, $"fashion-mnist/{file}.gz");
        var message = Fails("fashion-mnist");
        Assert.Contains("train-labels-idx1-ubyte of mnist", message, StringComparison.Ordinal);
        Assert.Contains("train-labels-idx1-ubyte of fashion-mnist belongs", message, StringComparison.Ordinal);
    }

    [RealMnistFact]
    public void Load_TrainingSwappedWithTest_IsAnErrorThatNamesBoth()
    {
        foreach (var file in Files)
        {
            var other = file.StartsWith('t') && file[1] == 'r'
                ? file.Replace("train", "t10k", StringComparison.Ordinal)
                : file.Replace("t10k", "train", StringComparison.Ordinal);
            Link(file, $"mnist/{other}.gz");
        }

        Assert.Contains("is t10k-labels-idx1-ubyte of mnist", Fails("mnist"), StringComparison.Ordinal);
    }

    /// <summary>Files of nobody's publication are a data set of the user's own, and said to be one.</summary>
    [Fact]
    public void Load_FilesThatNobodyPublished_AreTakenWithANote()
    {
        Idx.WriteSet(_folder, "mnist");
        var data = Sets.Load(new DataRequest("mnist"));
        Assert.False(data.IsPublished);
        Assert.Contains("does not hold the published mnist", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    private DataSets Sets => new(new DataFolders(new DataFolder(_folder.Path, "the test")));

    private string Fails(string name)
    {
        var error = Assert.ThrowsAny<SweepsException>(() => Sets.Load(new DataRequest(name)));
        Assert.Equal(ErrorKind.Data, error.Kind);
        return error.Message;
    }

    private void Link(string file, string to)
    {
        var source = Sweeps.Training.Data.Public.PublicDataSets.Find("mnist")!.Find(RealMnistFactAttribute.Folders)!;
        var path = Directory.EnumerateFiles(source, file + "*").First();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.Path, to))!);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, to), path);
    }
}

using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data.Pictures;

/// <summary>Folders of pictures whose pixels are known.</summary>
public sealed class PictureDataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_SubFolders_AreClassesAndAFifthOfEachIsHeldOut()
    {
        Fill("pets", perClass: 5);

        var data = Load("pets");

        Assert.Equal(["cat", "dog"], data.ClassNames);
        Assert.Equal([3, 2, 2], data.InputShape);
        Assert.Equal((8, 2), (data.Train.Count, data.Test.Count));
        Assert.Equal([0, 1], data.Test.Labels.ToArray().Order());
        // Each picture is of one colour, (class, number, 7): channels first.
        for (var sample = 0; sample < data.Train.Count; sample++)
        {
            var bytes = data.Train.BytesOf(sample).ToArray();
            Assert.Equal(Enumerable.Repeat((byte)data.Train.Labels[sample], 4), bytes[..4]);
            Assert.Equal(Enumerable.Repeat(bytes[4], 4), bytes[4..8]);
            Assert.Equal(Enumerable.Repeat((byte)7, 4), bytes[8..]);
        }

        Assert.Empty(data.Notes);
        Assert.Equal(new PictureForm(2, 2, PictureColor.Rgb), data.Content.Pictures);
    }

    [Fact]
    public void Read_TrainAndTest_AreTheParts()
    {
        Fill("pets/train", perClass: 3);
        Fill("pets/test", perClass: 1);
        Fill("pets/unlabelled", perClass: 1);

        var data = Load("pets");

        Assert.Equal((6, 2), (data.Train.Count, data.Test.Count));
        Assert.Equal([0, 0, 0, 1, 1, 1], data.Train.Labels.ToArray());
        Assert.Contains("'unlabelled'", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Content_SameFolderElsewhere_IsEqual()
    {
        Fill("one/pets", perClass: 5);
        Fill("two/pets", perClass: 5);
        File.SetLastWriteTimeUtc(At("two/pets/cat/0.png"), DateTime.UnixEpoch);

        Assert.Equal(Load("one/pets").Content, Load("two/pets").Content);
        _folder.Write("two/pets/cat/0.png", SmallPng.Rgb(2, 2, (_, _) => (0, 0, 8)));
        Assert.NotEqual(Load("one/pets").Digest, Load("two/pets").Digest);
    }

    [Fact]
    public void Read_BrokenAndOtherFiles_AreLeftOutAndNamed()
    {
        Fill("pets", perClass: 5);
        var whole = File.ReadAllBytes(At("pets/cat/0.png"));
        _folder.Write("pets/cat/cut.png", whole[..^30]);
        _folder.Write("pets/dog/empty.jpg", "");
        _folder.Write("pets/dog/text.jpeg", "no picture");
        _folder.Write("pets/dog/readme.txt", "about dogs");
        Directory.CreateDirectory(At("pets/none"));

        var data = Load("pets");

        Assert.Equal(10, data.Train.Count + data.Test.Count);
        var notes = string.Join('\n', data.Notes);
        Assert.All(
            ["3 of 13", "cat/cut.png", "dog/empty.jpg", "dog/text.jpeg", "dog/readme.txt", "none"],
            part => Assert.Contains(part, notes, StringComparison.Ordinal));
        // They are said again where the decoded copy is taken.
        Assert.Equal(data.Notes, Load("pets").Notes);
        // What is left out does not matter to the data.
        Fill("other/pets", perClass: 5);
        Assert.Equal(Load("other/pets").Digest, data.Digest);
    }

    [Fact]
    public void Read_SeveralSizes_AreBroughtToTheOneAskedFor()
    {
        Fill("pets", perClass: 5);
        _folder.Write("pets/cat/9.png", SmallPng.Grey(4, 4, (x, y) => (byte)(x < 2 && y < 2 ? 100 : 20)));

        var error = Assert.Throws<SweepsException>(() => Load("pets"));
        Assert.All(
            ["2x2", "4x4", "size: 32x32"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));

        var data = Load("pets", new(2, 2, PictureColor.Grey));
        Assert.Equal([1, 2, 2], data.InputShape);
        Assert.Contains("4x4", Assert.Single(data.Notes), StringComparison.Ordinal);
        byte[][] all = [.. Enumerable.Range(0, data.Train.Count).Select(i => data.Train.BytesOf(i).ToArray())];
        var held = Enumerable.Range(0, data.Test.Count).Select(i => data.Test.BytesOf(i).ToArray());
        Assert.Contains(all.Concat(held), bytes => bytes.SequenceEqual(new byte[] { 100, 20, 20, 20 }));
    }

    /// <summary>The lumas of pure colours as PIL's <c>convert('L')</c> gives them.</summary>
    [Fact]
    public void Read_Grey_IsTheLuma()
    {
        (byte, byte, byte)[] colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)];
        foreach (var (index, color) in colors.Index())
        {
            _folder.Write($"pets/train/{index}/a.png", SmallPng.Rgb(3, 3, (_, _) => color));
            _folder.Write($"pets/test/{index}/a.png", SmallPng.Rgb(3, 3, (_, _) => color));
        }

        var data = Load("pets", new(null, null, PictureColor.Grey));
        Assert.Equal([76, 150, 29, 255], Enumerable.Range(0, 4).Select(sample => data.Train.BytesOf(sample)[4]));
    }

    [Fact]
    public void Read_SecondTime_TakesTheDecodedCopyUnlessItOrTheFolderChanged()
    {
        Fill("pets", perClass: 5);
        var first = Load("pets");
        var picture = new FileInfo(At("pets/cat/0.png"));
        var (bytes, time) = (File.ReadAllBytes(picture.FullName), picture.LastWriteTimeUtc);

        // Nobody looks into a file of the same name, length and time.
        File.WriteAllBytes(picture.FullName, new byte[bytes.Length]);
        File.SetLastWriteTimeUtc(picture.FullName, time);
        Assert.Equal(first.Digest, Load("pets").Digest);

        // The copy is damaged: the pictures are decoded again, of which one is broken now.
        var pack = Assert.Single(Directory.GetFiles(At("cache/pictures"), "*.pictures"));
        var damaged = File.ReadAllBytes(pack);
        damaged[^1] ^= 1;
        damaged[^60] ^= 1;
        File.WriteAllBytes(pack, damaged);
        Assert.Contains("cat/0.png", Assert.Single(Load("pets").Notes), StringComparison.Ordinal);

        File.WriteAllBytes(picture.FullName, bytes);
        Assert.Equal(first.Digest, Load("pets").Digest);
        Assert.Single(Directory.GetFiles(At("cache/pictures"), "*.pictures"));
        Assert.Empty(Directory.GetFiles(At("cache/pictures"), "*.part"));
    }

    [Fact]
    public void Read_NothingToLearnFrom_SaysWhatIsWanted()
    {
        Fill("pets", perClass: 5);
        Directory.CreateDirectory(At("empty"));
        _folder.Write("one/cat/1.png", SmallPng.Grey(1, 1, (_, _) => 1));
        Fill("alone/train", perClass: 2);
        Fill("strange/train", perClass: 2);
        Fill("strange/test", perClass: 2);
        _folder.Write("strange/test/cow/1.png", SmallPng.Grey(1, 1, (_, _) => 1));
        _folder.Write("broken/a/1.png", "no picture");
        _folder.Write("broken/b/1.png", "no picture");
        foreach (var (name, part) in new[]
        {
            ("empty", "sub-folder is a class"), ("one", "single class, 'cat'"), ("alone", "no folder 'test'"),
            ("strange", "'cow'"), ("broken", "a/1.png"),
        })
        {
            var error = Assert.Throws<SweepsException>(() => Load(name));
            Assert.Equal(ErrorKind.Data, error.Kind);
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        var label = Assert.Throws<SweepsException>(
            () => Sets("cache").Load(new DataRequest(At("pets"), Label: "y")));
        Assert.Contains("CSV", label.Message, StringComparison.Ordinal);
        _folder.Write("pets.tar.xz", "packed");
        var packed = Assert.Throws<SweepsException>(() => Sets("cache").Load(new DataRequest(At("pets.tar.xz"))));
        Assert.Contains("tar -xf", packed.Message, StringComparison.Ordinal);
        var large = Assert.Throws<SweepsException>(() =>
        {
            Fill("many", perClass: 400);
            return Load("many", new(1024, 1024, PictureColor.Rgb));
        });
        Assert.Contains("2 GB", large.Message, StringComparison.Ordinal);
    }

    /// <summary>A silo that has no such folder takes the decoded pictures from the store.</summary>
    [Fact]
    public async Task Prepare_NothingHere_FetchesTheDecodedPictures()
    {
        Fill("pets", perClass: 5);
        var sets = Sets("cache");
        var data = sets.Load(new DataRequest(At("pets")));
        var needed = new PlannedData("pets", null, TaskKind.Classification, data.Content);
        var bytes = sets.BytesOf(data.Content.Table!)!;

        var far = Sets("far");
        await far.PrepareAsync(needed, (_, _) => Task.FromResult<byte[]?>(bytes), default);

        var fetched = far.Load(Request(needed));
        Assert.Equal(data.Content, fetched.Content);
        Assert.Equal(data.Name, fetched.Name);
        // Too large to travel, and here as a folder under its name.
        var big = needed with
        {
            Content = data.Content with { Table = data.Content.Table! with { Bytes = DataFile.TravelsMax + 1 } },
        };
        Fill("third/pets", perClass: 5);
        var third = Sets("third");
        await third.PrepareAsync(big, (_, _) => throw new InvalidOperationException("asked for"), default);
        Assert.Equal(data.Digest, third.Load(Request(big)).Digest);
        var error = await Assert.ThrowsAsync<SweepsException>(() => Sets("fourth").PrepareAsync(
            big, (_, _) => Task.FromResult<byte[]?>(null), default));
        Assert.Contains(", or the folder of pictures,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedCopies_AreErrorsOrOtherData()
    {
        Fill("pets", perClass: 5);
        var digest = Load("pets").Content.Table!.Digest;
        var pack = File.ReadAllBytes(Directory.GetFiles(At("cache/pictures"), "*.pictures")[0]);
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var damaged = pack[..(round % 3 == 0 ? random.Next(pack.Length) : pack.Length)];
            if (damaged.Length == pack.Length)
                damaged[random.Next(round % 2 == 0 ? 120 : pack.Length)] ^= (byte)(1 << random.Next(8));
            var path = _folder.Write("damaged.pictures", damaged);
            try
            {
                Assert.NotEqual(digest, Sets("cache").Load(new DataRequest(path)).Content.Table!.Digest);
            }
            catch (SweepsException error)
            {
                Assert.Equal(ErrorKind.Data, error.Kind);
            }
        }
    }

    private static TrainingRequest Request(PlannedData data) => new()
    {
        Data = data.Data,
        DataDigest = data.Content!.Digest,
        Task = data.Task,
        Hyperparameters = new() { Architecture = "linear", LearningRate = 0.1, BatchSize = 4, Epochs = 1 },
        Split = Split.All,
        Seed = 1,
    };

    private string At(string name) => Path.Combine(_folder.Path, name);

    private DataSets Sets(string cache) => new(new DataFolders(new DataFolder(At(cache), "the cache folder")));

    private DataSet Load(string name, PictureForm? form = null) =>
        Sets("cache").Load(new DataRequest(At(name)) { Pictures = form });

    private void Fill(string folder, int perClass)
    {
        foreach (var (label, name) in new[] { "cat", "dog" }.Index())
        {
            for (var i = 0; i < perClass; i++)
                _folder.Write(
                    $"{folder}/{name}/{i}.png", SmallPng.Rgb(2, 2, (_, _) => ((byte)label, (byte)i, 7)));
        }
    }
}

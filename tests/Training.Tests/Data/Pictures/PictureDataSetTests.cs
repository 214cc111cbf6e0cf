using System.IO.Compression;
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
        Assert.All(data.Notes, note => Assert.DoesNotContain(note, letter => char.IsControl(letter)));
        var notes = string.Join('\n', data.Notes);
        Assert.All(
            ["3 of 13", "cat/cut.png: it is damaged (cut off)", "dog/empty.jpg",
                "dog/text.jpeg", "dog/readme.txt", "none"],
            part => Assert.Contains(part, notes, StringComparison.Ordinal));
        // They are said again where the decoded copy is taken.
        Assert.Equal(data.Notes, Load("pets").Notes);
        Directory.Move(At("pets/none"), At("pets/never"));
        Assert.Contains(Load("pets").Notes, note => note.EndsWith(": never", StringComparison.Ordinal));
        // What is left out does not matter to the data.
        Fill("other/pets", perClass: 5);
        Assert.Equal(Load("other/pets").Digest, data.Digest);
    }

    /// <summary>What a decoder makes of the missing rest differs from one process to the next.</summary>
    [Fact]
    public void Read_JpegCutOff_IsLeftOutAndNamed()
    {
        Fill("pets", perClass: 5);
        _folder.Write("pets/cat/whole.jpg", SmallJpeg.Progressive);
        _folder.Write("pets/dog/whole.jpg", SmallJpeg.Baseline);
        var whole = Load("pets", new(4, 4, PictureColor.Rgb));
        _folder.Write("pets/cat/half.jpg", SmallJpeg.Progressive[..300]);
        _folder.Write("pets/dog/start.jpg", SmallJpeg.Baseline[..250]);

        var data = Load("pets", new(4, 4, PictureColor.Rgb));

        Assert.Equal(12, data.Train.Count + data.Test.Count);
        Assert.Equal(whole.Digest, data.Digest);
        Assert.All(
            ["2 of 14", "cat/half.jpg: it is damaged (cut off)", "dog/start.jpg: it is damaged (cut off)"],
            part => Assert.Contains(data.Notes, note => note.Contains(part, StringComparison.Ordinal)));
    }

    /// <summary>A link to the folder above would give the pictures of the other class as this one's, 40 levels deep.
    /// </summary>
    [Fact]
    public void Read_LinkToAFolderAbove_IsNotFollowed()
    {
        Fill("pets", perClass: 5);
        Fill("plain/pets", perClass: 5);
        Directory.CreateSymbolicLink(At("pets/cat/up"), "..");
        _folder.Write("pets/cat/.git/1.png", "a program's own");

        var data = Load("pets");

        Assert.Equal(Load("plain/pets").Digest, data.Digest);
        var note = Assert.Single(data.Notes);
        Assert.Contains("link to a folder is not followed: cat/up", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LinkedPictureChanges_IsDecodedAgain()
    {
        Fill("pets", perClass: 5);
        var picture = _folder.Write("elsewhere.png", SmallPng.Rgb(2, 2, (_, _) => (1, 2, 3)));
        File.CreateSymbolicLink(At("pets/cat/linked.png"), picture);
        File.CreateSymbolicLink(At("pets/cat/lost.png"), At("nowhere.png"));
        var first = Load("pets");

        Assert.Contains("cat/lost.png: it is not there", Assert.Single(first.Notes), StringComparison.Ordinal);
        _folder.Write("elsewhere.png", SmallPng.Rgb(2, 2, (_, _) => (3, 2, 1)));
        File.SetLastWriteTimeUtc(picture, DateTime.UnixEpoch);
        Assert.NotEqual(first.Digest, Load("pets").Digest);
    }

    [Fact]
    public void Read_NamesThatSteerATerminal_AreRefusedOrShownWithDots()
    {
        Fill("pets", perClass: 5);
        _folder.Write("pets/cat/\u001b[2J.txt", "no picture");
        _folder.Write("pets/cat/\u001b[2J.png", "no picture");
        Assert.All(Load("pets").Notes, note => Assert.Contains("cat/\u00b7[2J.", note, StringComparison.Ordinal));

        _folder.Write("pets/c\now/1.png", SmallPng.Rgb(2, 2, (_, _) => (1, 2, 3)));
        var error = Assert.Throws<SweepsException>(() => Load("pets"));
        Assert.Contains("'c\u00b7ow'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Half a megabyte that inflates to 100 MB for 4 pixels, and a size that no memory holds.</summary>
    [Fact]
    public void Read_PicturesThatWouldTakeAllMemory_AreLeftOutBeforeTheyDo()
    {
        Fill("pets", perClass: 5);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var i = 0; i < 100; i++)
                zlib.Write(new byte[1_000_000]);
        _folder.Write("pets/cat/bomb.png", SmallPng.Of(2, 2, packed.ToArray()));
        _folder.Write("pets/cat/vast.png", SmallPng.Of(20_000, 20_000, [1]));
        _folder.Write("pets/cat/endless.png", SmallPng.Of(int.MaxValue, int.MaxValue, [1]));

        var note = Assert.Single(Load("pets").Notes);

        Assert.Contains("3 of 13", note, StringComparison.Ordinal);
        Assert.Contains("bomb.png: it is damaged (more pixels than it announces)", note, StringComparison.Ordinal);
        Assert.Contains("vast.png: its 20000x20000 pixels are more than 50", note, StringComparison.Ordinal);
        Assert.Contains("endless.png: its 2147483647x2147483647", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ClassWhosePicturesAreAllBroken_IsNamed()
    {
        Fill("pets", perClass: 5);
        _folder.Write("pets/cow/1.png", "no picture");
        Assert.Equal(
            "the class 'cow' has no picture to learn from that can be read", Load("pets").Notes[^1]);

        Fill("alone", perClass: 5);
        foreach (var file in Directory.GetFiles(At("alone/dog")))
            File.WriteAllText(file, "no picture");
        var error = Assert.Throws<SweepsException>(() => Load("alone"));
        Assert.Contains("nothing to tell apart", error.Message, StringComparison.Ordinal);
    }

    /// <summary>More than 64 KB of compressed pixels, and more than 8 million pixels, as a camera's: as small ones.
    /// </summary>
    [Fact]
    public void Read_LargePictures_AreTheirMeans()
    {
        Fill("pets", perClass: 5);
        var random = new Random(1);
        _folder.Write("pets/cat/noise.png", SmallPng.Grey(400, 400, (_, _) => (byte)random.Next(256)));
        _folder.Write("pets/cat/wide.png", SmallPng.Grey(3_000, 3_000, (x, _) => (byte)(x < 1_500 ? 40 : 90)));

        var data = Load("pets", new(2, 2, PictureColor.Grey));

        byte[][] all = [.. new[] { data.Train, data.Test }.SelectMany(
            part => Enumerable.Range(0, part.Count).Select(sample => part.BytesOf(sample).ToArray()))];
        Assert.Contains(all, bytes => bytes.SequenceEqual(new byte[] { 40, 90, 40, 90 }));
        // The mean of 40,000 values of 0 to 255 is 127.5, with a deviation of 0.37.
        Assert.Contains(all, bytes => Array.TrueForAll(bytes, value => value is >= 125 and <= 130));
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
        var single = Assert.Throws<SweepsException>(
            () => Sets("cache").Load(new DataRequest(At("pets/cat/0.png"))));
        Assert.Contains("a single picture", single.Message, StringComparison.Ordinal);
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

using System.Security.Cryptography;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

/// <summary>A silo that was not at the submission finds the same data, or says why not.</summary>
public sealed class DataPreparationTests : IDisposable
{
    private const string Table = "a,b,y\n1,2,no\n2,1,yes\n3,5,no\n4,4,yes\n5,3,no\n6,6,yes\n7,9,no\n8,7,yes\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prepare_NothingHere_FetchesTheCopyAndTrainsOnIt()
    {
        var needed = Submitted(Table);
        var sets = Silo("far");
        await sets.PrepareAsync(needed, Keeps(Table), default);

        var data = sets.Load(Request(needed));
        Assert.Equal(needed.Content!.Digest, data.Digest);
        Assert.Equal(["no", "yes"], data.ClassNames);
        Assert.Equal(Table, File.ReadAllText(CopyPath("far", needed)));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(CopyPath("far", needed))!, "*.part"));
    }

    [Fact]
    public async Task Prepare_CopyOfAnEarlierFetch_IsNotFetchedAgain()
    {
        var needed = Submitted(Table);
        await Silo("far").PrepareAsync(needed, Keeps(Table), default);
        var again = Silo("far");
        await again.PrepareAsync(needed, (_, _) => throw new InvalidOperationException("fetched twice"), default);
        Assert.Equal(needed.Content!.Digest, again.Load(Request(needed)).Digest);
    }

    [Fact]
    public async Task Prepare_CopyDamagedOnThisDisk_IsFetchedAgain()
    {
        var needed = Submitted(Table);
        await Silo("far").PrepareAsync(needed, Keeps(Table), default);
        File.WriteAllText(CopyPath("far", needed), Table[..^10] + "9,9,no\n");
        var again = Silo("far");
        await again.PrepareAsync(needed, Keeps(Table), default);
        Assert.Equal(needed.Content!.Digest, again.Load(Request(needed)).Digest);
    }

    /// <summary>Another table of the same name lies here: the sweep's own is taken, never this one.</summary>
    [Fact]
    public async Task Prepare_OtherTableUnderTheName_TakesTheCopy()
    {
        var needed = Submitted(Table);
        _folder.Write("far/t.csv", Table.Replace("8,7,yes", "8,7,no", StringComparison.Ordinal));
        var sets = Silo("far");
        await sets.PrepareAsync(needed, Keeps(Table), default);
        Assert.Equal(needed.Content!.Digest, sets.Load(Request(needed)).Digest);
    }

    [Fact]
    public async Task Prepare_OtherTableAndNoCopy_SaysWhatLiesHereAndWhatIsWanted()
    {
        var needed = Submitted(Table);
        _folder.Write("far/t.csv", Table + "9,9,no\n");
        var error = await Assert.ThrowsAsync<SweepsException>(
            () => Silo("far").PrepareAsync(needed, (_, _) => Task.FromResult<byte[]?>(null), default));
        Assert.Equal(ErrorKind.Data, error.Kind);
        string[] parts =
        [
            "'t.csv'", "9 samples", "8 samples", needed.Content!.Digest[..12], needed.Content.Table!.Digest[..12],
            Path.Combine(_folder.Path, "far"), "the store keeps no copy",
        ];
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_RequestOfAnotherDigest_NeverGivesOtherData()
    {
        var needed = Submitted(Table);
        _folder.Write("far/t.csv", Table + "9,9,no\n");
        Assert.Throws<SweepsException>(() => Silo("far").Load(Request(needed)));
    }

    [Fact]
    public async Task Prepare_DamagedCopyInTheStore_IsNotTaken()
    {
        var needed = Submitted(Table);
        var error = await Assert.ThrowsAsync<SweepsException>(
            () => Silo("far").PrepareAsync(needed, Keeps(Table + "1,1,no\n"), default));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(CopyPath("far", needed)));
    }

    [Fact]
    public async Task Prepare_TestTableOfItsOwn_TravelsToo()
    {
        const string Test = "a,b,y\n1,1,yes\n9,9,no\n";
        _folder.Write("near/t-test.csv", Test);
        var needed = Submitted(Table);
        Assert.Equal("t-test.csv", needed.Content!.TestTable!.Name);
        var sets = Silo("far");
        await sets.PrepareAsync(needed, Keeps(Table, Test), default);
        Assert.Equal(2, sets.Load(Request(needed)).Test.Count);
    }

    /// <summary>Names come from a plan, and a plan from another machine.</summary>
    [Theory]
    [InlineData("../t.csv")]
    [InlineData("/etc/t.csv")]
    [InlineData("..")]
    public async Task Prepare_NameThatLeavesItsFolder_IsRefused(string name)
    {
        var needed = Submitted(Table);
        var content = needed.Content!;
        var forged = needed with { Content = content with { Table = content.Table! with { Name = name } } };
        await Assert.ThrowsAsync<SweepsException>(() => Silo("far").PrepareAsync(forged, Keeps(Table), default));
    }

    [Fact]
    public void Content_SameTableInTwoFolders_IsEqual()
    {
        _folder.Write("one/t.csv", Table);
        _folder.Write("two/t.csv", Table);
        Assert.Equal(ContentAt("one"), ContentAt("two"));
        Assert.DoesNotContain(_folder.Path, $"{ContentAt("one")}", StringComparison.Ordinal);
    }

    [Fact]
    public void BytesOf_TableThatChangedMeanwhile_IsAnError()
    {
        var path = _folder.Write("one/t.csv", Table);
        var sets = Silo("one");
        var content = sets.Load(new DataRequest(path)).Content;
        Assert.Equal(Table, Encoding.UTF8.GetString(sets.BytesOf(content.Table!)));
        File.AppendAllText(path, "9,9,no\n");
        Assert.Throws<SweepsException>(() => sets.BytesOf(content.Table!));
    }

    private DataContent ContentAt(string place) =>
        Silo(place).Load(new DataRequest(Path.Combine(_folder.Path, place, "t.csv"))).Content;

    private PlannedData Submitted(string text)
    {
        var path = _folder.Write("near/t.csv", text);
        var data = Silo("near").Load(new DataRequest(path));
        return new("t.csv", null, data.Task, data.Content);
    }

    // A process whose data folder and cache are its own.
    private DataSets Silo(string place) => new(new DataFolders(
        new DataFolder(Path.Combine(_folder.Path, place), "the test"),
        new DataFolder(Path.Combine(_folder.Path, place, "cache"), "the cache folder")));

    private string CopyPath(string place, PlannedData needed) =>
        Path.Combine(_folder.Path, place, "cache", "tables", needed.Content!.Digest, "t.csv");

    private static KeptFileReader Keeps(params string[] texts) => (file, _) =>
    {
        var bytes = texts.Select(Encoding.UTF8.GetBytes).ToList();
        var found = bytes.Find(text => Convert.ToHexStringLower(SHA256.HashData(text)) == file.Digest);
        return Task.FromResult<byte[]?>(found ?? bytes[0]);
    };

    private static TrainingRequest Request(PlannedData needed) => new()
    {
        Data = needed.Data,
        DataDigest = needed.Content!.Digest,
        Task = needed.Task,
        Hyperparameters = new() { Architecture = "linear", LearningRate = 0.1, BatchSize = 4, Epochs = 1 },
        Split = Split.All,
        Seed = 1,
    };
}

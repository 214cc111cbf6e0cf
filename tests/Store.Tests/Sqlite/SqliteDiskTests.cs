using System.Text;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Sqlite;

/// <summary>A full and a read-only disk.</summary>
public sealed class SqliteDiskTests
{
    [SmallDiskFact]
    public async Task Append_FullDisk_FailsClearlyKeepsWhatWasAcknowledgedAndGoesOn()
    {
        using var disk = new SmallDisk(4);
        var address = StoreAddress.Parse(disk.Path);
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[1_500_000]);
        long last = 0;
        await using (var store = await StoreFactory.OpenAsync(address))
        {
            var error = await Assert.ThrowsAnyAsync<SweepsException>(async () =>
            {
                while (true)
                    last = await AppendAsync(store, last);
            });
            Assert.Equal(ErrorKind.Store, error.Kind);
            Assert.Contains("full", error.Message, StringComparison.Ordinal);
            Assert.Contains(address.Path, error.Message, StringComparison.Ordinal);
            Assert.True(last > 100);
            Assert.Equal(last, (await store.Log.ReadAsync("sweep", 0)).Count);

            File.Delete(filler);
            last = await AppendAsync(store, last);
        }

        await using var again = await StoreFactory.OpenAsync(address);
        var events = await again.Log.ReadAsync("sweep", 0);
        Assert.Equal(last, events.Count);
        Assert.All(events, item => Assert.StartsWith(
            $"{item.Sequence} ", Encoding.UTF8.GetString(item.Payload.Span), StringComparison.Ordinal));
    }

    [SmallDiskFact]
    public async Task SaveArtifact_FullDisk_FailsClearlyAndLeavesNothing()
    {
        using var disk = new SmallDisk(2);
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(disk.Path));
        await AppendAsync(store, 0);
        var key = new ArtifactKey(new TrialKey("sweep", 0, 0), ArtifactKey.Checkpoint);
        await store.Artifacts.SaveAsync(key, 1, 1, new byte[1000]);
        var error = await Assert.ThrowsAnyAsync<SweepsException>(
            () => store.Artifacts.SaveAsync(key, 1, 2, new byte[5_000_000]));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains(disk.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(new byte[1000], await store.Artifacts.ReadAsync(key));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk.Path, "artifacts", "incoming")));
        Assert.NotNull(await store.Artifacts.SaveAsync(key, 1, 2, new byte[2000]));
    }

    [SmallDiskFact]
    public async Task Open_ReadOnlyDisk_FailsClearly()
    {
        using var disk = new SmallDisk(2);
        var address = StoreAddress.Parse(disk.Path);
        await using (var store = await StoreFactory.OpenAsync(address))
            await AppendAsync(store, 0);
        disk.MakeReadOnly();
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => StoreFactory.OpenAsync(address));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains(address.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("ead-only", error.Message, StringComparison.Ordinal);
        var empty = StoreAddress.Parse(Path.Combine(disk.Path, "new", "folder"));
        error = await Assert.ThrowsAnyAsync<SweepsException>(() => StoreFactory.OpenAsync(empty));
        Assert.Contains(empty.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FolderIsAFile_FailsClearly()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("x"), "");
        var address = StoreAddress.Parse($"sqlite:{folder.File("x")}/y");
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => StoreFactory.OpenAsync(address));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains(address.Path, error.Message, StringComparison.Ordinal);
    }

    private static async Task<long> AppendAsync(ISweepStore store, long last)
    {
        var filling = new string('x', 900);
        NewEvent[] events = [.. Enumerable.Range(
            1, 10).Select(n => new NewEvent("T", Encoding.UTF8.GetBytes($"{last + n} {filling}")))];
        var result = await store.Log.AppendAsync("sweep", last, events);
        Assert.True(result.IsAppended);
        return result.LastSequence;
    }
}

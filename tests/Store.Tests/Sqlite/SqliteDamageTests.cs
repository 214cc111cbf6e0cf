using System.Text;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Sqlite;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Sqlite;

/// <summary>
/// Damaged, foreign and newer files: a clear error that names the file, and the file stays as it was.
/// </summary>
public sealed class SqliteDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreAddress _address;

    public SqliteDamageTests() => _address = StoreAddress.Parse(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_NewerVersion_IsRefusedUnchanged()
    {
        await FillAsync(10);
        await SqlAsync("PRAGMA user_version = 99");
        var before = await File.ReadAllBytesAsync(_address.Path);
        var message = await OpenFailsAsync();
        Assert.Contains("version 99", message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_address.Path));
        await OpenFailsAsync(StoreAccess.ReadOnly);
    }

    [Fact]
    public async Task Open_AnotherProgramsDatabase_IsRefusedUnchanged()
    {
        await SqlAsync("CREATE TABLE photos (id); INSERT INTO photos VALUES (1)");
        var before = await File.ReadAllBytesAsync(_address.Path);
        Assert.Contains("another program", await OpenFailsAsync(), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_address.Path));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(600)]
    [InlineData(20_000)]
    public async Task Open_NoDatabase_IsRefusedUnchanged(int length)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("my thesis ", length / 10 + 1))[..length]);
        await File.WriteAllBytesAsync(_address.Path, text);
        Assert.Contains("not a database", await OpenFailsAsync(), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllBytesAsync(_address.Path));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(100_000)]
    [InlineData(300_001)]
    public async Task Open_Truncated_IsRefused(int missing)
    {
        await FillAsync(10_000);
        await using (var file = new FileStream(_address.Path, FileMode.Open))
            file.SetLength(file.Length - missing);
        Assert.Matches("cut off|damaged", await OpenFailsAsync());
    }

    [Fact]
    public async Task Open_ThatMakesNoStore_SaysThatThereIsNone()
    {
        Assert.Contains("no store", await OpenFailsAsync(StoreAccess.ReadOnly), StringComparison.Ordinal);
        Assert.Contains("no store", await OpenFailsAsync(StoreAccess.Change), StringComparison.Ordinal);
        Assert.False(File.Exists(_address.Path));
    }

    /// <summary>Bytes turned anywhere in the file are an error when they are met, or were in nobody's data.</summary>
    [Fact]
    public async Task Read_BytesTurnedAnywhere_GivesTheTruthOrAnError()
    {
        await FillAsync(2000);
        var intact = await File.ReadAllBytesAsync(_address.Path);
        var random = new Random(3);
        var caught = 0;
        for (var round = 0; round < 60; round++)
        {
            var damaged = (byte[])intact.Clone();
            var place = random.Next(damaged.Length - 64);
            for (var index = 0; index < 64; index++)
                damaged[place + index] ^= (byte)random.Next(1, 256);
            File.Delete(_address.Path + "-wal");
            File.Delete(_address.Path + "-shm");
            await File.WriteAllBytesAsync(_address.Path, damaged);
            caught += await ReadsTruthOrFailsAsync() ? 0 : 1;
        }

        Assert.InRange(caught, 30, 60);
    }

    [Fact]
    public async Task Read_OneBitOfAPayload_IsCaughtByTheChecksum()
    {
        await FillAsync(50);
        var bytes = await File.ReadAllBytesAsync(_address.Path);
        var place = bytes.AsSpan().IndexOf("payload 17."u8);
        bytes[place + 2] ^= 1;
        await File.WriteAllBytesAsync(_address.Path, bytes);
        await using var store = await StoreFactory.OpenAsync(_address);
        Assert.Equal(16, (await store.Log.ReadAsync("sweep", 0, 16)).Count);
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => store.Log.ReadAsync("sweep", 0));
        Assert.Contains("event 17 of the sweep 'sweep'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EventRemovedFromOutside_IsCaughtAsAGap()
    {
        await FillAsync(50);
        await SqlAsync("DROP TRIGGER events_never_go; DELETE FROM events WHERE sequence = 20");
        await using var store = await StoreFactory.OpenAsync(_address);
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => store.Log.ReadAsync("sweep", 0));
        Assert.Contains("event 20", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE events SET type = 'Other'")]
    [InlineData("DELETE FROM events")]
    [InlineData("UPDATE sweeps SET last_sequence = 1")]
    [InlineData("UPDATE sweeps SET open = 2")]
    public async Task Schema_ForbiddenChange_IsRefusedByTheDatabaseItself(string sql)
    {
        await FillAsync(5);
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => SqlAsync(sql));
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadArtifact_DamagedFile_IsCaughtByTheDigest()
    {
        await FillAsync(1);
        await using var store = await StoreFactory.OpenAsync(_address);
        var key = new ArtifactKey(new TrialKey("sweep", 0, 0), ArtifactKey.Model);
        var saved = (await store.Artifacts.SaveAsync(key, 1, 1, new byte[1000]))!;
        var path = _folder.File($"artifacts/{saved.Digest[..2]}/{saved.Digest}");
        await File.WriteAllBytesAsync(path, new byte[999]);
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => store.Artifacts.ReadAsync(saved.Digest));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        File.Delete(path);
        error = await Assert.ThrowsAnyAsync<SweepsException>(() => store.Artifacts.ReadAsync(key));
        Assert.Contains(saved.Digest, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PruneArtifacts_LeftBehindByACrash_AreRemoved()
    {
        await FillAsync(1);
        await using var store = await StoreFactory.OpenAsync(_address);
        var key = new ArtifactKey(new TrialKey("sweep", 0, 0), ArtifactKey.Model);
        await store.Artifacts.SaveAsync(key, 1, 1, new byte[10]);
        Directory.CreateDirectory(_folder.File("artifacts/ab"));
        await File.WriteAllBytesAsync(_folder.File($"artifacts/ab/ab{new string('0', 62)}"), new byte[5]);
        await File.WriteAllBytesAsync(_folder.File("artifacts/incoming/half"), new byte[7]);
        var kept = new PruneReport { Referred = new(1, 10), Recent = new(2, 12) };
        Assert.Equal(kept, await store.Artifacts.PruneAsync(TimeSpan.FromMinutes(10)));
        var removed = new PruneReport(2, 12) { Referred = new(1, 10) };
        Assert.Equal(removed, await store.Artifacts.PruneAsync(TimeSpan.FromMinutes(-1)));
        Assert.Equal(new byte[10], await store.Artifacts.ReadAsync(key));
    }

    private async Task FillAsync(int events)
    {
        await using var store = await StoreFactory.OpenAsync(_address);
        var payloads = Enumerable.Range(1, events).Select(number => Encoding.UTF8.GetBytes($"payload {number}."));
        await store.Log.AppendAsync("sweep", 0, [.. payloads.Select(payload => new NewEvent("T", payload))]);
    }

    private async Task<string> OpenFailsAsync(StoreAccess access = StoreAccess.ReadWrite)
    {
        var error = await Assert.ThrowsAnyAsync<SweepsException>(
            () => StoreFactory.OpenAsync(_address, new StoreOptions { Access = access }));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains(_address.Path, error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    /// <summary>True: all events came back as written. False: a store error. Anything else fails the test.</summary>
    private async Task<bool> ReadsTruthOrFailsAsync()
    {
        try
        {
            await using var store = await StoreFactory.OpenAsync(_address);
            var events = await store.Log.ReadAsync("sweep", 0);
            if (events.Count == 0)
                return (await store.Log.ListAsync()).Count == 0;
            Assert.Equal(2000, events.Count);
            Assert.All(
                events, item => Assert.Equal($"payload {item.Sequence}.", Encoding.UTF8.GetString(item.Payload.Span)));
            return true;
        }
        catch (SweepsException error) when (error.Kind == ErrorKind.Store)
        {
            return false;
        }
    }

    private async Task SqlAsync(string sql)
    {
        await Task.Yield();
        using var database = new SqliteDatabase(_address.Path, readOnly: false);
        database.Script(sql);
    }
}

using System.Diagnostics;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Sqlite;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Sqlite;

/// <summary>
/// Several processes of one machine on one file. Two stores in one process are as good as two processes where nobody is
/// killed: each has its own connections and its own lock.
/// </summary>
public sealed class SqliteSharingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StoreAddress Address => StoreAddress.Parse(_folder.Path);

    public void Dispose() => _folder.Dispose();

    /// <summary>A connection in a transaction that could not be ended shows the past, and holds on to it.</summary>
    [Fact]
    public async Task Read_TransactionThatDidNotEnd_IsNobodysAgain()
    {
        await using var store = await StoreFactory.OpenAsync(Address);
        using var readers = new SqliteReaders(Address.Path);
        await Assert.ThrowsAsync<InvalidOperationException>(() => readers.ReadAsync<int>(
            database =>
            {
                database.Script("BEGIN");
                throw new InvalidOperationException("no");
            },
            default));
        Assert.False(await readers.ReadAsync(database => database.IsInTransaction, default));
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Append_TwoProcessesAndOneKilled_KeepsEveryAcknowledgedEventOnce()
    {
        using var one = new HostProcess(_folder.Path);
        using var other = new HostProcess(_folder.Path);
        await Task.WhenAll(one.ReadAsync(50), other.ReadAsync(50));
        await one.KillAsync();
        var seen = one.Acknowledged.Max(group => group.Last);
        await other.ReadBeyondAsync(seen + 20);

        await using (var third = await StoreFactory.OpenAsync(Address))
        {
            var silos = (await third.Silos.ListAsync()).ToDictionary(silo => silo.Process!.Value, silo => silo.State);
            Assert.Equal((SiloState.Lost, SiloState.Active), (silos[one.Id], silos[other.Id]));
        }

        await other.KillAsync();
        await using var store = await StoreFactory.OpenAsync(Address);
        await Acknowledgements.CheckAsync(store, "sweep", [.. one.Acknowledged, .. other.Acknowledged]);
        Assert.All(await store.Silos.ListAsync(), silo => Assert.Equal(SiloState.Lost, silo.State));
    }

    [Fact]
    public async Task Expire_ProcessOfAnotherSiloDies_MarksItLongBeforeItsLease()
    {
        await using var store = await StoreFactory.OpenAsync(Address);
        await store.Silos.RegisterAsync(new("mine", "mine#1", "here", "1", 1, "f"));
        using var host = new HostProcess(_folder.Path);
        await host.ReadAsync(1);
        Assert.Empty(await store.Silos.ExpireAsync(TimeSpan.FromHours(1), "mine#1"));

        await host.KillAsync();

        Assert.Equal([$"{host.Id}"], await store.Silos.ExpireAsync(TimeSpan.FromHours(1), "mine#1"));
        Assert.Equal(SiloState.Active, (await store.Silos.ListAsync()).Single(silo => silo.Name == "mine").State);
    }

    [Fact]
    public async Task List_ReadOnlyAfterTheProcessDied_SaysLost()
    {
        using (var host = new HostProcess(_folder.Path))
        {
            await host.ReadAsync(1);
            await host.KillAsync();
        }

        await using var reader = await StoreFactory.OpenAsync(Address, new() { Access = StoreAccess.ReadOnly });
        Assert.Equal(SiloState.Lost, (await reader.Silos.ListAsync())[0].State);
    }

    [Fact]
    public async Task WaitForChange_AppendOfAnotherProcess_ArrivesSoon()
    {
        await using var writing = await StoreFactory.OpenAsync(Address);
        await using var waiting = await StoreFactory.OpenAsync(Address);
        await using var reading = await StoreFactory.OpenAsync(Address, new() { Access = StoreAccess.ReadOnly });
        await AppendAsync(writing, "a", 0);
        var delays = new List<TimeSpan>();
        for (var round = 1; round <= 15; round++)
        {
            var look = new[] { waiting, reading };
            var waits = look.Select(store => store.Changes.WaitAsync(
                "a", store.Changes.Mark("a"), TimeSpan.FromSeconds(20))).ToList();
            await AppendAsync(writing, "a", round);
            var watch = Stopwatch.StartNew();
            Assert.All(await Task.WhenAll(waits), Assert.True);
            delays.Add(watch.Elapsed);
        }

        // The median: a busy test machine may hold up a single one.
        Assert.InRange(delays.Order().ElementAt(delays.Count / 2).TotalMilliseconds, 0, 2_000);
    }

    [Fact]
    public async Task WaitForChange_OwnCommits_WakeNobodyElse()
    {
        await using var store = await StoreFactory.OpenAsync(Address);
        await AppendAsync(store, "a", 0);
        await AppendAsync(store, "b", 0);
        var mark = store.Changes.Mark("b");
        var wait = store.Changes.WaitAsync("b", mark, TimeSpan.FromMilliseconds(600));
        for (var last = 1; last <= 40; last++)
            await AppendAsync(store, "a", last);
        Assert.False(await wait);
        Assert.Equal(mark, store.Changes.Mark("b"));
    }

    [Fact]
    public async Task SaveArtifact_ProcessesTradingTheSameContents_NeverLoseAReferredOne()
    {
        await using (var store = await StoreFactory.OpenAsync(Address))
            await AppendAsync(store, "traded", 0);
        var hosts = Enumerable.Range(0, 3).Select(fold => new HostProcess(_folder.Path, "trade", $"{fold}", "60"))
            .ToList();
        foreach (var host in hosts)
        {
            Assert.Equal((0, ""), await host.ExitAsync());
            host.Dispose();
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.File("artifacts"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task PruneArtifacts_FileVanishesWhileItIsLookedAt_CountsWhatWentAlone()
    {
        await File.WriteAllBytesAsync(_folder.File("gone"), new byte[7]);
        var file = new FileInfo(_folder.File("gone"));
        Assert.Equal(7, file.Length);
        file.Delete();
        var prune = new BlobPrune(DateTimeOffset.MaxValue);
        prune.Take(file, isReferred: false);
        prune.Take(file, isReferred: true);
        Assert.Equal(default, prune.Report);
    }

    [Fact]
    public async Task Open_BesideAnEarlierVersion_EitherRefusesTheOther()
    {
        // The first version took the lock for itself alone, and wrote its name beside it.
        await using (await StoreFactory.OpenAsync(Address))
            Assert.ThrowsAny<IOException>(TakeAlone);
        await using (TakeAlone())
        {
            await File.WriteAllTextAsync(Address.Path + ".owner", "process 4711 on elsewhere");
            var error = await Assert.ThrowsAnyAsync<StoreException>(() => StoreFactory.OpenAsync(Address));
            Assert.Equal(StoreReason.InUse, error.Reason);
            Assert.Contains("process 4711 on elsewhere", error.Message, StringComparison.Ordinal);
            Assert.Contains("earlier version", error.Message, StringComparison.Ordinal);
        }

        await using var store = await StoreFactory.OpenAsync(Address);

        FileStream TakeAlone() =>
            new(Address.Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public async Task Open_LiveProcessOnAnotherMachine_NamesPostgres()
    {
        await using (await StoreFactory.OpenAsync(Address))
        {
        }

        var entry = Path.Combine(Address.Path + ".processes", "4711-0123abcd");
        await File.WriteAllLinesAsync(entry + ".txt", ["elsewhere", "another kernel"]);
        await using (new FileStream(entry + ".lock", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            var error = await Assert.ThrowsAnyAsync<StoreException>(() => StoreFactory.OpenAsync(Address));
            Assert.Equal(StoreReason.InUse, error.Reason);
            Assert.Contains("process 4711 on elsewhere", error.Message, StringComparison.Ordinal);
            Assert.Contains("postgres://", error.Message, StringComparison.Ordinal);
        }

        // Its lock is free: it is dead, and what it left is cleared away.
        await using var store = await StoreFactory.OpenAsync(Address);
        Assert.False(File.Exists(entry + ".txt"));
    }

    [Fact]
    public async Task Open_SchemaMustChangeWhileAnotherIsThere_SaysWhoMustEnd()
    {
        await using (await StoreFactory.OpenAsync(Address))
        {
            using (var database = new SqliteDatabase(Address.Path, readOnly: true))
                database.Script("PRAGMA user_version = 1");
            var error = await Assert.ThrowsAnyAsync<StoreException>(() => StoreFactory.OpenAsync(Address));
            Assert.Equal(StoreReason.InUse, error.Reason);
            Assert.Contains($"process {Environment.ProcessId} ", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A program that does not know who else is there (a copied folder, a tool) brought it further.</summary>
    [Fact]
    public async Task Append_SchemaChangedMeanwhile_IsRefusedWithTheWayOut()
    {
        await using var store = await StoreFactory.OpenAsync(Address);
        await AppendAsync(store, "a", 0);
        using var database = new SqliteDatabase(Address.Path, readOnly: true);
        database.Script("PRAGMA user_version = 99");
        var error = await Assert.ThrowsAnyAsync<StoreException>(() => AppendAsync(store, "a", 1));
        Assert.Equal(StoreReason.OtherVersion, error.Reason);
        Assert.Contains("Stop this process", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, database.Number("SELECT count(*) FROM events"));
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Append_LockedLongerThanTheDatabaseWaits_IsDoneOnceItIsFree()
    {
        await using var store = await StoreFactory.OpenAsync(Address);
        await AppendAsync(store, "a", 0);
        using var other = new SqliteDatabase(Address.Path, readOnly: true);
        other.Script("BEGIN IMMEDIATE");
        var waiting = Enumerable.Range(0, 20).Select(number => AppendAsync(store, $"b{number}", 0)).ToList();
        Assert.NotSame(waiting[0], await Task.WhenAny(waiting[0], Task.Delay(TimeSpan.FromSeconds(6))));
        other.Script("ROLLBACK");
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Append_LockedForGood_FailsAndTheNextOneIsDone()
    {
        await using var store = await StoreFactory.OpenAsync(Address, new() { RetryTime = TimeSpan.Zero });
        await AppendAsync(store, "a", 0);
        using (var other = new SqliteDatabase(Address.Path, readOnly: true))
        {
            other.Script("BEGIN IMMEDIATE");
            var error = await Assert.ThrowsAnyAsync<StoreException>(() => AppendAsync(store, "a", 1));
            Assert.Equal(StoreReason.InUse, error.Reason);
        }

        await AppendAsync(store, "a", 1);
    }

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData(Left.Closed)]
    [InlineData(Left.Killed)]
    [InlineData(Left.KilledWithoutIndex)]
    [InlineData(Left.AtWork)]
    public async Task Read_FolderThatTheUserMayNotWriteTo_ReadsEveryEvent(Left left)
    {
        if (OperatingSystem.IsWindows() || Environment.UserName != "root")
            return; // Only root can become a user who may not write.
        using var host = new HostProcess(_folder.Path);
        await host.ReadAsync(100);
        if (left != Left.AtWork)
            await host.KillAsync();
        if (left == Left.Closed)
            await (await StoreFactory.OpenAsync(Address)).DisposeAsync();
        if (left == Left.KilledWithoutIndex)
            File.Delete(Address.Path + "-shm");
        var seen = host.Acknowledged.Max(group => group.Last);
        Shell("chmod", "755", _folder.Path);
        Assert.Equal(left != Left.Closed, File.Exists(Address.Path + "-wal"));

        var read = Shell(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", HostProcess.Program, _folder.Path,
            "read", "sweep");

        Assert.True(long.Parse(read, System.Globalization.CultureInfo.InvariantCulture) >= seen, read);
        Assert.Equal(left is Left.Killed or Left.AtWork, File.Exists(Address.Path + "-shm"));
    }

    /// <summary>How the process that wrote the store left it.</summary>
    public enum Left
    {
        Closed,
        Killed,
        KilledWithoutIndex,
        AtWork,
    }

    private static string Shell(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return output;
    }

    private static async Task AppendAsync(ISweepStore store, string sweep, long expected) =>
        Assert.True((await store.Log.AppendAsync(sweep, expected, [new NewEvent("T", default)])).IsAppended);
}

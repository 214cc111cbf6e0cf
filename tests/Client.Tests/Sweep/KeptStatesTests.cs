using System.Buffers.Binary;
using System.Numerics;
using System.Reflection;
using System.Text;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Stores;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Tests.Sweep;

/// <summary>States beside a store: of use where they fit the log, and never where they do not.</summary>
public sealed class KeptStatesTests(FinishedSweep finished) : IClassFixture<FinishedSweep>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sweeps-kept-");

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<ISweepStore> OpenAsync(string? folder = null) =>
        StoreFactory.OpenAsync(StoreAddress.Parse(folder ?? Copy("store")));

    // The tests change what is kept, and the sweep is everybody's.
    private string Copy(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
        foreach (var file in Directory.GetFiles(finished.Place.Store, "sweeps.db*"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        return folder;
    }

    private static async Task<(SweepState State, TrialHistory History)> KeepAsync(
        ISweepStore store, bool withHistory = true, int? events = null)
    {
        var (state, history) = (new SweepState(), new TrialHistory());
        await SweepView.OpenWholeAsync(store, "tiny", @event =>
        {
            if (state.Sequence >= (events ?? int.MaxValue))
                return;
            state.Evolve(@event);
            history.Add(@event);
        });
        await KeptStates.KeepAsync(store, state, withHistory ? history : null, default);
        return (state, history);
    }

    private static string ResultsOf(SweepState state) => ResultsDocument.Of(state).ToJson();

    private static string AttemptsOf(SweepState state, TrialHistory history) =>
        string.Join('\n', state.Trials().SelectMany(trial => history.Of(trial)));

    [Fact]
    public async Task Find_StateThatWasKept_IsTheLogsWithItsAttempts()
    {
        await using var store = await OpenAsync();
        var (state, history) = await KeepAsync(store);
        var found = new TrialHistory();
        var kept = await KeptStates.FindAsync(store, "tiny", found, default);
        Assert.NotNull(kept);
        Assert.Equal(ResultsOf(state), ResultsOf(kept));
        Assert.Equal(AttemptsOf(state, history), AttemptsOf(kept, found));
        Assert.NotEqual("", AttemptsOf(kept, found));
    }

    [Fact]
    public async Task Open_StateOfABeginning_IsReadOnToTheEndOfTheLog()
    {
        await using var store = await OpenAsync();
        var whole = await KeepAsync(store);
        await KeepAsync(store, events: 7);
        var history = new TrialHistory();
        Assert.Equal(7, (await KeptStates.FindAsync(store, "tiny", history, default))!.Sequence);
        history = new();
        var view = await SweepView.OpenAsync(store, "tiny", history);
        Assert.Equal(ResultsOf(whole.State), ResultsOf(view.State));
        Assert.Equal(AttemptsOf(whole.State, whole.History), AttemptsOf(view.State, history));
    }

    [Fact]
    public async Task Find_AttemptsThatWereNotKept_IsOfNoUse()
    {
        await using var store = await OpenAsync();
        await KeepAsync(store, withHistory: false);
        Assert.NotNull(await KeptStates.FindAsync(store, "tiny", null, default));
        Assert.Null(await KeptStates.FindAsync(store, "tiny", new(), default));
    }

    [Fact]
    public async Task Bytes_StatesThatAreKept_AreThoseOfTheirFiles()
    {
        await using var store = await OpenAsync();
        Assert.Equal(0, (await StoreContent.OfAsync(store, default)).KeptStateBytes);
        await KeepAsync(store);
        var length = new FileInfo(KeptStates.PathOf(store.Address, "tiny")!).Length;
        var content = await StoreContent.OfAsync(store, default);
        Assert.Equal(length, content.KeptStateBytes);
        using var page = new StringWriter();
        content.Write(Screen.On(page));
        Assert.Contains($"states         {ByteSize.Text(length)} kept", page.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Whatever bit the disk turns, and wherever a write ended.</summary>
    [Fact]
    public async Task Find_FileThatIsDamaged_IsPassedOver()
    {
        await using var store = await OpenAsync();
        await KeepAsync(store);
        var path = KeptStates.PathOf(store.Address, "tiny")!;
        var bytes = await File.ReadAllBytesAsync(path);
        for (var place = 0; place < bytes.Length; place += Math.Max(1, bytes.Length / 97))
        {
            bytes[place] ^= 4;
            await File.WriteAllBytesAsync(path, bytes);
            Assert.Null(await KeptStates.FindAsync(store, "tiny", null, default));
            bytes[place] ^= 4;
            await File.WriteAllBytesAsync(path, bytes[..place]);
            Assert.Null(await KeptStates.FindAsync(store, "tiny", null, default));
        }

        await File.WriteAllBytesAsync(path, bytes);
        Assert.NotNull(await KeptStates.FindAsync(store, "tiny", null, default));
    }

    /// <summary>A store that was put in another's place, such as an older copy, has another sweep of that name.
    /// </summary>
    [Fact]
    public async Task Find_LogIsAnother_IsPassedOver()
    {
        using var other = new Workplace();
        Assert.Equal(0, (await other.RunSweepAsync()).Code);
        await using var store = await OpenAsync();
        await KeepAsync(store);
        await using var second = await OpenAsync(other.Store);
        await KeepAsync(second);
        File.Copy(
            KeptStates.PathOf(store.Address, "tiny")!, KeptStates.PathOf(second.Address, "tiny")!, overwrite: true);
        Assert.Null(await KeptStates.FindAsync(second, "tiny", null, default));
    }

    [Fact]
    public async Task Keep_PlaceCannotBeWritten_DoesWithout()
    {
        await using var store = await OpenAsync();
        await File.WriteAllTextAsync($"{store.Address.Path}.states", "no folder");
        await KeepAsync(store);
        Assert.Null(await KeptStates.FindAsync(store, "tiny", null, default));
        Assert.Equal("no folder", await File.ReadAllTextAsync($"{store.Address.Path}.states"));
    }

    [Fact]
    public async Task Delete_Sweep_RemovesItsState()
    {
        var folder = Copy("deleted");
        await using (var store = await OpenAsync(folder))
            await KeepAsync(store);
        var path = KeptStates.PathOf(StoreAddress.Parse(folder), "tiny")!;
        Assert.True(File.Exists(path));
        var answer = await Workplace.RunElsewhereAsync("delete", "tiny", "--yes", "--store", folder);
        Assert.True(answer.Code == 0, answer.Error);
        Assert.False(File.Exists(path));
    }

    /// <summary>A file whose check fits, whatever is in it.</summary>
    private static void WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
            crc = BitOperations.Crc32C(crc, value);
        var bytes = new byte[content.Length + sizeof(uint)];
        content.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(content.Length), crc);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A mistake of a program is none of the disk: then the check fits, and what is read makes no sense.
    /// </summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Find_FileMakesNoSense_IsPassedOverAndLeavesNoAttempts()
    {
        await using var store = await OpenAsync();
        var (state, _) = await KeepAsync(store);
        var path = KeptStates.PathOf(store.Address, "tiny")!;
        var bytes = (await File.ReadAllBytesAsync(path))[..^sizeof(uint)];
        var passedOver = 0;
        for (var place = 0; place + sizeof(int) <= bytes.Length; place += Math.Max(1, bytes.Length / 997))
        {
            foreach (var number in (int[])[int.MaxValue, -1, 100_000])
            {
                var changed = bytes.ToArray();
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(place), number);
                WriteWhole(path, changed);
                var history = new TrialHistory();
                if (await KeptStates.FindAsync(store, "tiny", history, default) is not null)
                    continue;
                passedOver++;
                Assert.Equal("", AttemptsOf(state, history));
            }
        }

        Assert.True(passedOver > 100, $"{passedOver}");
        WriteWhole(path, [.. bytes, 0]);
        Assert.Null(await KeptStates.FindAsync(store, "tiny", new(), default));
        WriteWhole(path, bytes);
        Assert.NotNull(await KeptStates.FindAsync(store, "tiny", new(), default));
    }

    [Fact]
    public async Task Find_AnotherBuildOfTheClientWroteIt_IsPassedOver()
    {
        await using var store = await OpenAsync();
        await KeepAsync(store);
        var path = KeptStates.PathOf(store.Address, "tiny")!;
        var bytes = (await File.ReadAllBytesAsync(path))[..^sizeof(uint)];
        var build = Encoding.UTF8.GetBytes($"{typeof(KeptStates).Assembly.ManifestModule.ModuleVersionId:n}");
        var place = bytes.AsSpan().IndexOf(build);
        Assert.True(place > 0);
        bytes[place] ^= 1;
        WriteWhole(path, bytes);
        Assert.Null(await KeptStates.FindAsync(store, "tiny", null, default));
    }

    [Fact]
    public async Task Keep_WithoutAttempts_LeavesAFileThatHasThem()
    {
        await using var store = await OpenAsync();
        await KeepAsync(store, events: 7);
        await KeepAsync(store, withHistory: false, events: 13);
        Assert.Equal(7, (await KeptStates.FindAsync(store, "tiny", new(), default))!.Sequence);
        await KeepAsync(store, withHistory: false, events: 14);
        Assert.Equal(14, (await KeptStates.FindAsync(store, "tiny", null, default))!.Sequence);
    }

    [Fact]
    public async Task Keep_OnUnix_IsAsPrivateAsTheDatabase()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var store = await OpenAsync();
        const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(store.Address.Path, mine);
        await KeepAsync(store);
        Assert.Equal(mine, File.GetUnixFileMode(KeptStates.PathOf(store.Address, "tiny")!));
        Assert.Equal(
            mine | UnixFileMode.UserExecute, File.GetUnixFileMode($"{store.Address.Path}.states"));
    }

    [Fact]
    public async Task PathOf_TwoWaysToOneStore_IsOne()
    {
        await using var store = await OpenAsync();
        var way = Directory.CreateSymbolicLink(
            Path.Combine(_folder.FullName, "way"), Path.GetDirectoryName(store.Address.Path)!).FullName;
        Assert.Equal(
            KeptStates.PathOf(store.Address, "tiny"), KeptStates.PathOf(StoreAddress.Parse(way), "tiny"));
    }

    [Fact]
    public async Task Keep_ManyFiles_LeavesNoMoreThanTheDatabaseHasAndNoneOfAnotherBuild()
    {
        await using var store = await OpenAsync();
        await KeepAsync(store);
        var path = KeptStates.PathOf(store.Address, "tiny")!;
        await File.WriteAllTextAsync($"{path}-other", "of another build, and shorter than any of this");
        File.SetLastWriteTimeUtc($"{path}-other", DateTime.UtcNow.AddDays(1));
        var room = new FileInfo(store.Address.Path).Length;
        var length = new FileInfo(path).Length;
        Assert.InRange(length, 1, room / 2);
        for (var copy = 0; copy < 40; copy++)
        {
            File.Copy(path, $"{path}-{copy}");
            // As if it were longer: one and a half fit beside the one that is kept.
            using var file = File.OpenWrite($"{path}-{copy}");
            file.SetLength((room - length) * 2 / 3);
            File.SetLastWriteTimeUtc($"{path}-{copy}", DateTime.UtcNow.AddMinutes(copy - 60));
        }

        await KeepAsync(store);
        Assert.Equal([path, $"{path}-39"], Directory.GetFiles(Path.GetDirectoryName(path)!).Order());
    }

    [Fact]
    public async Task Delete_StateCannotBeRemoved_SaysSo()
    {
        var folder = Copy("stuck");
        var path = KeptStates.PathOf(StoreAddress.Parse(folder), "tiny")!;
        Directory.CreateDirectory(Path.Combine(path, "no file"));
        var answer = await Workplace.RunElsewhereAsync("delete", "tiny", "--yes", "--store", folder);
        Assert.True(answer.Code == 0, answer.Error);
        Assert.Contains($"note: {path} could not be removed", answer.Error, StringComparison.Ordinal);
    }

    /// <summary>Whoever deletes a sweep forgets its state, and another may be writing it then.</summary>
    [Fact]
    public async Task Keep_SweepIsDeletedMeanwhile_LeavesNothing()
    {
        await using var store = await OpenAsync();
        var (state, _) = await KeepAsync(store);
        var path = KeptStates.PathOf(store.Address, "tiny")!;
        var reads = 0;
        await KeptStates.KeepAsync(
            Changed.Of(store, () => ++reads == 2 ? Task.FromResult<IReadOnlyList<StoredEvent>>([]) : null),
            state, new(), default);
        Assert.Equal(2, reads);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Keep_AnythingFails_DoesWithout()
    {
        await using var store = await OpenAsync();
        var (state, _) = await KeepAsync(store);
        var failing = Changed.Of(store, () => throw new InvalidOperationException("no"));
        await KeptStates.KeepAsync(failing, state, new(), default);
        Assert.Null(await KeptStates.FindAsync(failing, "tiny", null, default));
        using var stop = new CancellationTokenSource();
        var cancelled = Changed.Of(store, () => throw new OperationCanceledException());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => KeptStates.KeepAsync(cancelled, state, new(), stop.Token));
    }

    [Fact]
    public async Task CatchUp_LogCannotBeRead_SaysSoAndTriesAgain()
    {
        await using var store = await OpenAsync();
        var fails = true;
        using var followed = new FollowedSweep(
            Changed.Of(store, () => fails ? throw new InvalidOperationException("no") : null), "tiny");
        await followed.CatchUpAsync(0);
        Assert.Equal("no", followed.Problem);
        fails = false;
        await followed.CatchUpAsync(1);
        Assert.Null(followed.Problem);
        Assert.NotNull(followed.Head);
    }

    /// <summary>A store whose log is read otherwise, where somebody says how.</summary>
    public class Changed : DispatchProxy
    {
        private object _real = null!;
        private Func<object?> _read = null!;

        internal static ISweepStore Of(ISweepStore store, Func<object?> read)
        {
            var log = DispatchProxy.Create<ISweepLog, Changed>();
            var changed = DispatchProxy.Create<ISweepStore, Changed>();
            ((Changed)(object)log).Set(store.Log, read);
            ((Changed)(object)changed).Set(store, () => log);
            return changed;
        }

        private void Set(object real, Func<object?> read) => (_real, _read) = (real, read);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            (targetMethod!.Name is "ReadAsync" or "get_Log" ? _read() : null)
            ?? targetMethod.Invoke(_real, BindingFlags.DoNotWrapExceptions, null, args, null);
    }

    [Fact]
    public async Task Keep_ManyAtOnce_LeavesOneThatIsWhole()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => KeepAsync(store))));
        Assert.NotNull(await KeptStates.FindAsync(store, "tiny", new(), default));
        Assert.Single(Directory.GetFiles($"{store.Address.Path}.states"));
    }
}

using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
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

    [Fact]
    public async Task Keep_ManyAtOnce_LeavesOneThatIsWhole()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => KeepAsync(store))));
        Assert.NotNull(await KeptStates.FindAsync(store, "tiny", new(), default));
        Assert.Single(Directory.GetFiles($"{store.Address.Path}.states"));
    }
}

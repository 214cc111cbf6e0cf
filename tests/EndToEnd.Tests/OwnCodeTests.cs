using System.Text.Json;
using Sweeps.EndToEnd.Tests.Faults;
using Sweeps.Store;
using Sweeps.Store.Addresses;

namespace Sweeps.EndToEnd.Tests;

/// <summary>Code of a user's own reaches silos by the store, and runs only where it is allowed to.</summary>
[Trait("Speed", "slow")]
public sealed class OwnCodeTests : IDisposable
{
    private const string Id = "own";

    private const string File = """
        name: own
        data: {name: digits, samples: 200}
        architectures: {mine: {assembly: Nets.dll, type: Own.Recurrent, arguments: {width: 8}}}
        parameters: {learning_rate: [0.01, 0.003], batch_size: 20}
        folds: 2
        epochs: 2
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silo_WithoutLeave_SaysWhyAndTrainsNothing_AndWithItGivesTheDigestOfARun()
    {
        var assembly = Path.Combine(_folder.Path, "Nets.dll");
        System.IO.File.Copy(FindExample(), assembly);
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.Path, "own.yaml"), File);
        var alone = await JsonAsync("run", "own.yaml", "--store", Path.Combine(_folder.Path, "alone"));
        await RunAsync("submit", "own.yaml");
        System.IO.File.Delete(assembly);
        await using var store = await StoreFactory.OpenAsync(
            StoreAddress.Parse(Path.Combine(_folder.Path, "store")),
            new StoreOptions { Access = StoreAccess.ReadOnly });

        using (var refused = Start("silo", "--name", "careful", "--slots", "1"))
        {
            await UntilAsync(
                refused, async () => (await SweepLog.ReadAsync(store, Id)).State.DataProblems.Count > 0);
            var silos = (await JsonAsync("silos")).GetProperty("silos");
            Assert.Contains(
                "--allow-assemblies",
                Assert.Single(silos.EnumerateArray()).GetProperty("data_problems").GetProperty(Id).GetString(),
                StringComparison.Ordinal);
            Assert.Equal(0, (await JsonAsync("show", Id)).GetProperty("completed").GetInt32());
            refused.Signal("TERM");
            await refused.EndAsync();
        }

        using var trains = Start("silo", "--name", "open", "--slots", "2", "--allow-assemblies");
        await UntilAsync(trains, async () => await store.Log.FindAsync(Id) is { Header.IsOpen: false });
        Assert.Equal(
            alone.GetProperty("digest").GetString(), (await JsonAsync("show", Id)).GetProperty("digest").GetString());
    }

    private SweepsProcess Start(params string[] arguments) => SweepsProcess.Start(
        _folder.Path,
        new Dictionary<string, string> { ["SWEEPS_STORE"] = Path.Combine(_folder.Path, "store") },
        arguments);

    private async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonDocument.Parse(await RunAsync([.. arguments, "--json"])).RootElement;

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var (exit, output, error) = await process.EndAsync();
        Assert.True(exit == 0, $"exit code {exit}: {error}");
        return output;
    }

    private static async Task UntilAsync(SweepsProcess silo, Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await holds())
        {
            Assert.False(silo.HasExited, "the silo ended");
            await Task.Delay(200, limit.Token);
        }
    }

    private static string FindExample()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = place.Parent!.Name;
        while (!System.IO.File.Exists(Path.Combine(place.FullName, "Sweeps.sln")))
            place = place.Parent!;
        return Path.Combine(
            place.FullName, "examples", "own-network", "bin", configuration, "net10.0", "OwnNetwork.dll");
    }
}

using Sweeps.EndToEnd.Tests.Faults;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests.Frozen;

/// <summary>
/// Stores of the program before it knew rungs, whose process was killed in the middle of a sweep, and which the program
/// of today finishes. The digest is that program's own, of the same sweep undisturbed. A new version of a schema or of
/// an event adds a store to this folder and leaves these as they are.
/// </summary>
[Trait("Speed", "slow")]
[Collection("kills")]
public sealed class UnfinishedStoreTests(FaultServer server)
{
    private const string Undisturbed = "3618a9500e5f197d8cdd9068e816cb86aa81b3d17a9ad0725aa44e57894311e1";

    /// <summary>What the program that began 'cut' printed when it went on, in a folder and in a database.</summary>
    private const string Bracket = "effe61df7ebc996483b9db2d18923dea95981a35e00e1d2d849595ec612c010d";

    /// <summary>Five of seven trials had ended, and one had a checkpoint after epoch 47 of 50.</summary>
    [Fact]
    public async Task Resume_SqliteOfThePreviousVersion_Finishes()
    {
        using var folder = new TemporaryFolder();
        var store = Path.Combine(folder.Path, "store");
        CopyFolder(Path.Combine(AppContext.BaseDirectory, "Frozen", "half"), store);

        var trial = await FinishAsync(folder, new() { ["SWEEPS_STORE"] = store }, "half", "2/0");

        if (trial is null)
            return;
        Assert.Contains("lease ran out", trial, StringComparison.Ordinal);
        Assert.DoesNotContain("started from the beginning", trial, StringComparison.Ordinal);
    }

    /// <summary>Three of seven trials had ended, and one had a checkpoint after epoch 6.</summary>
    [PostgresFact]
    public async Task Resume_PostgresOfThePreviousVersion_Finishes()
    {
        using var folder = new TemporaryFolder();
        var address = await server.Postgres.CreateDatabaseAsync();
        var sql = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Frozen", "half.sql"));
        await server.Postgres.SqlAsync(sql, address[(address.LastIndexOf('/') + 1)..]);

        var environment = new Dictionary<string, string> { ["SWEEPS_STORE"] = address };
        await FinishAsync(folder, environment, "shared", "1/0");
    }

    /// <summary>
    /// Four trials of 'cut' stood at their first rung and one was being trained; their checkpoints are not here, so
    /// that they begin anew. The digest is that of the program that began it.
    /// </summary>
    [Fact]
    public async Task Resume_FifthSqliteInTheMiddleOfABracket_ShowsAndFinishes()
    {
        using var folder = new TemporaryFolder();
        var store = Path.Combine(folder.Path, "store");
        Directory.CreateDirectory(store);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Frozen", "fifth.db"), Path.Combine(store, "sweeps.db"));
        var environment = new Dictionary<string, string> { ["SWEEPS_STORE"] = store };
        foreach (var sweep in (string[])["narrow", "wide", "again", "rungs", "own", "cancelled", "cut"])
        {
            using var show = SweepsProcess.Start(folder.Path, environment, "show", sweep, "--json");
            var (exit, _, error) = await show.EndAsync();
            Assert.True(exit == 0, $"{sweep}: exit code {exit}: {error}");
        }

        await FinishAsync(folder, environment, "cut", "0/0", Bracket, unique: 3);
    }

    /// <summary>The same sweep in a database, where two trials stood at their rung.</summary>
    [PostgresFact]
    public async Task Resume_SixthPostgresInTheMiddleOfABracket_Finishes()
    {
        using var folder = new TemporaryFolder();
        var address = await server.Postgres.CreateDatabaseAsync();
        await server.Postgres.SqlFileAsync(
            Path.Combine(AppContext.BaseDirectory, "Frozen", "sixth.sql"), address[(address.LastIndexOf('/') + 1)..]);
        await FinishAsync(folder, new() { ["SWEEPS_STORE"] = address }, "cut", "0/0", Bracket, unique: 3);
    }

    /// <returns>
    /// The trial; null: the sweep was begun on a processor of which libtorch computes other numbers, and says so.
    /// </returns>
    private static async Task<string?> FinishAsync(
        TemporaryFolder folder,
        Dictionary<string, string> environment,
        string sweep,
        string trial,
        string digest = Undisturbed,
        long unique = 7)
    {
        using var resume = SweepsProcess.Start(folder.Path, environment, "resume", sweep, "--json");
        var (exit, output, error) = await resume.EndAsync();
        if (exit == 6)
        {
            Assert.Contains("compute other numbers than the first silo", error, StringComparison.Ordinal);
            Assert.Contains("--fresh", error, StringComparison.Ordinal);
            return null;
        }

        Assert.True(exit == 0, $"exit code {exit}: {error}");
        var result = System.Text.Json.JsonDocument.Parse(output).RootElement;
        Assert.Equal("completed", result.GetProperty("state").GetString());
        Assert.Equal(digest, result.GetProperty("digest").GetString());
        Assert.Equal(unique, result.GetProperty("unique").GetInt64());
        using var show = SweepsProcess.Start(folder.Path, environment, "show", sweep, "--trial", trial);
        return (await show.EndAsync()).Output;
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}

using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>A backup of a server's database, made and restored as docs/operating.md says.</summary>
[Trait("Speed", "slow")]
public sealed class BackupTests
{
    /// <summary>Its refit has no validation loss: a NaN, which a dump does not keep bit by bit.</summary>
    [PostgresFact]
    public async Task Verify_OfADatabaseRestoredFromADump_Holds()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PostgresServer.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "kept.yaml"), """
            name: kept
            data: digits
            architectures: [linear]
            parameters: {learning_rate: [0.1, 0.01]}
            folds: 2
            epochs: 1
            """);
        var run = await SweepsProcess.RunJsonAsync(folder.Path, "run", "kept.yaml", "--store", server.Address());

        var copy = await server.RestoreDumpAsync();

        var verified = await SweepsProcess.RunJsonAsync(
            folder.Path, "verify", "kept", "--sample", "1", "--store", copy);
        Assert.True(verified.GetProperty("holds").GetBoolean(), verified.ToString());
        Assert.Equal(5, verified.GetProperty("stored").GetProperty("curves").GetInt32());
        var shown = await SweepsProcess.RunJsonAsync(folder.Path, "show", "kept", "--store", copy);
        Assert.Equal(run.GetProperty("digest").GetString(), shown.GetProperty("digest").GetString());
    }
}

using Sweeps.EndToEnd.Tests.Faults;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// <c>sweeps drill</c> as users run it: on a store of one process, and on a PostgreSQL server; with the real trainer.
/// </summary>
[Trait("Speed", "slow")]
[Collection("kills")]
public sealed class DrillTests(FaultServer server)
{
    private const string Sweep = """
        data: {name: digits, samples: 2000}
        architectures: [mlp-64]
        parameters: {learning_rate: [0.001, 0.003], batch_size: 10}
        folds: 3
        epochs: 40
        """;

    [Fact]
    [Trait("Speed", "nightly")]
    public async Task Drill_StoreOfOneProcess_FindsEqualResults()
    {
        using var folder = new TemporaryFolder();
        await DrillAsync(folder, "store");
    }

    [PostgresFact]
    public async Task Drill_SharedStore_FindsEqualResults()
    {
        using var folder = new TemporaryFolder();
        await DrillAsync(folder, await server.Postgres.CreateDatabaseAsync());
    }

    private static async Task DrillAsync(TemporaryFolder folder, string store)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "lab.yaml"), Sweep);
        var environment = new Dictionary<string, string> { ["SWEEPS_STORE"] = store };
        using var process = SweepsProcess.Start(
            folder.Path, environment, "drill", "lab.yaml", "--kills", "1", "--slots", "1", "--json");
        var (exit, output, error) = await process.EndAsync();

        Assert.True(exit == 0, $"exit code {exit}: {error}");
        var result = System.Text.Json.JsonDocument.Parse(output).RootElement;
        Assert.True(result.GetProperty("equal").GetBoolean());
        Assert.Equal("lab-drill-1-killed", result.GetProperty("disturbed").GetString());
        Assert.Equal(7, result.GetProperty("unique").GetInt64());
        var kill = Assert.Single(result.GetProperty("kills").EnumerateArray());
        Assert.True(kill.GetProperty("trials").GetInt32() > 0, output);
        var detected = kill.GetProperty("detected_seconds").GetDouble();
        Assert.InRange(detected, 0, kill.GetProperty("recovered_seconds").GetDouble());
    }
}

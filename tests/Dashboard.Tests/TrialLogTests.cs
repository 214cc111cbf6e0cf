using Sweeps.Client.Dashboard;
using Sweeps.Core.Log;

namespace Sweeps.Dashboard.Tests;

/// <summary>Lines of log files about one trial, and of no other.</summary>
public sealed class TrialLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Read_FilesOfBothForms_GivesTheTrialsLinesWithWhatStandsUnderThem()
    {
        var json = Path.Combine(_folder, "silo-1.log");
        await File.WriteAllLinesAsync(json,
        [
            Json("begins", "digits", "1/0"), Json("other", "digits", "11/0"), Json("other", "digits-2", "1/0"),
            """{"time":"2026-01-01T10:00:00Z","level":"warning","message":"digits 1/0#1 failed","silo":"n"}""",
        ]);
        File.SetLastWriteTimeUtc(json, File.GetLastWriteTimeUtc(json).AddHours(-1));
        await File.WriteAllLinesAsync(Path.Combine(_folder, "silo-2.log"),
        [
            "2026-01-01 11:00:00.000 DBG [north digits 1/0 #2] Sweeps.Silo: The attempt begins in slot 0",
            "2026-01-01 11:00:01.000 WRN [north   #] Sweeps.Silo: digits 1/0#2 failed",
            "System.InvalidOperationException: no such layer",
            "   at Sweeps.Training",
            "2026-01-01 11:00:02.000 DBG [north digits 1/1 #2] Sweeps.Silo: another",
            "   at somewhere else",
            "2026-01-01 11:00:02.000 DBG [north my-digits 1/0 #2] Sweeps.Silo: another",
        ]);

        var lines = new TrialLog(_folder).Read("digits", new(1, 0));

        Assert.Equal(6, lines.Count);
        Assert.Contains("begins", lines[0], StringComparison.Ordinal);
        Assert.Contains("digits 1/0#1 failed", lines[1], StringComparison.Ordinal);
        Assert.Contains("begins in slot 0", lines[2], StringComparison.Ordinal);
        Assert.Equal("   at Sweeps.Training", lines[5]);
    }

    private static string Json(string message, string sweep, string trial) =>
        $$"""{"time":"2026-01-01T10:00:00Z","level":"debug","message":"{{message}}","silo":"n","sweep":"{{sweep}}","""
            + $$""" "trial":"{{trial}}","attempt":"1"}""";

    [Fact]
    public async Task Read_VeryManyLines_GivesTheNewestOnes()
    {
        await File.WriteAllLinesAsync(
            Path.Combine(_folder, "silo-1.log"),
            Enumerable.Range(0, 1000).Select(n => $"2026-01-01 11:00:00.000 DBG [n digits 1/0 #2] Sweeps: line {n}"));

        var lines = new TrialLog(_folder).Read("digits", new(1, 0));

        Assert.Equal(TrialLog.LinesMost, lines.Count);
        Assert.EndsWith("line 999", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFolder_GivesNone() =>
        Assert.Empty(new TrialLog(Path.Combine(_folder, "none")).Read("digits", TrialId.Refit(3)));
}

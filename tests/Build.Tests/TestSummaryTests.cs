using Sweeps.Tests;

namespace Sweeps.Build.Tests;

/// <summary>The closing lines of <c>./test</c>: a run that broke off never counts as one that passed.</summary>
[Trait("Speed", "slow")]
public sealed class TestSummaryTests
{
    private const string Passed = """<UnitTestResult testName="Good" outcome="Passed" duration="00:00:01" />""";

    private const string Failed = """
        <UnitTestResult testName="Bad" outcome="Failed" duration="00:00:02">
          <Output><ErrorInfo><Message>one is not two</Message></ErrorInfo></Output>
        </UnitTestResult>
        """;

    // As vstest writes it where a test calls Environment.FailFast.
    private const string Crash = """
        <RunInfos><RunInfo computerName="here" outcome="Error" timestamp="2026-01-01T00:00:00">
          <Text>The active test run was aborted. Reason: Test host process crashed</Text>
        </RunInfo></RunInfos>
        """;

    [Fact]
    public async Task Summary_OfARunThatBrokeOff_FailsAndSaysWhy()
    {
        var folder = Directory.CreateTempSubdirectory("sweeps-summary-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.trx"), Run(Passed + Failed));
            File.WriteAllText(Path.Combine(folder, "b.trx"), Run(Passed, Crash));
            File.WriteAllText(Path.Combine(folder, "c.trx"), Run(Passed)[..200]);

            var result = await Shell.RunAsync(
                "dotnet", ["run", "build/TestSummary.cs", "--", folder], deadline: TimeSpan.FromMinutes(8));

            Assert.Equal(1, result.ExitCode);
            Assert.Contains("Bad\n    one is not two", result.Output);
            Assert.Contains("Test host process crashed", result.Output);
            Assert.Contains("c.trx is incomplete", result.Output);
            Assert.Contains("2 passed, 1 failed, 0 skipped", result.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string results, string? infos = null) => $"""
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>{results}</Results>
          <ResultSummary outcome="{(infos is null ? "Completed" : "Failed")}">{infos}</ResultSummary>
        </TestRun>
        """;
}

namespace Sweeps.EndToEnd.Tests;

/// <summary>Ctrl-C: once hands back what is in hand, and the same command goes on.</summary>
[Trait("Speed", "slow")]
public sealed class InterruptTests
{
    private const string File = """
        data: {name: digits, samples: 4000}
        architectures: [mlp-128-128]
        parameters: {learning_rate: [0.001, 0.003], batch_size: 10}
        folds: 2
        epochs: 15
        """;

    [Fact]
    public async Task Run_InterruptedOnce_SaysHowToGoOnAndDoes()
    {
        using var folder = new TemporaryFolder();
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder.Path, "lab.yaml"), File);
        var log = new SiloLog(Path.Combine(folder.Path, ".sweeps", "logs"));
        using (var first = SweepsProcess.Start(folder.Path, "run", "lab.yaml", "--slots", "1"))
        {
            Assert.True(await log.UntilMoreAsync("ended: \"Completed\"", 0, first));
            first.Signal("INT");
            var (exit, output, error) = await first.EndAsync();
            Assert.Equal(130, exit);
            Assert.Contains("sweeps run lab.yaml", error);
            Assert.Contains("1 of 2", output);
        }

        using (var show = SweepsProcess.Start(folder.Path, "show", "lab"))
        {
            var (_, page, _) = await show.EndAsync();
            Assert.Contains("1 of 2", page);
            Assert.Contains("interrupted", page);
            Assert.DoesNotContain("drains", page);
        }

        var result = await SweepsProcess.RunJsonAsync(folder.Path, "run", "lab.yaml", "--slots", "2");

        Assert.Equal("completed", result.GetProperty("state").GetString());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        Assert.Equal(0, result.GetProperty("retried").GetInt64());
        Assert.Equal(5, result.GetProperty("unique").GetInt64());
    }
}

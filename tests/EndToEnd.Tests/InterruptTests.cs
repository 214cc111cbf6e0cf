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

    /// <summary>A file that nobody writes holds the run where it reads.</summary>
    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task Run_InterruptedWhileItReadsItsFile_SaysThatNothingWasBegun(string signal)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "lab.yaml");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [path]))
            await make.WaitForExitAsync();
        using var run = SweepsProcess.Start(folder.Path, "run", "lab.yaml");
        // Opens once the run does.
        await using var file = await Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Write));
        run.Signal(signal);

        var (exit, output, error) = await run.EndAsync();

        Assert.Equal((130, ""), (exit, output));
        Assert.Contains("nothing was submitted, nothing was trained", error);
    }

    [Fact]
    public async Task Resume_InterruptedBesideASilo_SaysThatTheSweepGoesOn()
    {
        using var folder = new TemporaryFolder();
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder.Path, "lab.yaml"), File);
        string[] endless = ["submit", "lab.yaml", "--set", "epochs=100000"];
        using (var submit = SweepsProcess.Start(folder.Path, endless))
            Assert.Equal(0, (await submit.EndAsync()).ExitCode);
        var log = new SiloLog(Path.Combine(folder.Path, ".sweeps", "logs"));
        using var silo = SweepsProcess.Start(
            folder.Path, "silo", "--slots", "1", "--name", "beside", "--sweep", "lab", "--sweep", "nope");
        Assert.True(await log.UntilMoreAsync("begins in slot", 0, silo));
        using (var resume = SweepsProcess.Start(folder.Path, "resume", "lab", "--slots", "1"))
        {
            Assert.True(await log.UntilMoreAsync("begins in slot", 1, resume));
            resume.Signal("INT");
            var (exit, _, error) = await resume.EndAsync();
            Assert.Equal(130, exit);
            Assert.Contains("The sweep goes on at the other silos. Follow with: sweeps watch lab", error);
        }

        silo.Signal("TERM");
        var (_, _, said) = await silo.EndAsync();
        Assert.Contains(": 1 slot, ", said);
        Assert.Contains("note: --sweep nope: the store has no sweep of that id yet", said);
        Assert.DoesNotContain("--sweep lab", said);
    }
}

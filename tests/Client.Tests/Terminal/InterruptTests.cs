using System.Diagnostics;
using System.Runtime.InteropServices;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Tests.Terminal;

/// <summary>A real process, a real signal: what a user's Ctrl-C does, and a terminal that is closed.</summary>
public sealed class InterruptTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    [Trait("Speed", "slow")]
    public async Task Run_Interrupted_KeepsWhatIsDoneSaysHowToGoOnAndLeavesTheSameAnswer(string signal)
    {
        var (code, error) = await RunAndInterruptAsync(signal);

        Assert.True(code == Interrupt.ExitCode, error);
        Assert.Contains("sweeps run ", error, StringComparison.Ordinal);
        var resumed = await _place.RunSweepAsync("--set", "epochs=30", "--json");
        Assert.Equal(0, resumed.Code);
        using var straight = new Workplace();
        var other = await straight.RunSweepAsync("--set", "epochs=30", "--json");
        Assert.Equal(other.Json().GetProperty("digest").GetString(), resumed.Json().GetProperty("digest").GetString());
    }

    /// <summary>A shell passes on that its terminal is closed, and so does the system: still one wish.</summary>
    [Fact]
    public void Handle_TerminalClosedTwice_StopsInOrder_AndOnlyASignalOfTheUserAtOnce()
    {
        using var interrupt = new Interrupt();

        interrupt.Handle(new(PosixSignal.SIGHUP));
        interrupt.Handle(new(PosixSignal.SIGHUP));
        Assert.True(interrupt.InOrder.IsCancellationRequested);
        Assert.False(interrupt.AtOnce.IsCancellationRequested);

        interrupt.Handle(new(PosixSignal.SIGINT));
        Assert.True(interrupt.AtOnce.IsCancellationRequested);
    }

    private async Task<(int Code, string Error)> RunAndInterruptAsync(string signal)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "sweeps.dll");
        string[] arguments =
        [
            program, "run", _place.SweepFile, "--set", "data.samples=600", "--set", "epochs=30",
            "--slots", "2", "--store", _place.Store,
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        using var timeout = new CancellationTokenSource(s_deadline);
        var error = "";
        // The first line says that the sweep runs.
        while (await process.StandardError.ReadLineAsync(timeout.Token) is { } line)
        {
            error += line + "\n";
            if (!line.Contains("trials", StringComparison.Ordinal))
                continue;
            using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
            break;
        }

        error += await process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, error);
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>A silo in a process of its own (tests/Faults.Host), for faults of every kind.</summary>
internal sealed class SiloChild : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private SiloChild(string name, Process process)
    {
        (Name, _process) = (name, process);
        _errors = process.StandardError.ReadToEndAsync();
        Ready = ReadyAsync();
    }

    public string Name { get; }

    /// <summary>Completes when the silo takes work.</summary>
    public Task Ready { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts one; the address, which has a password, travels where no process list shows it.</summary>
    public static SiloChild Start(string address, string name, SiloChildSettings settings)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Sweeps.Faults.Host.dll"), name, Text(settings.Slots),
            Text(settings.Epoch.TotalMilliseconds), Text(settings.Lease.TotalSeconds),
            .. settings.LogFolder is { } folder ? new[] { folder } : [],
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SWEEPS_STORE"] = address;
        return new(name, Process.Start(start)!);
    }

    /// <summary>kill -9. Returns when.</summary>
    public DateTimeOffset Kill()
    {
        var at = DateTimeOffset.UtcNow;
        _process.Kill();
        return at;
    }

    /// <summary>SIGSTOP: nothing of it runs, all its connections stay.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal("CONT");

    /// <summary>Asks it to end, waits for it; its exit code and what it said.</summary>
    public async Task<(int Code, string Errors)> EndAsync(TimeSpan? patience = null)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(patience ?? Patience);
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        // Its files are closed only then.
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task ReadyAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) != "ready")
            throw new InvalidOperationException($"Silo {Name} did not start: {await _errors}");
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Text(_process.Id)]);
        kill.WaitForExit();
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>How the silos of a fault test work.</summary>
internal sealed record SiloChildSettings
{
    public int Slots { get; init; } = 2;

    /// <summary>How long one of the five epochs of a trial lasts. They only wait: few long trials cost less processor
    /// than many short ones.</summary>
    public TimeSpan Epoch { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Short, so that a test of many losses is.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    public string? LogFolder { get; init; }
}

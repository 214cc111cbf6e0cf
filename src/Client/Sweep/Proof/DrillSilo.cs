using System.Diagnostics;
using System.Globalization;
using Sweeps.Store.Addresses;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>A silo process of a drill: another process of this program, to be killed.</summary>
internal sealed class DrillSilo : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private DrillSilo(string name, Process process)
    {
        (Name, _process) = (name, process);
        _errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Its stderr, available once it has exited.</summary>
    public Task<string> Errors => _errors;

    /// <summary>Starts one. The store's address may hold a password, so it is passed in the environment.</summary>
    public static DrillSilo Start(string name, IReadOnlyList<string> command, string? store)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] words = isHost ? [typeof(DrillSilo).Assembly.Location, .. command] : [.. command];
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (store is not null)
            start.Environment[StoreAddress.EnvironmentVariable] = store;
        return new(name, Process.Start(start)!);
    }

    /// <summary>Kills it like a failing machine: no cleanup runs.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to stop and waits; Dispose kills it if it did not.</summary>
    public async Task EndAsync()
    {
        if (!_process.HasExited && !OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(Patience));
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

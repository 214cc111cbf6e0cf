using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sweeps.Tests;

namespace Sweeps.EndToEnd.Tests;

/// <summary>The program as its users start it: a process of its own, with its output kept.</summary>
internal sealed class SweepsProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly StringBuilder _said = new();
    private readonly Task<string> _error;

    private SweepsProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = ReadErrorAsync(process.StandardError);
    }

    /// <summary>The program that was built with these tests.</summary>
    public static string Program { get; } = RepositoryRoot.Combine(
        "src", "Client", "bin", Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name, "net10.0",
            "sweeps.dll");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to stderr so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public static SweepsProcess Start(string folder, params string[] arguments) =>
        Start(folder, new Dictionary<string, string>(), arguments);

    public static SweepsProcess Start(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // A background job of a shell ignores Ctrl-C, and its children inherit that; a user's program does not.
        string[] command = IgnoresInterrupts() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], Program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        Shell.ForgetSettings(start);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Runs to the end and expects success.</summary>
    public static async Task<JsonElement> RunJsonAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, [.. arguments, "--json"]);
        var (exit, output, error) = await process.EndAsync();
        Assert.True(exit == 0, $"exit code {exit}: {error}");
        return JsonDocument.Parse(output).RootElement;
    }

    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Still running after {Deadline}: {await _error}");
        }

        return (_process.ExitCode, await _output, await _error);
    }

    /// <summary>SIGKILL: nothing of the process runs after it.</summary>
    public void Kill() => _process.Kill();

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    private async Task<string> ReadErrorAsync(StreamReader error)
    {
        var block = new char[4096];
        while (await error.ReadAsync(block) is > 0 and var count)
        {
            lock (_said)
                _said.Append(block, 0, count);
        }

        return Said;
    }

    // The kernel tells which signals a process ignores, as a mask: SIGINT is bit 1.
    private static bool IgnoresInterrupts() =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(
            line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (Convert.ToUInt64(ignored[7..].Trim(), 16) & 2) != 0;

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

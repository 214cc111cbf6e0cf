using System.Diagnostics;

namespace Sweeps.Tests;

/// <summary>Runs a program to its end, with a deadline, and keeps what it printed.</summary>
internal static class Shell
{
    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        public string All => Output + Error;
    }

    public static async Task<Result> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeSpan? deadline = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? RepositoryRoot.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        ForgetSettings(start);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(deadline ?? TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in time.");
        }

        return new(process.ExitCode, await output, await error);
    }
    /// <summary>Keeps the user's own settings (<c>SWEEPS_DATA</c>, <c>SWEEPS_STORE</c>) from a child process.</summary>
    public static void ForgetSettings(ProcessStartInfo start)
    {
        string[] names = [.. start.Environment.Keys];
        foreach (var name in names.Where(name => name.StartsWith("SWEEPS_", StringComparison.Ordinal)))
            start.Environment.Remove(name);
    }
}

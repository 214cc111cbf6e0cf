using System.ComponentModel;
using System.Diagnostics;

namespace Sweeps.Build.Tests;

/// <summary>A fact that needs a program that not every machine has; skipped by name without it.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="program">The program.</param>
    /// <param name="arguments">What it answers with exit code 0 where it can do what the test needs.</param>
    public ToolFactAttribute(string program, params string[] arguments)
    {
        if (!Answers(program, arguments))
            Skip = $"'{program} {string.Join(' ', arguments)}' does not work here";
    }

    private static bool Answers(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

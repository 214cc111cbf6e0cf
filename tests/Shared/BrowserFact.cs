using System.Text.RegularExpressions;

namespace Sweeps.Tests;

/// <summary>A test that needs Chromium; skipped by name where it is not installed.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.SkipReason;
}

/// <summary>A <see cref="BrowserFactAttribute"/> for several values.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Browser.SkipReason;
}

/// <summary>A real browser without a window or a network.</summary>
internal static partial class Browser
{
    private static readonly string? s_program = ((string[])["chromium", "chromium-browser", "google-chrome"])
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>The program; null: it is not installed.</summary>
    public static string? Program => s_program;

    public static string? SkipReason => s_program is null ? "needs Chromium: apt-get install chromium" : null;

    /// <summary>Opens a file, lets its scripts run, and returns the document and what the console said of it.</summary>
    public static async Task<(string Document, IReadOnlyList<string> Console)> OpenAsync(string file)
    {
        var profile = Directory.CreateTempSubdirectory("sweeps-browser-").FullName;
        try
        {
            var result = await Shell.RunAsync(
                s_program!,
                [
                    "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}",
                    "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1280,2000", "--virtual-time-budget=20000",
                    "--enable-logging=stderr", "--dump-dom", new Uri(Path.GetFullPath(file)).AbsoluteUri,
                ],
                deadline: TimeSpan.FromMinutes(2));
            return (result.Output, [.. ConsoleLine().Matches(result.Error).Select(line => line.Groups[1].Value)]);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    [GeneratedRegex(@"CONSOLE[^""]*""(.*)"", source")]
    private static partial Regex ConsoleLine();
}

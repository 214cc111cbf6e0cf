using System.Diagnostics;
using System.Text.RegularExpressions;
using Sweeps.Tests;

namespace Sweeps.Build.Tests;

/// <summary>The files of the checkout, as git knows them, and a C# file's text without what a program cannot
/// see.</summary>
internal static partial class Sources
{
    /// <summary>Tracked files and new ones that are not ignored; relative to the root.</summary>
    public static IReadOnlyList<string> Files { get; } = List();

    public static IEnumerable<string> CSharp => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The product's own C# files.</summary>
    public static IEnumerable<string> Product =>
        CSharp.Where(file => file.StartsWith("src/", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(RepositoryRoot.Combine(file));

    public static int Lines(string file) => File.ReadLines(RepositoryRoot.Combine(file)).Count();

    /// <summary>The text with its comments, strings and characters emptied; line breaks stay.</summary>
    public static string Code(string text) =>
        Literals().Replace(text, match => new string('\n', match.Value.Count(character => character == '\n')));

    // Raw strings, verbatim strings, comments, strings, characters: whichever begins first.
    [GeneratedRegex(
        @"(?<quotes>\x22{3,})[\s\S]*?\k<quotes>"
            + @"|\$?@\$?\x22(?:[^\x22]|\x22\x22)*\x22"
            + @"|//[^\n]*|/\*[\s\S]*?\*/"
            + @"|\x22(?:\\.|[^\x22\\\n])*\x22"
            + @"|'(?:\\'|\\[^'\n]{1,9}|[^'\\\n])'",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Literals();

    /// <summary>Fails with everything that was found, a line each.</summary>
    public static void AssertNone(IEnumerable<string> found)
    {
        var lines = found.ToArray();
        Assert.True(lines.Length == 0, $"{lines.Length} found:\n{string.Join('\n', lines.Take(50))}");
    }

    private static List<string> List()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return [.. files.Where(file => File.Exists(RepositoryRoot.Combine(file)))];
    }
}

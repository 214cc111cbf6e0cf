using System.Diagnostics;
using Sweeps.Tests;

namespace Sweeps.Build.Tests;

/// <summary>The rules of the house that no analyzer knows: sizes of files and lines, and what the sources never
/// mention.</summary>
public sealed class SourceRulesTests
{
    private const int LinesMax = 400;
    private const int ColumnsMax = 120;

    private static readonly string[] FolderNamesToAvoid = ["Utils", "Common", "Helpers", "Models", "Misc"];

    [Fact]
    public void Sources_EachFile_StaysUnderFourHundredLines() =>
        Assert.DoesNotContain(CSharpFiles(), file => File.ReadLines(file).Count() > LinesMax);

    [Fact]
    public void Sources_EachLine_FitsTheColumns() =>
        Assert.Empty(
            from file in CSharpFiles()
            from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
            where line.text.Length > ColumnsMax && !line.text.Contains("://", StringComparison.Ordinal)
            select $"{file}:{line.number} has {line.text.Length} columns");

    [Fact]
    public void Sources_EachFolder_IsNamedForTheDomain() =>
        Assert.DoesNotContain(Tracked(), file => file.Split('/').SkipLast(1).Intersect(FolderNamesToAvoid).Any());

    [Fact]
    public void Repository_NoFile_FixesARegistry() =>
        Assert.DoesNotContain(
            Tracked(), file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Sources_HalfOfThem_AreShort()
    {
        var lengths = CSharpFiles().Where(file => file.Contains("/src/", StringComparison.Ordinal))
            .Select(file => File.ReadLines(file).Count()).Order().ToArray();
        Assert.InRange(lengths[lengths.Length / 2], 1, 80);
        Assert.InRange(lengths[lengths.Length * 9 / 10], 1, 200);
    }

    private static IEnumerable<string> CSharpFiles() =>
        Tracked()
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => RepositoryRoot.Combine(file));

    private static List<string> Tracked()
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

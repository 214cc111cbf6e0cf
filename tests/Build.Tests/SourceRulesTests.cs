using System.Text.RegularExpressions;

namespace Sweeps.Build.Tests;

/// <summary>The rules of the house that no analyzer knows: neither heaps nor splinters, and what the sources never
/// mention.</summary>
public sealed partial class SourceRulesTests
{
    private const int FileLinesMax = 400;
    private const int FunctionLinesMax = 70;
    private const int ColumnsMax = 120;
    private const int ProductFilesMax = 640;

    // A kernel of the matrix engine is one straight line of instructions, written out by hand.
    private const string UnrolledKernel = "MethodImplOptions.AggressiveOptimization";

    // A folder of many small files is one vocabulary torn into pieces.
    private const int FilesOfASplinteredFolder = 8;
    private const int MedianLinesMin = 30;

    private static readonly string[] FolderNamesToAvoid = ["Utils", "Common", "Helpers", "Models", "Misc"];

    [Fact]
    public void Sources_EachFile_HasAtMostFourHundredLines() =>
        Sources.AssertNone(Sources.CSharp.Where(file => Sources.Lines(file) > FileLinesMax));

    [Fact]
    public void Sources_EachFunction_HasFewerThanSeventyLines() =>
        Sources.AssertNone(
            from file in Sources.Product
            from function in Functions.Of(Sources.Code(Sources.Read(file)))
            where function.Lines >= FunctionLinesMax && !function.Header.Contains(UnrolledKernel)
            select $"{file}:{function.Line} '{function.Header}' has {function.Lines} lines");

    [Fact]
    public void Sources_EachLine_FitsTheColumns() =>
        Sources.AssertNone(
            from file in Sources.CSharp
            from line in Sources.Read(file).Split('\n').Select((text, index) => (text, number: index + 1))
            where line.text.Length > ColumnsMax && !line.text.Contains("://", StringComparison.Ordinal)
            select $"{file}:{line.number} has {line.text.Length} columns");

    [Fact]
    public void Sources_NoFolder_IsSplintered() =>
        Sources.AssertNone(
            from folder in Sources.Product.GroupBy(file => Path.GetDirectoryName(file)!)
            let lengths = folder.Select(Sources.Lines).Order().ToArray()
            let median = lengths[lengths.Length / 2]
            where lengths.Length >= FilesOfASplinteredFolder && median < MedianLinesMin
            select $"{folder.Key}: {lengths.Length} files, half of them under {median + 1} lines");

    [Fact]
    public void Sources_OfTheProduct_StayFew() => Assert.InRange(Sources.Product.Count(), 1, ProductFilesMax - 1);

    /// <summary>System first, then by name: the one thing that neither the build nor the check of white space
    /// sees.</summary>
    [Fact]
    public void Sources_UsingDirectives_AreSorted() =>
        Sources.AssertNone(
            from file in Sources.CSharp
            let names = UsingDirective().Matches(Sources.Read(file)).Select(match => match.Groups[1].Value).ToArray()
            where !names.SequenceEqual(
                names.OrderBy(name => !IsSystem(name)).ThenBy(name => name, StringComparer.OrdinalIgnoreCase))
            select file);

    [Fact]
    public void Sources_EachFolder_IsNamedForTheDomain() =>
        Assert.DoesNotContain(Sources.Files, file => file.Split('/').SkipLast(1).Intersect(FolderNamesToAvoid).Any());

    [Fact]
    public void Repository_NoFile_FixesARegistry()
    {
        Assert.DoesNotContain(
            Sources.Files, file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
        Sources.AssertNone(Sources.Files.Where(file => RegistryHost().IsMatch(Sources.Read(file))));
    }

    /// <summary>Stand-ins for packages are history: only what tells history names them.</summary>
    [Fact]
    public void Repository_NoFileButItsHistory_NamesTheStandIns() =>
        Sources.AssertNone(
            from file in Sources.Files
            where file != "CHANGELOG.md" && !file.StartsWith("docs/decisions/", StringComparison.Ordinal)
            from line in Sources.Read(file).Split('\n')
            where StandIn().IsMatch(line)
            select $"{file}: {line}");

    private static bool IsSystem(string name) =>
        name == "System" || name.StartsWith("System.", StringComparison.Ordinal);

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();

    // Written so that this file is no match of its own.
    [GeneratedRegex(@"nuget[.]org|pkgs[.]dev[.]azure|artifactory[.]", RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHost();

    [GeneratedRegex(@"\b[c]ompat[/.]|--[c]ompat\b|=[c]ompat\b|[O]rleansSource|[T]orchSource")]
    private static partial Regex StandIn();
}

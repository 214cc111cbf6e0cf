using System.Text.RegularExpressions;
using Sweeps.Tests;

namespace Sweeps.Client.Tests;

/// <summary>
/// The wording and layout of a report, kept as a file of Pages/. Numbers, digests, folders and what depends on the
/// speed of the machine are left out. With SWEEPS_UPDATE_PAGES=1 the tests write the files anew.
/// </summary>
internal static partial class GoldenPage
{
    public static void AssertEqual(string name, string page)
    {
        var path = RepositoryRoot.Combine("tests", "Client.Tests", "Pages", name + ".txt");
        var lines = page.Split('\n').Where(line => !IsOfTheMachine(line)).Select(Masked);
        var text = string.Join('\n', lines).Trim() + "\n";
        if (Environment.GetEnvironmentVariable("SWEEPS_UPDATE_PAGES") == "1")
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
    }

    private static bool IsOfTheMachine(string line) =>
        line.Contains("timing unreliable", StringComparison.Ordinal) || PlotRow().IsMatch(line);

    private static string Masked(string line)
    {
        var text = Folder().Replace(line, "FOLDER/").Replace(
            Environment.MachineName, "MACHINE", StringComparison.Ordinal);
        text = Hexadecimal().Replace(text, "DIGEST");
        text = Number().Replace(text, "N");
        text = text.Replace("N min N s", "N s", StringComparison.Ordinal);
        text = Front().Replace(text, string.Empty);
        text = Bar().Replace(text, "#");
        text = Rule().Replace(text, "-");
        return Spaces().Replace(text, "  ").TrimEnd();
    }

    // The rows of a plot with its axes.
    [GeneratedRegex(@"^ {0,10}[-.\de]* [+|]|^ +\+-+\r?$|^ +([-.\de]+ +){2}[-.\de]+\r?$")]
    private static partial Regex PlotRow();

    [GeneratedRegex(@"\S*sweeps-client-\w+\S*/")]
    private static partial Regex Folder();

    [GeneratedRegex(@"\b[0-9a-f]{12,64}\b")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\d([\d.,:-]*\d)?(e-?\d+)?")]
    private static partial Regex Number();

    // Which configurations are on the front depends on times: the mark in a row, and its entry in the legend.
    [GeneratedRegex(@"(?<=N(  [*=])?)  ?f(?=( s)?\r?$)|  f time front: none is better and faster")]
    private static partial Regex Front();

    [GeneratedRegex("#+")]
    private static partial Regex Bar();

    [GeneratedRegex("[-\u2500]{2,}")]
    private static partial Regex Rule();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}

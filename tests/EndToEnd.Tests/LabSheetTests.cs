using System.Text.RegularExpressions;
using Sweeps.Tests;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// Every command of docs/lab-sheets.md does what the page says: it is run as it stands there, in their order, and
/// prints the lines below it.
/// </summary>
[Trait("Speed", "slow")]
public sealed partial class LabSheetTests
{
    [Fact]
    public async Task Commands_AsTheyStandOnThePage_PrintWhatItSays()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "examples"), RepositoryRoot.Combine("examples"));
        var program = Path.Combine(folder.Path, "sweeps");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{SweepsProcess.Program}' \"$@\"\n");
        await Shell.RunAsync("chmod", ["+x", program]);
        var blocks = Blocks().Matches(await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "lab-sheets.md")));
        Assert.True(blocks.Count > 10);

        var missing = new List<string>();
        foreach (Match block in blocks)
        {
            var printed = Plain(await RunAsync(folder.Path, block.Groups["commands"].Value));
            missing.AddRange(block.Groups["lines"].Value.Trim().Split('\n')
                .Where(line => !Regex.IsMatch(printed, Pattern(line)))
                .Select(line => $"{block.Groups["commands"].Value}does not print\n{line}\nbut\n{printed}"));
        }

        Assert.True(missing.Count == 0, string.Join("\n\n", missing));
    }

    private static async Task<string> RunAsync(string folder, string commands)
    {
        var result = await Shell.RunAsync("bash", ["-e", "-c", commands], folder, deadline: TimeSpan.FromMinutes(4));
        Assert.True(result.ExitCode == 0, $"{commands}{result.Error}");
        return result.All;
    }

    /// <summary>The text with one blank for many.</summary>
    private static string Plain(string text) => Blanks().Replace(text, " ");

    private static string Pattern(string line) =>
        string.Join(".*", Plain(line.Trim()).Split("...").Select(part => Regex.Escape(part.Trim())));

    [GeneratedRegex(@"```sh\n(?<commands>(?:[^`].*\n)+)```\n```text\n(?<lines>(?:[^`].*\n)+)```")]
    private static partial Regex Blocks();

    [GeneratedRegex("[ \t]+")]
    private static partial Regex Blanks();
}

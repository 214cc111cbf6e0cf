using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Client.Terminal;
using Sweeps.Core;

namespace Sweeps.Client.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_Root_ShowsHowToBeginAndEveryExitCode()
    {
        var answer = await Workplace.RunElsewhereAsync("--help");

        Assert.Equal(0, answer.Code);
        Assert.Contains("sweeps run examples/digits.yaml", answer.Output, StringComparison.Ordinal);
        var codes = Regex.Matches(answer.Output, @"^ +(\d+)  \w", RegexOptions.Multiline)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal([0, .. Enum.GetValues<ErrorKind>().Select(kind => (int)kind), Interrupt.ExitCode], codes);
    }

    [Fact]
    public async Task Help_OfACommand_HasNoEpilogue() => Assert.DoesNotContain(
        "Exit codes", (await Workplace.RunElsewhereAsync("run", "--help")).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("Try 'sweeps list --help'", "list", "--bogus")]
    [InlineData("Try 'sweeps --help'", "lits")]
    [InlineData("Try 'sweeps export --help'", "export", "tiny", "--format", "xml")]
    public async Task Arguments_Wrong_AreAUsageErrorOnStderr(string part, params string[] arguments)
    {
        var answer = await Workplace.RunElsewhereAsync(arguments);

        Assert.Equal(((int)ErrorKind.Usage, ""), (answer.Code, answer.Output));
        Assert.Contains(part, answer.Error, StringComparison.Ordinal);
    }
}

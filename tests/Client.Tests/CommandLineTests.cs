using System.CommandLine;
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
    public async Task Version_IsOneLine()
    {
        var answer = await Workplace.RunElsewhereAsync("--version");

        Assert.Equal(0, answer.Code);
        Assert.Matches(@"^\d+\.\d+\S*$", answer.Output.Trim());
    }

    [Fact]
    public async Task Help_OfACommand_HasNoEpilogue() => Assert.DoesNotContain(
        "Exit codes", (await Workplace.RunElsewhereAsync("run", "--help")).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("Try 'sweeps list --help'", "list", "--bogus")]
    [InlineData("Try 'sweeps --help'", "lits")]
    [InlineData("Try 'sweeps data show --help'", "data", "show")]
    [InlineData("'sweeps run' needs FILE: sweeps run FILE", "run")]
    [InlineData("'sweeps show' needs ID: sweeps show ID", "show", "--trial", "0/0")]
    [InlineData("'sweeps priority' needs TRIAL and PRIORITY: sweeps priority ID TRIAL PRIORITY", "priority", "tiny")]
    [InlineData("/no-such-folder'.", "run", "/no-such-folder/sweep.yaml")]
    [InlineData("expected a whole number from 1 to 1000000", "add", "tiny", "--configurations", "99999999999")]
    [InlineData("Try 'sweeps export --help'", "export", "tiny", "--format", "xml")]
    public async Task Arguments_Wrong_AreAUsageErrorOnStderr(string part, params string[] arguments)
    {
        var answer = await Workplace.RunElsewhereAsync(arguments);

        Assert.Equal(((int)ErrorKind.Usage, ""), (answer.Code, answer.Output));
        Assert.Contains(part, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("--verbose")]
    public async Task Arguments_NoCommand_ShowsHelp(string typed)
    {
        var answer = await Workplace.RunElsewhereAsync(typed.Length == 0 ? [] : [typed]);

        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Contains("Commands:", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("did you mean 'run'?", "rnu", "x.yaml")]
    [InlineData("did you mean 'list'?", "ls")]
    [InlineData("did you mean 'silo'?", "agent", "abc")]
    [InlineData("did you mean '--version'?", "version")]
    [InlineData("the commands: preview, run", "frobnicate")]
    [InlineData("did you mean 'get'?", "data", "gte")]
    [InlineData("did you mean '--learning-rate'?", "train", "--lr", "0.1")]
    [InlineData("did you mean '--batch-size'?", "train", "--bs=3")]
    [InlineData("did you mean '--json'?", "list", "--jsn")]
    [InlineData("did you mean '--seed'?", "run", "x.yaml", "--random-state", "3")]
    [InlineData("write --set epochs=VALUE", "run", "x.yaml", "--epochs", "3")]
    [InlineData("write --set learning_rate=VALUE", "run", "--lr", "3", "x.yaml")]
    [InlineData("'--bogus' is not an option of 'sweeps run'", "run", "--bogus", "x.yaml")]
    [InlineData("'--samples' is not an option of 'sweeps data show'", "data", "show", "x", "--samples", "1000")]
    [InlineData("'--bogus' is not an option of 'sweeps store prune'", "store", "prune", "--bogus")]
    [InlineData("'--bogus' is not an option of 'sweeps data'", "data", "--bogus")]
    [InlineData("'--bogus' is not an option of 'sweeps'", "--bogus")]
    [InlineData("one argument too many for 'sweeps data list'", "data", "list", "x")]
    [InlineData("silos that train have slots of their own", "submit", "x.yaml", "--slots", "3")]
    [InlineData("--slots: 'abc' is not allowed; expected a whole number from 1 to 1024.", "run", "x", "--slots", "abc")]
    [InlineData("--slots: '1e3' is not allowed", "silo", "--slots", "1e3")]
    [InlineData("--key k.pem is the key of a --certificate", "silo", "--health", "8080", "--key", "k.pem")]
    [InlineData("--certificate c.pem is for the health endpoints", "silo", "--certificate", "c.pem")]
    [InlineData(
        "--certificate nowhere.pem: Could not find file", "silo", "--health", "8080", "--certificate", "nowhere.pem")]
    [InlineData("--classes: '0' is not allowed; expected a whole number from 1 to", "model", "x", "--classes", "0")]
    [InlineData("--configurations: '0' is not allowed; expected a whole number from 1 to 1000000.",
        "add", "x", "--configurations", "0")]
    [InlineData("priority: 'high' is not allowed; expected a whole number.", "priority", "x", "1", "high")]
    [InlineData("--task: 'cls' is not allowed; expected classification, regression or multilabel.", "train", "--task",
        "cls")]
    [InlineData(
        "--format: 'xml' is not allowed; expected csv, history, json, parquet or tensorboard.",
        "export", "x", "--format", "xml")]
    [InlineData("--learning-rate: 'abc' is not allowed; allowed: a number from 0", "train", "--learning-rate", "abc")]
    [InlineData("--seed: '-1' is too small", "train", "--seed", "-1")]
    [InlineData("sweeps: --seed: 'x' is not allowed", "run", "SWEEP", "--seed", "x")]
    [InlineData("--optimizer: 'nag' is not known; write sgd", "train", "--optimizer", "nag")]
    [InlineData("one argument too many", "list", "--json", "tiny")]
    public async Task Arguments_Unknown_AreToldOnceWithWhatIsMeant(string part, params string[] arguments)
    {
        var answer = await Workplace.RunElsewhereAsync(arguments);

        Assert.Equal(((int)ErrorKind.Usage, ""), (answer.Code, answer.Output));
        Assert.Contains(part, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Error, StringComparison.Ordinal);
        Assert.Single(answer.Error.Split('\n'), line => line.StartsWith("sweeps: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train", "--samples", "200", "--epochs", "1", "--save", "FILE")]
    [InlineData("train", "--save", "FILE/x")]
    [InlineData("train", "--save", "NONE/x")]
    [InlineData("run", "SWEEP", "--output", "FILE")]
    [InlineData("run", "SWEEP", "--output", "NONE/x")]
    [InlineData("resume", "tiny", "--output", "FILE")]
    [InlineData("export", "tiny", "--output", "NONE/x.csv")]
    [InlineData("export", "tiny", "--output", "HERE")]
    public async Task Output_WhereNothingCanBeWritten_IsRefusedBeforeTheWork(params string[] arguments)
    {
        using var place = new Workplace();
        var file = Path.Combine(place.Folder, "file");
        await File.WriteAllTextAsync(file, "kept");
        string[] real = [.. arguments.Select(a => a.Replace("FILE", file, StringComparison.Ordinal)
            .Replace("NONE", Path.Combine(place.Folder, "none"), StringComparison.Ordinal)
            .Replace("HERE", place.Folder, StringComparison.Ordinal)
            .Replace("SWEEP", place.SweepFile, StringComparison.Ordinal))];

        var answer = arguments[0] == "train" ? await Workplace.RunElsewhereAsync(real) : await place.RunAsync(real);

        Assert.Equal(((int)ErrorKind.Usage, ""), (answer.Code, answer.Output));
        Assert.Matches("^sweeps: --(save|output): ", answer.Error);
        Assert.Equal("kept", await File.ReadAllTextAsync(file));
        Assert.Equal(
            ["file", "tiny.yaml"], Directory.GetFileSystemEntries(place.Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("postgres://ada:topsecret@127.0.0.1:1/lab", true)]
    [InlineData("Host=127.0.0.1;Port=1;Username=ada;Password=topsecret;Database=lab", true)]
    [InlineData("postgres://ada@127.0.0.1:1/lab", false)]
    [InlineData("postgres://ada:topsecret@127.0.0.1:port/lab", false)]
    [InlineData("a:folder@here", false)]
    public void Store_WithAPassword_IsNotedWithWhereItBelongs(string store, bool isNoted)
    {
        var note = StoreOption.PasswordNote(new RootCommand { new StoreOption().Option }.Parse(["--store", store]));

        Assert.Equal(isNoted, note is not null);
        if (!isNoted)
            return;
        Assert.Contains("PGPASSWORD", note, StringComparison.Ordinal);
        Assert.Contains("PGPASSFILE", note, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_StoreWithAPassword_IsNotedOnce_AndTheStoreIsAskedFor()
    {
        var answer = await Workplace.RunElsewhereAsync("list", "--store", "postgres://ada:topsecret@127.0.0.1:1/lab");

        Assert.Equal((int)ErrorKind.Store, answer.Code);
        Assert.Single(answer.Error.Split('\n'), line => line.StartsWith("note: --store", StringComparison.Ordinal));
        Assert.DoesNotContain("topsecret", answer.Error, StringComparison.Ordinal);
    }
}

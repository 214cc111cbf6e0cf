using System.Text;
using Sweeps.Core;

namespace Sweeps.Client.Tests.Sweep.Submission;

/// <summary>'preview', 'run' and 'submit' read, note and refuse alike, and nothing is stored before.</summary>
public sealed class SubmissionTests : IDisposable
{
    private const string Digits = "data: {name: digits, samples: 200}\narchitectures: linear\nepochs: 1\n";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    public static TheoryData<string, string> Refused => new()
    {
        { "4:73: parameters.nesterov:",
            Digits + "parameters: {learning_rate: [0.1, 0.2], momentum: [0.1, 0.9], nesterov: [true, false]}\n" },
        { "4:8: folds: 10 folds need", Digits.Replace("200", "5", StringComparison.Ordinal) + "folds: 10\n" },
        { "1:31: data.samples:", Digits.Replace("200", "3", StringComparison.Ordinal) },
        { "4:13: validation:", Digits + "validation: 0.001\n" },
        { "4:13: validation:", Digits + "validation: 0.999\n" },
        { "2:16: architectures:", Digits.Replace("linear", "dense 5", StringComparison.Ordinal) },
        { "2:17: architectures:",
            "data: ./table.csv\narchitectures: [\"conv 3 3x3 | flatten | dense\"]\nfolds: 2\n" },
        { "3:20: parameters.loss:",
            "data: {path: table.csv, task: regression}\narchitectures: dense\nparameters: {loss: cross_entropy}\n" },
        { "3:9: metric:",
            "data: {path: table.csv, task: regression}\narchitectures: dense\nmetric: accuracy\nfolds: 2\n" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task File_ThatCannotBeTrained_IsRefusedAlikeWithItsLine(string place, string text)
    {
        await WriteAsync(text);

        foreach (var command in new[] { "preview", "run", "submit" })
        {
            var answer = await RunAsync(command);

            Assert.True(answer.Code == (int)ErrorKind.Usage, answer.Error);
            Assert.Contains($"{_place.SweepFile}:{place}", answer.Error, StringComparison.Ordinal);
            Assert.Equal("", answer.Output);
            Assert.False(Directory.Exists(_place.Store));
        }
    }

    [Fact]
    public async Task File_WithWhatIsWorthKnowing_IsNotedAlikeInTextAndJson()
    {
        await WriteAsync(
            Digits + "folds: 2\nprogram: t.py\nparameters: {batch_size: 500, loss: mse, optimizer: adam}\n");
        var notes = new List<string[]>();

        foreach (var command in new[] { "preview", "run", "submit" })
        {
            var answer = await RunAsync(command, "--json");
            Assert.True(answer.Code == 0, answer.Error);
            string[] told = [.. answer.Json().GetProperty("notes").EnumerateArray().Select(n => n.GetString()!)];
            var lines = answer.Error.Split('\n').Where(l => l.StartsWith("note: ", StringComparison.Ordinal));
            Assert.Equal(told, lines.Select(l => l[6..]));
            notes.Add(told);
        }

        Assert.Equal(
            ["5:1: program", "6:26: parameters.batch_size", "6:37: parameters.loss"],
            notes[0].Select(n => string.Join(": ", n[(_place.SweepFile.Length + 1)..].Split(": ").Take(2))));
        Assert.Equal(notes[0], notes[1]);
        Assert.Equal(notes[0], notes[2]);
    }

    [Theory]
    [InlineData("1:7: data: There is no file", "data: ./none.csv\n")]
    [InlineData("1:14: data.path: ", "data: {path: none.csv, label: y}\n")]
    [InlineData("1:34: data.label: ", "data: {path: ./table.csv, label: nobody}\n")]
    public async Task File_WhoseTableOrLabelIsMissing_IsRefusedAtItsLine(string place, string data)
    {
        await WriteAsync($"{data}architectures: linear\nfolds: 2\n");

        foreach (var command in new[] { "preview", "run", "submit" })
        {
            var answer = await RunAsync(command);

            Assert.Equal((int)ErrorKind.Data, answer.Code);
            Assert.Contains($"{_place.SweepFile}:{place}", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Submit_SlotsInTheFile_AreNotedToHaveNoEffect()
    {
        await WriteAsync(Digits + "folds: 2\nslots: 3\n");

        var answer = await RunAsync("submit", "--json");

        Assert.Contains(
            ":5:8: slots: has no effect", answer.Json().GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FreshWithoutAnOlderSweep_SaysThatItHasNoEffect() => Assert.Contains(
        "--fresh has no effect", (await _place.RunSweepAsync("--fresh", "--json")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task File_InAnotherEncoding_NamesTheByteAndItsLine()
    {
        var bytes = Encoding.Latin1.GetBytes(Digits + "name: caf\u00e9\n");
        await File.WriteAllBytesAsync(_place.SweepFile, bytes);

        var answer = await RunAsync("run");

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains($"{_place.SweepFile}:4:10: the byte E9 is not UTF-8", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public async Task File_WithAByteOrderMark_IsRead(string encoding)
    {
        await File.WriteAllTextAsync(
            _place.SweepFile, Digits + "folds: 2\r\nfoldz: 3\r\n", Encoding.GetEncoding(encoding));

        var answer = await RunAsync("run");

        Assert.Contains($"{_place.SweepFile}:5:1: foldz: ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_OfAnotherScript_IsNotedWithTheId()
    {
        await WriteAsync(Digits + "folds: 2\nname: \u6f14\u7fd2 1\n");

        var answer = await RunAsync("submit");

        Assert.StartsWith("1 submitted", answer.Output, StringComparison.Ordinal);
        Assert.Contains("note: the sweep's id is 1: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("--name ID", answer.Error, StringComparison.Ordinal);
    }

    /// <summary>Its name gives no id: the files it ends with have the one that was chosen.</summary>
    [Fact]
    public async Task KeptFile_OfANameWithoutAnId_HasTheChosenOne()
    {
        await WriteAsync(Digits + "folds: 2\nname: \u6f14\u7fd2\n");

        var run = await RunAsync("run", "--name", "lab");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains(
            "name: lab\n", await File.ReadAllTextAsync(_place.Results("lab", "sweep.yaml")), StringComparison.Ordinal);
        Assert.True(File.Exists(_place.Results("lab", "model.safetensors")));
    }

    /// <summary>Earlier versions left letters with accents out of ids.</summary>
    [Fact]
    public async Task Submit_StoredUnderAnEarlierVersionsId_IsThatSweep()
    {
        await WriteAsync(Digits + "folds: 2\nname: \u00dcbung 1\n");
        await RunAsync("submit", "--name", "bung-1");

        Assert.StartsWith("bung-1 was already submitted", (await RunAsync("submit")).Output, StringComparison.Ordinal);
        Assert.StartsWith("ubung-1 submitted", (await RunAsync("submit", "--fresh")).Output, StringComparison.Ordinal);
    }

    /// <summary>The kept file is the sweep under its id, beside another of the same file.</summary>
    [Fact]
    public async Task KeptFile_OfARunUnderANameOfItsOwn_IsThatSweep()
    {
        await WriteAsync(Digits + "folds: 2\nname: lab\n");
        Assert.Equal(0, (await RunAsync("submit", "--seed", "3")).Code);
        var run = await RunAsync("run", "--name", "lr", "--json");
        var kept = _place.Results("lr", "sweep.yaml");

        var again = await _place.RunAsync("run", kept, "--json");

        Assert.Contains("name: lr\n", await File.ReadAllTextAsync(kept), StringComparison.Ordinal);
        Assert.True(again.Code == 0, again.Error);
        Assert.Equal(
            (run.Json().GetProperty("id").GetString(), run.Json().GetProperty("digest").GetString()),
            (again.Json().GetProperty("id").GetString(), again.Json().GetProperty("digest").GetString()));
    }

    private Task<Workplace.Answer> RunAsync(string command, params string[] more) => command == "preview"
        ? Workplace.RunElsewhereAsync([command, _place.SweepFile, .. more])
        : _place.RunAsync([command, _place.SweepFile, .. more]);

    private async Task WriteAsync(string text)
    {
        await File.WriteAllTextAsync(_place.SweepFile, text);
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i}.5,{i * 2}.25,{i}.75\n"));
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "table.csv"), "a,b,y\n" + rows);
    }
}

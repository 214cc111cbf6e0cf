using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sweeps.Core;
using Sweeps.Tests;

namespace Sweeps.Client.Tests.Report;

/// <summary>The page of a sweep, opened from disk in a real browser without a network.</summary>
[Trait("Speed", "slow")]
public sealed partial class ReportCommandTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    private static readonly string[] s_sections =
    [
        "Answer", "Ranking", "Time and size", "Parameters", "Learning curves", "Test set", "Network", "Timeline",
        "Audit and file",
    ];

    [BrowserFact]
    public async Task Run_Ended_WritesAPageWithEveryPart()
    {
        var page = sweep.Place.Results("tiny", "report.html");
        using var results = JsonDocument.Parse(
            await File.ReadAllTextAsync(sweep.Place.Results("tiny", "results.json")));

        var (document, console) = await Browser.OpenAsync(page);

        Assert.Empty(console);
        Assert.Contains("data-drawn=\"yes\"", document, StringComparison.Ordinal);
        Assert.Equal(s_sections, Heading().Matches(document).Select(match => match.Groups[1].Value));
        string[] charts =
        [
            "validation accuracy by training time", "validation accuracy by weights",
            "validation accuracy by architecture", "validation accuracy by learning rate",
            "validation accuracy by architecture and learning rate", "loss by epoch", "accuracy by epoch",
            "validation accuracy in the order of the search",
            "Confusion matrix", "ROC curves, each class against all others", "Slots",
        ];
        Assert.Equal(charts.Order(), Chart().Matches(document).Select(match => match.Groups[1].Value).Order());
        Assert.Equal(charts.Length, Drawn().Count(document));
        Assert.DoesNotContain("cannot be drawn", Body(document), StringComparison.Ordinal);
        AssertHasNumbers(document, results.RootElement);
    }

    [Fact]
    public async Task Report_Json_HasTheNumbersOfTheResults()
    {
        using var results = JsonDocument.Parse(
            await File.ReadAllTextAsync(sweep.Place.Results("tiny", "results.json")));

        var answer = await sweep.Place.RunAsync("report", "tiny", "--json");

        Assert.True(answer.Code == 0, answer.Error);
        var report = answer.Json();
        Assert.True(JsonElement.DeepEquals(results.RootElement, report.GetProperty("results")));
        var curves = report.GetProperty("curves")[0];
        var trial = curves.GetProperty("trials")[1];
        var record = await sweep.Place.RunAsync(
            "show", "tiny", "--json", "--trial", trial.GetProperty("trial").GetString()!);
        var epochs = record.Json().GetProperty("epochs");
        Assert.Equal(
            epochs.EnumerateArray().Select(epoch => epoch.GetProperty("validation_loss").GetDouble()),
            trial.GetProperty("validation_loss").EnumerateArray().Select(value => value.GetDouble()));
        // 4 configurations x 2 folds and the refit, each trained once, on 2 slots, of which one may have been too slow.
        Assert.Equal(9, report.GetProperty("timeline").GetProperty("bars").GetArrayLength());
        Assert.InRange(report.GetProperty("timeline").GetProperty("lanes").GetArrayLength(), 1, 2);
        Assert.Equal(10, report.GetProperty("model").GetProperty("roc_curves").GetArrayLength());
    }

    [BrowserFact]
    public async Task Report_HostileNames_ArePlainText()
    {
        using var place = new Workplace();
        const string Name = "größe </script><script>document.title='taken'</script> 数字 & \"x\"";
        await File.WriteAllTextAsync(place.SweepFile, Workplace.Tiny
            .Replace("name: tiny", $"name: {JsonSerializer.Serialize(Name)}", StringComparison.Ordinal)
            .Replace("learning_rate: [0.003, 0.03]", "learning_rate: 0.003", StringComparison.Ordinal)
            .Replace("folds: 2", "validation: 0.3", StringComparison.Ordinal));
        var run = await place.RunSweepAsync("--json");
        Assert.True(run.Code == 0, run.Error);
        var file = Path.Combine(place.Folder, "page.html");

        var answer = await place.RunAsync("report", run.Json().GetProperty("id").GetString()!, "--output", file);
        var (document, console) = await Browser.OpenAsync(file);

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Empty(console);
        Assert.Contains("data-drawn=\"yes\"", document, StringComparison.Ordinal);
        var title = document[(document.IndexOf("<h1>", StringComparison.Ordinal) + 4)..];
        Assert.Equal(Name, WebUtility.HtmlDecode(title[..title.IndexOf("</h1>", StringComparison.Ordinal)]));
        Assert.DoesNotContain("<title>taken</title>", document, StringComparison.Ordinal);
    }

    /// <summary>Charts have tags of their own, and a class named as one of them is no tag.</summary>
    [BrowserFact]
    public async Task Report_ClassesNamedAsTags_AreShownAsTheyAre()
    {
        using var place = new Workplace();
        var rows = Enumerable.Range(0, 80).Select(row => row % 2 == 0 ? $"{row},<i>cat</i>" : $"{-row},a &amp; b");
        await File.WriteAllLinesAsync(Path.Combine(place.Folder, "t.csv"), rows.Prepend("x,kind"));
        await File.WriteAllTextAsync(place.SweepFile, """
            name: tiny
            data: t.csv
            architectures: [dense]
            parameters: {learning_rate: [0.01, 0.1], batch_size: 10}
            validation: 0.3
            epochs: 2
            """);
        var run = await place.RunAsync("run", place.SweepFile, "--slots", "1", "--json");
        Assert.True(run.Code == 0, run.Error);

        var (document, console) = await Browser.OpenAsync(place.Results("tiny", "report.html"));

        Assert.Empty(console);
        var texts = ChartText().Matches(document)
            .Select(match => WebUtility.HtmlDecode(Tag().Replace(match.Groups[1].Value, ""))).ToList();
        foreach (var name in (string[])["<i>cat</i>", "a &amp; b"])
            Assert.Contains(texts, text => text.Contains(name, StringComparison.Ordinal));
    }

    [BrowserTheory]
    [InlineData("regression")]
    [InlineData("diverged")]
    [InlineData("single")]
    public async Task Report_PoorSweep_IsASensiblePage(string kind)
    {
        using var place = new Workplace();
        await File.WriteAllTextAsync(place.SweepFile, await FileOfAsync(kind, place));
        var run = await place.RunAsync("run", place.SweepFile, "--slots", "2", "--json");
        Assert.NotEmpty(run.Output);

        var (document, console) = await Browser.OpenAsync(place.Results("tiny", "report.html"));

        Assert.Empty(console);
        Assert.Contains("data-drawn=\"yes\"", document, StringComparison.Ordinal);
        var text = Tag().Replace(Body(document), " ");
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("undefined", text, StringComparison.Ordinal);
        Assert.Contains(
            kind switch
            {
                "regression" => "mean absolute error",
                "diverged" => "every training diverged",
                _ => "The one configuration is",
            },
            document,
            StringComparison.Ordinal);
    }

    /// <summary>Filters of one pixel, and names of classes that begin alike.</summary>
    [BrowserFact]
    public async Task Report_OddNetworkAndNames_HasEveryPart()
    {
        using var place = new Workplace();
        await File.WriteAllTextAsync(place.SweepFile, Workplace.Tiny
            .Replace(
                "{linear: linear, small: flatten | dense 8 relu | dense}",
                "{pixel: conv 2 1x1 relu | flatten | dense}",
                StringComparison.Ordinal)
            .Replace("learning_rate: [0.003, 0.03]", "learning_rate: 0.003", StringComparison.Ordinal));
        Assert.Equal(0, (await place.RunSweepAsync("--json")).Code);

        var (document, console) = await Browser.OpenAsync(place.Results("tiny", "report.html"));

        Assert.Empty(console);
        Assert.Contains("What the filters of the first layer see", document, StringComparison.Ordinal);
        Assert.Contains("data-drawn=\"yes\"", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PageThatCannotBeWritten_StillPrintsTheReport()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place.Results("tiny", "report.html"));

        var answer = await place.RunSweepAsync();

        Assert.Equal(0, answer.Code);
        Assert.Contains("report.html", answer.Error, StringComparison.Ordinal);
        Assert.Contains("digest", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_FileThatCannotBe_IsRefusedBeforeWork()
    {
        var answer = await sweep.Place.RunAsync("report", "tiny", "--output", sweep.Place.Folder);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains("is a folder; name a file", answer.Error, StringComparison.Ordinal);
    }

    private static void AssertHasNumbers(string document, JsonElement results)
    {
        var text = WebUtility.HtmlDecode(Tag().Replace(Body(document), " "));
        foreach (var row in results.GetProperty("configurations").EnumerateArray())
        {
            var mean = row.GetProperty("mean").GetDouble().ToString(
                "0.0000", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains(mean, text, StringComparison.Ordinal);
        }

        Assert.Contains(results.GetProperty("digest").GetString()!, text, StringComparison.Ordinal);
        var counts = results.GetProperty("confusion").EnumerateArray()
            .SelectMany(row => row.EnumerateArray().Select(count => count.GetInt32())).ToList();
        var right = results.GetProperty("test_accuracy").GetDouble();
        Assert.Contains(
            $"classifies {(100 * right).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)} % of the "
                + $"{counts.Sum():N0} test samples rightly",
            text,
            StringComparison.Ordinal);
    }

    private static async Task<string> FileOfAsync(string kind, Workplace place)
    {
        if (kind == "regression")
        {
            var table = Path.Combine(place.Folder, "line.csv");
            var rows = Enumerable.Range(0, 60).Select(row => $"{row},{(row * 7) % 11},{3 * row}");
            await File.WriteAllTextAsync(table, "x,z,y\n" + string.Join('\n', rows) + "\n");
            return Workplace.Tiny.Replace(
                "data: digits", "data: {path: line.csv, label: y, task: regression}", StringComparison.Ordinal);
        }

        var few = Workplace.Tiny.Replace(
            "data: digits", "data: {name: digits, samples: 200}", StringComparison.Ordinal);
        return kind == "single"
            ? few.Replace("learning_rate: [0.003, 0.03]", "learning_rate: 0.003", StringComparison.Ordinal)
                .Replace("{linear: linear, small: flatten | dense 8 relu | dense}", "linear", StringComparison.Ordinal)
            : few.Replace("learning_rate: [0.003, 0.03]", "learning_rate: [1.0e+5, 1.0e+6]", StringComparison.Ordinal)
                .Replace("{linear: linear, small: flatten | dense 8 relu | dense}", "linear", StringComparison.Ordinal)
                .Replace("optimizer: adam", "optimizer: sgd, loss: mse", StringComparison.Ordinal)
                .Replace("epochs: 2", "epochs: 4", StringComparison.Ordinal);
    }

    // What a reader sees: without scripts, and without plotly's own style.
    private static string Body(string document) =>
        Script().Replace(document[document.IndexOf("<body", StringComparison.Ordinal)..], "");

    [GeneratedRegex("<h2>(.*?)</h2>")]
    private static partial Regex Heading();

    [GeneratedRegex("<figure><h3>(.*?)</h3>")]
    private static partial Regex Chart();

    [GeneratedRegex("class=\"main-svg\"[^>]*><defs id=\"defs")]
    private static partial Regex Drawn();

    [GeneratedRegex("<script.*?</script>|<style.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<text[^>]*>(.*?)</text>", RegexOptions.Singleline)]
    private static partial Regex ChartText();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}

using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using StbImageSharp;
using Sweeps.Client.Plots;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;
using Sweeps.Training.Data;

namespace Sweeps.Client.Tests.Plots;

/// <summary>
/// Pictures of a sweep: their numbers are the page's, as a real browser has them, and their files are whole.
/// </summary>
[Trait("Speed", "slow")]
public sealed class PlotCommandTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    private const string Dump = """
        <script>
        const traces = document.createElement('pre');
        traces.id = 'traces';
        traces.textContent = JSON.stringify([...document.querySelectorAll('figure')].map(figure => ({
          title: figure.querySelector('h3')?.textContent, data: figure.querySelector('.chart')?.data })));
        document.body.append(traces);
        </script>
        """;

    [BrowserFact]
    public async Task Charts_EachNumber_IsThePagesOwn()
    {
        var page = await TracesAsync();
        var pictures = SweepCharts.Of(await ReportAsync());
        Chart Of(string name, int panel = 0) => pictures.Single(picture => picture.Name == name).Panels()[panel];

        AssertSamePoints(page["validation accuracy by training time"], Of("time"));
        AssertSamePoints(page["validation accuracy by weights"], Of("weights"));
        AssertSamePoints(page["validation accuracy by learning rate"], Of("learning_rate"));
        AssertSamePoints(page["validation accuracy in the order of the search"], Of("history"));
        AssertSamePoints(page["loss by epoch"], Of("curves"));
        AssertSamePoints(page["accuracy by epoch"], Of("curves", 1));
        AssertSamePoints(page["ROC curves, each class against all others"], Of("roc"));
        var bars = page["validation accuracy by architecture"][0];
        Assert.Equal(Numbers(bars.GetProperty("y")), Of("architecture").Bars.Select(bar => bar.Value));
        Assert.Equal(
            Numbers(bars.GetProperty("error_y").GetProperty("array")),
            Of("architecture").Bars.Select(bar => bar.Spread));
        AssertSameCells(page["validation accuracy by architecture and learning rate"], Of("heatmap"));
        AssertSameCells(page["Confusion matrix"], Of("confusion"));
        Assert.Equal(
            page["Confusion matrix"][0].GetProperty("text").EnumerateArray().SelectMany(row => row.EnumerateArray())
                .Select(text => text.GetString()),
            Of("confusion").Cells.Select(cell => cell.Text));
        var slots = page["Slots"].Single();
        Assert.Equal(Numbers(slots.GetProperty("base")), Of("timeline").Spans.Select(span => span.From));
        Assert.Equal(
            Numbers(slots.GetProperty("x")),
            Of("timeline").Spans.Select(span => Math.Max(span.To - span.From, 0.001)));
    }

    [Fact]
    public async Task Plot_All_WritesEachPictureOfTheList()
    {
        var folder = Path.Combine(sweep.Place.Folder, "all");

        var list = await sweep.Place.RunAsync("plot", "tiny", "--json");
        var answer = await sweep.Place.RunAsync("plot", "tiny", "all", "--output", folder, "--dpi", "96");

        Assert.True(answer.Code == 0, answer.Error);
        var names = list.Json().GetProperty("pictures").EnumerateArray()
            .Select(picture => picture.GetProperty("name").GetString()).ToList();
        Assert.Equal(
            [
                "time", "weights", "architecture", "learning_rate", "heatmap", "parallel", "curves", "confusion", "roc",
                "timeline", "history",
            ],
            names);
        Assert.Equal(
            names.Select(name => $"{name}.png").Order(), Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        foreach (var file in Directory.GetFiles(folder))
            AssertDrawn(file, minWidth: 700);
    }

    [Fact]
    public async Task Parallel_OfASweep_HasALineForEachConfigurationWithTheBestOnTop()
    {
        var report = await ReportAsync();
        var means = ReportRow.Of(report).Select(row => row.Mean).ToList();

        var chart = SweepCharts.Of(report).Single(picture => picture.Name == "parallel").Panels()[0];

        Assert.Equal(means.Order(), chart.Lines.Select(line => line.Value));
        Assert.Equal(1, chart.Lines[^1].Heights[^1]);
        Assert.Equal(0, chart.Lines[0].Heights[^1]);
        Assert.All(chart.Lines, line => Assert.Equal(chart.Across.Names!.Count, line.Heights.Count));
        Assert.All(chart.Lines.SelectMany(line => line.Heights), height => Assert.InRange(height, 0, 1));
        // Each of both architectures and both learning rates is named beside its axis.
        Assert.Equal(2, chart.Marks.Count(mark => mark.Place == 0));
    }

    [Fact]
    public async Task Plot_AllIntoWhatLooksLikeAFile_IsAnErrorAndMakesNothing()
    {
        var file = Path.Combine(sweep.Place.Folder, "x.svg");

        var answer = await sweep.Place.RunAsync("plot", "tiny", "all", "--output", file);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains("a folder with 'all'", answer.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(file));
    }

    [Fact]
    public async Task Plot_SizeAndDpi_AreThePicturesOwn()
    {
        var file = Path.Combine(sweep.Place.Folder, "small.png");

        var answer = await sweep.Place.RunAsync(
            "plot", "tiny", "time", "--output", file, "--size", "400x300", "--dpi", "144");

        Assert.True(answer.Code == 0, answer.Error);
        var image = ImageResult.FromMemory(await File.ReadAllBytesAsync(file), ColorComponents.RedGreenBlue);
        Assert.Equal((600, 450), (image.Width, image.Height));
        var resolution = (await File.ReadAllBytesAsync(file)).AsSpan(33);
        Assert.Equal("pHYs"u8, resolution[4..8]);
        Assert.Equal(5669, BinaryPrimitives.ReadInt32BigEndian(resolution[8..]));
    }

    /// <summary>The bytes that many programs write for 72 pixels an inch.</summary>
    [Fact]
    public void WithResolution_Of72_IsTheWellKnownChunk()
    {
        var png = PngImage.WithResolution(new PngImage(2, 2, 7).ToPng(), 72);

        Assert.Equal(
            Convert.FromHexString("00000009704859730000" + "0B1300000B1301009A9C18"), png.AsSpan(33, 21).ToArray());
        Assert.Equal(2, ImageResult.FromMemory(png).Width);
    }

    [Fact]
    public async Task Plot_Svg_HasItsWords()
    {
        var file = Path.Combine(sweep.Place.Folder, "confusion.svg");

        var answer = await sweep.Place.RunAsync("plot", "tiny", "confusion", "--output", file);

        Assert.True(answer.Code == 0, answer.Error);
        var texts = XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "text")
            .Select(element => element.Value.Trim()).ToList();
        Assert.Contains("predicted class", texts);
        Assert.Contains("true class", texts);
        Assert.Contains("tiny: confusion matrix", texts);
    }

    [Fact]
    public async Task Plot_Pdf_IsOnePage()
    {
        var file = Path.Combine(sweep.Place.Folder, "roc.pdf");

        var answer = await sweep.Place.RunAsync("plot", "tiny", "roc", "--output", file);

        Assert.True(answer.Code == 0, answer.Error);
        var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
        Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
        Assert.Contains("/Count 1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tine", "did you mean 'time'?")]
    [InlineData("predicted", "known: time, weights")]
    public async Task Plot_PictureThatIsNotThere_NamesThoseThatAre(string kind, string expected)
    {
        var answer = await sweep.Place.RunAsync("plot", "tiny", kind);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--output: 'x.gif' is not allowed", "time", "--output", "x.gif")]
    [InlineData("--size: '10x10' is not allowed", "time", "--size", "10x10")]
    [InlineData("--size: '720' is not allowed", "time", "--size", "720")]
    [InlineData("--configuration: there are no epochs of configuration 99", "curves", "--configuration", "99")]
    public async Task Plot_ValueThatCannotBe_IsRefused(string expected, params string[] arguments)
    {
        var answer = await sweep.Place.RunAsync(["plot", "tiny", .. arguments]);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plot_Configuration_IsThatOnesCurves()
    {
        var report = await ReportAsync(configuration: 1);

        var picture = SweepCharts.Of(report, 1).Single(each => each.Name == "curves");

        Assert.Contains("configuration 1", picture.Panels()[0].Title, StringComparison.Ordinal);
    }

    /// <summary>A letter that is nowhere is named, and the rest is drawn.</summary>
    [Fact]
    public void Fonts_OwnFont_HasTheLettersOfEurope()
    {
        var font = PictureFonts.Known.For(["größe ± αβγ Ωμ ÅÉŁŽ Ёжик … → ≤ %"], out var missing);

        Assert.Equal((PictureFonts.Own, ""), (font, missing));
        Assert.Equal("Inter", PictureFonts.Known.Typeface(font, isBold: true).FamilyName);
        // A silo of the same process would look into the package's assembly, and miss what that refers to.
        Assert.DoesNotContain(
            AppDomain.CurrentDomain.GetAssemblies(),
            assembly => assembly.GetName().Name!.StartsWith("Avalonia", StringComparison.Ordinal));
        PictureFonts.Known.For(["a\U0010FFFD"], out missing);
        Assert.Equal("\U0010FFFD", missing);
    }

    [Fact]
    public void Apart_LongNamesThatBeginAlike_StayTwo()
    {
        var names = ShortText.Apart(
            ["conv 32 5x5 same relu | flatten | dense a", "conv 32 5x5 same relu | flatten | b"]);

        Assert.Equal(2, names.Distinct().Count());
        Assert.All(names, name => Assert.InRange(name.Length, 1, ShortText.NameLength));
    }

    private static void AssertDrawn(string file, int minWidth)
    {
        var image = ImageResult.FromMemory(File.ReadAllBytes(file), ColorComponents.RedGreenBlue);
        Assert.True(image.Width >= minWidth, $"{file} is {image.Width} wide");
        var colors = image.Data.Chunk(3).Select(pixel => (pixel[0] << 16) | (pixel[1] << 8) | pixel[2]).ToList();
        Assert.True(colors.Distinct().Count() > 20, $"{file} has hardly any colours");
        // White at its corners, and not white alone.
        Assert.Equal(0xFFFFFF, colors[0]);
        Assert.InRange(colors.Count(color => color == 0xFFFFFF), colors.Count / 10, colors.Count - 2000);
    }

    private static void AssertSamePoints(IReadOnlyList<JsonElement> traces, Chart chart)
    {
        Assert.Equal(
            traces.SelectMany(trace => Numbers(trace.GetProperty("x")).Zip(Numbers(trace.GetProperty("y")))),
            chart.Series.SelectMany(series => series.Points));
        Assert.Equal(
            traces.Where(trace => trace.TryGetProperty("error_y", out _))
                .SelectMany(trace => Numbers(trace.GetProperty("error_y").GetProperty("array"))),
            chart.Series.SelectMany(series => series.Spread ?? []));
    }

    private static void AssertSameCells(IReadOnlyList<JsonElement> traces, Chart chart) => Assert.Equal(
        traces[0].GetProperty("z").EnumerateArray().SelectMany(Numbers),
        chart.Cells.OrderBy(cell => cell.Row).ThenBy(cell => cell.Column).Select(cell => cell.Value));

    private static IEnumerable<double> Numbers(JsonElement list) => list.EnumerateArray()
        .Select(number => number.ValueKind == JsonValueKind.Null ? double.NaN : number.GetDouble());

    private async Task<SweepReport> ReportAsync(int? configuration = null)
    {
        await using var store = await StoreFactory.OpenAsync(
            StoreAddress.Parse(sweep.Place.Store), new() { Access = StoreAccess.ReadOnly });
        var sets = new DataSets(DataFolders.FromEnvironment(null));
        return await SweepReport.ReadAsync(
            store, "tiny", ResultFiles.FolderOf(store.Address, "tiny"),
            (plan, token) => ReportCommand.LoadAsync(store, sets, plan, token), curvesOf: configuration);
    }

    private async Task<Dictionary<string, IReadOnlyList<JsonElement>>> TracesAsync()
    {
        var file = Path.Combine(sweep.Place.Folder, "traces.html");
        var answer = await sweep.Place.RunAsync("report", "tiny", "--output", file);
        Assert.True(answer.Code == 0, answer.Error);
        var html = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, html.Insert(html.LastIndexOf("</body>", StringComparison.Ordinal), Dump));
        var (document, _) = await Browser.OpenAsync(file);
        var start = document.IndexOf("<pre id=\"traces\">", StringComparison.Ordinal) + "<pre id=\"traces\">".Length;
        var json = WebUtility.HtmlDecode(document[start..document.IndexOf("</pre>", start, StringComparison.Ordinal)]);
        return JsonDocument.Parse(json).RootElement.EnumerateArray()
            .Where(figure => figure.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array)
            .ToDictionary(
                figure => figure.GetProperty("title").GetString()!,
                figure => (IReadOnlyList<JsonElement>)[.. figure.GetProperty("data").EnumerateArray()]);
    }
}

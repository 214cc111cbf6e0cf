using System.Net;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Dashboard.Pages;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Store.Contract;
using Sweeps.Tests;

namespace Sweeps.Dashboard.Tests;

/// <summary>That pages name what they show, and say what they do not.</summary>
public sealed class WordsTests(OneBrowser browser) : SiteTests(browser)
{
    private const string Hidden = "flatten | dense 8 relu | dense";

    // Searched are the learning rate and what configurations do without where it is 0 or false.
    private static readonly string s_searching = MadeSweep.Specification
        .Replace("""{"linear":"linear"}""", $$"""{"linear":"linear","small":"{{Hidden}}"}""", StringComparison.Ordinal)
        .Replace("""["linear"]""", """["linear","small"]""", StringComparison.Ordinal)
        .Replace(
            "\"batch_size\"",
            """
            "label_smoothing":{"values":[0,0.1]},"nesterov":{"values":[true,false]},"clip_norm":{"value":1},"batch_size"
            """,
            StringComparison.Ordinal);

    [Fact]
    public async Task Trial_SearchedParametersThatItDoesWithout_AreNamed()
    {
        var sweep = await MadeSweep.SubmitAsync(
            Store, "zero", 2, specification: s_searching,
            change: point => point with { Optimizer = OptimizerKind.Sgd });
        await sweep.CompleteAsync(1, _ => 0.8);
        await using var follower = new StoreFollower(Store, Timeout.InfiniteTimeSpan);

        var facts = await (await follower.OpenAsync("zero")).LookAsync(
            (state, history) => TrialFacts.Of(state, history, new(0, 0)));

        Assert.Contains(("label smoothing", "0"), facts!.Settings);
        Assert.Contains(("nesterov", "false"), facts.Settings);
        // It is the same for all, and this one was made without it.
        Assert.DoesNotContain("clip norm", facts.Settings.Select(setting => setting.Name));
        var record = new TrialRecord((await SweepView.OpenAsync(Store, "zero")).State, new(0, 0), [], []);
        var output = new StringWriter();
        new Client.Sweep.Show.TrialPage(record, Screen.On(output)).Write();
        Assert.Contains("label smoothing 0", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SoFar_Searched_NamesThatAlone()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "partly", 2, specification: s_searching);
        await sweep.CompleteAsync(1, _ => 0.8);
        var state = (await SweepView.OpenAsync(Store, "partly")).State;
        var output = new StringWriter();

        new PartialTable(PartialScores.Of(state), "validation_accuracy", ArchitectureNames.Of(state.Plan))
            .Write(Screen.On(output));

        var row = output.ToString().Split('\n').First(line => line.Contains("1 of 2", StringComparison.Ordinal));
        Assert.Contains("label smoothing 0, learning rate 0.001", row, StringComparison.Ordinal);
        Assert.DoesNotContain("adam", row, StringComparison.Ordinal);
        Assert.DoesNotContain("batch", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_WhatRuns_HasTheNamesOfArchitectures()
    {
        await MadeSweep.SubmitAsync(Store, "named", 2, specification: s_searching);
        await Store.Silos.RegisterAsync(new("north", "north-1", "host", "1.0", 1, "numerics")
        {
            Lease = TimeSpan.FromHours(1),
        });
        var activity = new TrialActivity(
            0, new("named", 1, 0, 1), $"{Hidden} adam lr 0.002 batch 100", 1, 3, 0.5, 0.25, 100);
        await Store.Silos.HeartbeatAsync(new("north-1", 1, SiloTraining.Write([activity]), 100));
        using var client = new HttpClient();

        var page = await client.GetStringAsync(Pages.Address("silos"));

        Assert.Contains("<td class=\"text\">small adam lr 0.002 batch 100</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_TrialsThatAreNone_SaysWhich()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "beside", 2);
        await sweep.CompleteAsync(2, MadeSweep.Growing);
        using var client = new HttpClient();
        var many = string.Join(",", Enumerable.Repeat("0/1", 14));

        var some = await client.GetStringAsync(Pages.Address("compare?id=beside&trials=0/0,99/0,foo"));
        var all = await client.GetStringAsync(Pages.Address("compare?id=beside&trials=0/0,0/1"));
        var more = await client.GetStringAsync(Pages.Address($"compare?id=beside&trials={many}"));

        Assert.Contains("Not found in this sweep: 99/0, foo.", some, StringComparison.Ordinal);
        Assert.Contains("trial=0/0", some, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"mistake\"", all, StringComparison.Ordinal);
        Assert.Contains("The first 12 are shown, and 2 more are not.", more, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothere")]
    [InlineData("sweeps/digits")]
    [InlineData("nowhere")]
    public async Task Address_Unknown_IsAPageWithTheWayToTheStart(string path)
    {
        using var client = new HttpClient();

        using var answer = await client.GetAsync(Pages.Address(path));

        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", page, StringComparison.Ordinal);
        Assert.Contains("<base href=\"/\"", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"./\">All sweeps</a>", page, StringComparison.Ordinal);
    }

    [BrowserFact]
    [Trait("Speed", "slow")]
    public async Task Address_Unknown_StaysThatPageWhenItLives()
    {
        var page = await Pages.OpenAsync("not/here");

        Assert.Equal("There is no such page", await page.TextContentAsync("h1"));
        await page.ClickAsync("main a");
        await page.WaitForSelectorAsync("h1:text-is('Sweeps')");
        Assert.Equal(Pages.Address(""), page.Url);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("page.css", HttpStatusCode.OK)]
    [InlineData("nothere", HttpStatusCode.NotFound)]
    public async Task Head_OfAPage_IsAnsweredAsItsGetWithoutABody(string path, HttpStatusCode expected)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, Pages.Address(path));

        using var answer = await client.SendAsync(request);
        using var whole = await client.GetAsync(Pages.Address(path));

        Assert.Equal((expected, expected), (answer.StatusCode, whole.StatusCode));
        Assert.Equal(whole.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0.0, null, null)]
    [InlineData(0.1, null, "includes label smoothing (0.1), the")]
    [InlineData(null, "balanced", "includes class weights, the")]
    [InlineData(0.1, "balanced", "includes label smoothing (0.1) and class weights, the")]
    public void LossNote_OfWhatOnlyLearningHas_NamesIt(double? smoothing, string? weights, string? expected)
    {
        var note = LearningCurves.NoteOf(new()
        {
            Architecture = "linear",
            LearningRate = 0.1,
            BatchSize = 10,
            Epochs = 1,
            LabelSmoothing = smoothing,
            ClassWeights = weights,
        });

        Assert.Equal(expected is null, note is null);
        Assert.Contains(expected ?? "", note ?? "", StringComparison.Ordinal);
    }

    /// <summary>The word for the lowest loss stands above the curves, and the note below the loss.</summary>
    [BrowserFact]
    [Trait("Speed", "slow")]
    public async Task Learning_Smoothed_SaysSoAndItsLabelIsOnNoCurve()
    {
        var sweep = await MadeSweep.SubmitAsync(
            Store, "smooth", 1, change: point => point with { LabelSmoothing = 0.1 });
        await sweep.CompleteAsync(2, MadeSweep.Growing);
        foreach (var fold in (int[])[0, 1])
        {
            await Store.Metrics.PutAsync([.. Enumerable.Range(1, 6).Select(epoch => new MetricRow(
                new("smooth", 0, fold), 1,
                new(epoch, 1.0 / epoch, 0.5, 1 + Math.Abs(epoch - 4), 0.9, 1, 0.1, 1, 1_000)))]);
        }

        foreach (var path in (string[])["sweep?id=smooth&part=learning", "trial?id=smooth&trial=0/0"])
        {
            var page = await Pages.OpenAsync(path);
            await Site.ChartsAsync(page);
            Assert.Equal(1, await page.Locator("figcaption:has-text('includes label smoothing (0.1)')").CountAsync());
            var places = await page.EvaluateAsync<double[]>("""
                () => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
                  const place = selector => plot.querySelector(selector).getBoundingClientRect();
                  const label = place('.annotation-text');
                  return [
                    place('.nsewdrag').top - label.bottom, label.top - place('.modebar').bottom]; })
                """);
            Assert.Equal(4, places.Length);
            Assert.All(places, room => Assert.InRange(room, -1, 30));
        }

        var beside = await Pages.OpenAsync("compare?id=smooth&trials=0/0,0/1");
        await Site.ChartsAsync(beside);
        Assert.Equal(1, await beside.Locator("figcaption:has-text('trial 0/1: The training loss')").CountAsync());
        Assert.Equal(0, await (await Pages.OpenAsync("sweep?id=smooth")).Locator("figcaption:has-text('smoothing')")
            .CountAsync());
    }
}

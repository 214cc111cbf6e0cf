using System.Text.Json;
using System.Text.RegularExpressions;
using Bunit;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Dashboard.Pages;
using Sweeps.Client.Report;
using Sweeps.Core;
using Sweeps.Core.State;
using Sweeps.Silo;
using Sweeps.Store.Doubles;

namespace Sweeps.Dashboard.Tests;

/// <summary>What stands between the store and the pages: reading on, what charts show, orders of tables.</summary>
public sealed class FollowingTests : IAsyncDisposable
{
    private readonly MemoryStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Follower_AWatchedSweep_IsReadOnWithoutBeingAsked()
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "one", 2);
        await using var follower = NewFollower();
        var changed = new SemaphoreSlim(0);
        using var watch = follower.Watch(() => changed.Release());
        var followed = await follower.OpenAsync("one");
        Assert.Equal(0, followed.Head!.Totals.Completed);

        await sweep.CompleteAsync(4, MadeSweep.Growing);

        await WaitAsync(changed, () => followed.Head.IsOver);
        Assert.Equal(4, followed.Head.Totals.Completed);
        Assert.Equal([1, 0], (await followed.RankingAsync())!.Rows.Select(row => row.Index));
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Follower_AStoreThatDoesNotAnswer_IsSaidUntilItDoesAndWhatIsShownGrowsOlder()
    {
        using var answers = new ManualResetEventSlim(initialState: true);
        await using var silent = new FaultyStore(new MemoryStore(), _ =>
        {
            answers.Wait();
            return StoreFault.None;
        });
        await using var follower = new StoreFollower(silent, patience: TimeSpan.FromMilliseconds(50));
        var changed = new SemaphoreSlim(0);
        using var watch = follower.Watch(() => changed.Release());
        await WaitAsync(changed, () => follower is { Problem: null, Silos: not null });

        answers.Reset();
        try
        {
            await WaitAsync(changed, () => follower.Problem == "it does not answer.");
            var age = follower.SilosAge;
            await WaitAsync(changed, () => follower.SilosAge > age + TimeSpan.FromSeconds(2));
            // Who asks for a page then does not wait for the store.
            await follower.FreshAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }
        finally
        {
            answers.Set();
        }

        await WaitAsync(changed, () => follower.Problem is null);
    }

    /// <summary>Who has no scripts sees a page once: nothing brings it up to date.</summary>
    [Theory]
    [InlineData("", ">4/4<", ">0/4<")]
    [InlineData("sweep?id=one", ">4 of 4 trials<", ">0 of 4 trials<")]
    [InlineData("sweep?id=one&part=trials", "state completed", "state pending")]
    [InlineData("trial?id=one&trial=1/1", ">completed<", ">pending<")]
    [InlineData("compare?id=one&trials=1/1", ">completed<", ">pending<")]
    [InlineData("silos", ">north<", "No silo is running")]
    public async Task Page_AskedForWithoutScripts_ShowsWhatTheStoreHasThen(string path, string now, string before)
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "one", 2);
        await using var site = await Site.StartAsync(_store);
        using var client = new HttpClient();
        Assert.DoesNotContain(now, await AskAsync(), StringComparison.Ordinal);

        await sweep.CompleteAsync(4, MadeSweep.Growing);
        await _store.Silos.RegisterAsync(new("north", "north-1", "host", "1.0", 2, "numerics")
        {
            Lease = TimeSpan.FromHours(1),
        });

        var page = await AskAsync();
        Assert.Contains(now, page, StringComparison.Ordinal);
        Assert.DoesNotContain(before, page, StringComparison.Ordinal);

        // White space between words is the template's.
        async Task<string> AskAsync() => Regex.Replace(
            await client.GetStringAsync(site.Address(path)), @"\s*(<[^>]*>|\s)\s*", "$1");
    }

    /// <summary>What was read for an earlier visitor must not stand in a part of the page.</summary>
    [Fact]
    public async Task Silos_AskedForAgain_WhatRunsIsOfTheSilosInTheTable()
    {
        await using var site = await Site.StartAsync(_store);
        using var client = new HttpClient();
        await EnterAsync("north", 0);
        Assert.Contains("Running now", await client.GetStringAsync(site.Address("silos")), StringComparison.Ordinal);
        await _store.Silos.ExpireAsync(TimeSpan.Zero, judge: null);
        await EnterAsync("south", 1);

        var page = await client.GetStringAsync(site.Address("silos"));

        var running = page[page.IndexOf("Running now", StringComparison.Ordinal)..];
        Assert.Contains("south", running, StringComparison.Ordinal);
        Assert.DoesNotContain("north", running, StringComparison.Ordinal);
        Assert.Contains("north", page, StringComparison.Ordinal);

        async Task EnterAsync(string name, int fold)
        {
            await _store.Silos.RegisterAsync(new(name, $"{name}-1", "host", "1.0", 1, "numerics")
            {
                Lease = TimeSpan.FromHours(1),
            });
            var activity = new TrialActivity(0, new("one", 1, fold, 1), "mlp-5", 1, 3, 0.5, 0.25, 100);
            await _store.Silos.HeartbeatAsync(new($"{name}-1", 1, SiloTraining.Write([activity]), 100));
        }
    }

    [Fact]
    public async Task Follower_AfterNobodyLooked_ShowsNothingOld()
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "one", 2);
        await using var follower = NewFollower();
        using (follower.Watch(() => { }))
            await follower.OpenAsync("one");

        await sweep.CompleteAsync(4, MadeSweep.Growing);
        using var again = follower.Watch(() => { });

        Assert.True((await follower.OpenAsync("one")).Head!.IsOver);
    }

    /// <summary>Charts ask once for what is new: they must not get what was worked out before it.</summary>
    [Fact]
    public async Task Charts_AskedRightAfterARanking_ShowWhatCameMeanwhile()
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "one", 3, folds: 0);
        await using var follower = NewFollower();
        var report = new LiveReport(follower, Site.NoData());
        for (var done = 1; done <= 3; done++)
        {
            await sweep.CompleteAsync(1, MadeSweep.Growing);
            using (follower.Watch(() => { }))
                await follower.OpenAsync("one");

            var json = JsonDocument.Parse((await report.JsonAsync("one", "costs", done - 1, null, default))!);

            Assert.Equal(
                done,
                json.RootElement.GetProperty("report").GetProperty("results").GetProperty("configurations")
                    .GetArrayLength());
        }
    }

    [Fact]
    public async Task Follower_NoSuchSweep_SaysSo()
    {
        await using var follower = NewFollower();
        using var watch = follower.Watch(() => { });

        var followed = await follower.OpenAsync("none");

        Assert.Contains("'none'", followed.Problem, StringComparison.Ordinal);
        Assert.Null(await followed.RankingAsync());
    }

    [Theory]
    [InlineData("validation_f1", 0.4)]
    [InlineData("validation_loss", 0.2)]
    [InlineData("validation_error", 0.2)]
    [InlineData(null, 0.8)]
    public async Task Trials_OfASweep_HaveTheValueOfItsMetric(string? metric, double expected)
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "one", 2, metric: metric);
        await sweep.CompleteAsync(1, _ => 0.8);
        await sweep.CompleteAsync(1, _ => double.NaN);
        await using var follower = NewFollower();

        var trials = await (await follower.OpenAsync("one")).TrialsAsync();

        Assert.Equal(expected, trials!.Lines[0].Metric, 12);
        Assert.All(trials.Lines.Skip(1), line => Assert.Equal(double.NaN, line.Metric));
    }

    [Fact]
    public async Task Trial_RankedByF1_SaysWhichNumberIsWhichAndTheEngine()
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "one", 2, metric: "validation_f1");
        await sweep.CompleteAsync(1, _ => 0.8);
        await using var follower = NewFollower();

        var facts = await (await follower.OpenAsync("one")).LookAsync(
            (state, history) => TrialFacts.Of(state, history, new(0, 0)));

        Assert.Contains(("validation f1", "0.4000"), facts!.Settings);
        Assert.Contains(("validation", "accuracy 0.8000, loss 0.2000"), facts.Settings);
        Assert.Contains(("engine", "native"), facts.Settings);
    }

    [Fact]
    public async Task Shown_OfManyConfigurations_HasTheBestAndTheBestOfEachValue()
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "many", 400, folds: 0);
        // The batch size 50 is bad, so that none of the best 20 has it.
        await sweep.CompleteAsync(400, trial => trial.Configuration % 3 == 0
            ? 0.1 + (trial.Configuration / 10_000.0) : MadeSweep.Growing(trial));
        await using var follower = NewFollower();
        using var watch = follower.Watch(() => { });
        var ranking = (await (await follower.OpenAsync("many")).RankingAsync())!;

        var shown = ShownConfigurations.Of(ranking.Rows, ranking.Searched, most: 60, best: 20);

        Assert.Superset(ranking.Rows.Take(20).Select(row => row.Index).ToHashSet(), shown.ToHashSet());
        Assert.Contains(ranking.Rows.First(row => row.Hyperparameters.BatchSize == 50).Index, shown);
        Assert.InRange(shown.Count, 60, 399);
        Assert.Equal(400, ShownConfigurations.Of(ranking.Rows, ranking.Searched, most: 400, best: 20).Count);
    }

    /// <summary>A page of 200,000 configurations would be 139 MB, and nobody could open it.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Report_OfMoreConfigurationsThanItShows_HasTheBestAndSaysSo()
    {
        const int count = 10_100;
        var sweep = await MadeSweep.SubmitAsync(_store, "large", count, folds: 0);
        await sweep.CompleteAsync(count, MadeSweep.Growing);

        var report = await SweepReport.ReadAsync(
            _store, "large", Path.GetTempPath(), (_, _) => throw new SweepsException(ErrorKind.Data, "no data here."));

        var shown = report.Results.GetProperty("configurations").EnumerateArray()
            .Select(row => row.GetProperty("configuration").GetInt32()).ToHashSet();
        Assert.Equal(report.Names.Keys.ToHashSet(), shown);
        Assert.InRange(shown.Count, 5_000, count - 1);
        Assert.Equal(count, report.Results.GetProperty("completed").GetInt32());
        Assert.Contains(report.Notes, note => note.Contains("of 10,100 configurations", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("trial", true, "0/0 0/1 1/0")]
    [InlineData("trial", false, "1/0 0/1 0/0")]
    [InlineData("metric", true, "1/0 0/0 0/1")]
    [InlineData("metric", false, "0/0 1/0 0/1")]
    [InlineData("silo", true, "1/0 0/0 0/1")]
    [InlineData("silo", false, "0/0 1/0 0/1")]
    public void TrialOrder_EachColumn_PutsWhatIsMissingLast(string key, bool up, string expected)
    {
        TrialLine[] lines =
        [
            Line(0, 0, 0.9) with { Silo = "b" }, Line(0, 1, double.NaN) with { Silo = null },
            Line(1, 0, 0.5) with { Silo = "a" },
        ];

        var sorted = TrialOrder.By(lines, null, "", key, up);

        Assert.Equal(expected, string.Join(' ', sorted.Select(line => line.Trial)));
    }

    [Theory]
    [InlineData(null, "1", "1/0")]
    [InlineData(null, "0/1", "0/1")]
    [InlineData(null, "hole", "0/1")]
    [InlineData(TrialStatus.Failed, "", "0/1")]
    [InlineData(TrialStatus.Failed, "1", "")]
    public void TrialOrder_Wanted_GivesThoseAlone(TrialStatus? status, string wanted, string expected)
    {
        TrialLine[] lines =
        [
            Line(0, 0, 0.9), Line(0, 1, double.NaN) with { Status = TrialStatus.Failed, Reason = "data: a hole" },
            Line(1, 0, 0.5),
        ];

        var found = TrialOrder.By(lines, status, wanted, "trial", up: true);

        Assert.Equal(expected, string.Join(' ', found.Select(line => line.Trial)));
    }

    [Fact]
    public void SortHead_Sorted_SaysHowAndTellsWhichWasChosen()
    {
        using var context = new BunitContext();
        var chosen = "";
        var head = context.Render<SortHead>(parameters => parameters
            .Add(sort => sort.Title, "weights").Add(sort => sort.Key, "weights").Add(sort => sort.Sorted, "weights")
            .Add(sort => sort.Up, false).Add(sort => sort.Chosen, key => chosen = key));

        head.Find("button").Click();

        Assert.Equal("descending", head.Find("th").GetAttribute("aria-sort"));
        Assert.Equal("weights", chosen);
    }

    [Theory]
    [InlineData(0, "1 to 50 of 120", true, false)]
    [InlineData(2, "101 to 120 of 120", false, true)]
    public void Pager_AtAnEnd_GoesOnlyTheOtherWay(int page, string text, bool isFirst, bool isLast)
    {
        using var context = new BunitContext();

        var pager = context.Render<Pager>(parameters => parameters
            .Add(each => each.Name, "rows").Add(each => each.Page, page).Add(each => each.Count, 120));

        Assert.Equal(text, pager.Find("span").TextContent);
        Assert.Equal(isFirst, pager.FindAll("button")[0].HasAttribute("disabled"));
        Assert.Equal(isLast, pager.FindAll("button")[3].HasAttribute("disabled"));
    }

    [Fact]
    public void Short_InTheMidstOfACharacter_LeavesItWhole()
    {
        Assert.Equal("a\u2026", Show.Short("a\ud83d\ude80b", 3));
        Assert.Equal("abc", Show.Short("abc", 3));
    }

    // However busy the machine is: what is looked at was read.
    private StoreFollower NewFollower() => new(_store, Timeout.InfiniteTimeSpan, TimeSpan.FromHours(1));

    private static TrialLine Line(int configuration, int fold, double metric) =>
        new(new(configuration, fold), TrialStatus.Completed, 1, 3, metric, 1, "north", null);

    private static async Task WaitAsync(SemaphoreSlim changed, Func<bool> holds)
    {
        while (!holds())
            Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(20)), "Nothing changed.");
    }
}

using Microsoft.Playwright;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Tests;

namespace Sweeps.Dashboard.Tests;

/// <summary>The pages in a real browser, on stores in memory that the tests write as silos would.</summary>
[Trait("Speed", "slow")]
public sealed class PagesTests(OneBrowser browser) : SiteTests(browser)
{
    [BrowserFact]
    public async Task Sweep_WhileItsTrialsEnd_ShowsTheBestSoFarAndGrows()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "grows", 4);
        var page = await Pages.OpenAsync("sweep?id=grows");
        await Expect(page, "#best", "-");

        await sweep.CompleteAsync(2, MadeSweep.Growing);
        await Expect(page, "#best", MadeSweep.Text(0.5 + 0.4 * 0.5 + 0.0005));
        await sweep.CompleteAsync(4, MadeSweep.Growing);
        await Expect(page, "#best", MadeSweep.Text(0.5 + 0.4 * 0.75 + 0.0005));
        await sweep.CompleteAsync(2, MadeSweep.Growing);
        await Expect(page, "#best", MadeSweep.Text(0.5 + 0.4 * 0.8 + 0.0005));

        await Expect(page, ".lead .state", "completed");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#configurations tbody tr').length === 4");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.js-plotly-plot').length === 3");
        Assert.Empty(Pages.Problems);
    }

    /// <summary>Each configuration is better and larger than the one before: all are on the front.</summary>
    [BrowserFact]
    public async Task Sweep_SeveralObjectivesWhileItRuns_ShowsThemAndTheFrontSoFar()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "front", 4, objectives: new()
        {
            Further = [SweepMetric.Of(SweepMetric.Weights), SweepMetric.Of(SweepMetric.ValidationF1)],
        });
        await sweep.CompleteAsync(4, MadeSweep.Growing);
        var page = await Pages.OpenAsync("sweep?id=front");

        await ExpectTile("weights", "1,001");
        await ExpectTile("validation f1", MadeSweep.Text((0.5 + (0.4 * (1 - (1.0 / 3))) + 0.0005) / 2));
        await ExpectTile("on the front so far", "2");
        await sweep.CompleteAsync(4, MadeSweep.Growing);
        await ExpectTile("on the front", "4");
        await ExpectTile("validation f1", MadeSweep.Text((0.5 + (0.4 * 0.8) + 0.0005) / 2));
        await Site.ChartsAsync(page);
        await page.WaitForSelectorAsync("h2:has-text('Front')");
        Assert.Empty(await Site.AxeAsync(page));
        Assert.Empty(await Site.TooWideAsync(page));
        Assert.Empty(Pages.Problems);

        Task ExpectTile(string name, string value) => page.WaitForFunctionAsync(
            "([name, value]) => [...document.querySelectorAll('.tile')].some(tile => "
                + "tile.querySelector('span').textContent === name && tile.querySelector('b').textContent === value)",
            new[] { name, value });
    }

    [BrowserFact]
    public async Task Steer_WithTheToken_DoesWhatTheCommandsDo()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "steered", 2);
        await sweep.CompleteAsync(1, MadeSweep.Growing);
        var page = await Pages.OpenAsync("sweep?id=steered", signIn: true);

        await page.GetByLabel("Reason").FillAsync("lunch <b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page, ".lead .state", "paused");
        Assert.Equal((SweepStatus.Paused, "lunch <b>"), await StatusAsync("steered"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.WaitForSelectorAsync(".lead .state:not(.paused)");
        await page.GetByLabel("Priority of trial").FillAsync("0/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set" }).ClickAsync();
        await Expect(page, ".actions .done", "steered: configuration 0, fold 1, now has priority 1.");
        await page.GetByLabel("Priority of trial").FillAsync("one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set" }).ClickAsync();
        await page.WaitForSelectorAsync(".actions .mistake");
        await page.GetByLabel("Add").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.actions .mistake')?.textContent.includes('2 configurations')");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel ..." }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the sweep" }).ClickAsync();
        await Expect(page, ".lead .state", "cancelled");

        Assert.Equal(SweepStatus.Cancelled, (await StatusAsync("steered")).Status);
        Assert.Empty(Pages.Problems);
    }

    [BrowserFact]
    public async Task Steer_WithoutTheToken_IsNotOfferedAndAfterSigningOutRefused()
    {
        await MadeSweep.SubmitAsync(Store, "quiet", 2);
        var looking = await Pages.OpenAsync("sweep?id=quiet");
        Assert.Equal(0, await looking.Locator(".actions").CountAsync());
        // The page lives by now: what is clicked is its own affair, unless it is left to the browser.
        await looking.WaitForSelectorAsync("main[data-live=yes]");
        await looking.Locator("a.sign").ClickAsync();
        await looking.WaitForSelectorAsync("input[type=password]");
        var acting = await Pages.OpenAsync("sweep?id=quiet", signIn: true);
        await acting.WaitForSelectorAsync(".actions");

        // Another window of the same browser ends the session that this one still shows.
        var other = await acting.Context.NewPageAsync();
        await other.GotoAsync(Pages.Address("login"));
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await other.WaitForSelectorAsync("a.sign:text-is('Sign in to steer')");
        await acting.EvaluateAsync(
            "() => [...document.querySelectorAll('.actions button')].find(b => b.textContent === 'Pause')?.click()");

        await acting.WaitForSelectorAsync(".actions", new() { State = WaitForSelectorState.Detached });
        Assert.Equal(SweepStatus.Running, (await StatusAsync("quiet")).Status);
    }

    [BrowserFact]
    public async Task Trial_Stop_IsForWhoShowedTheTokenAndEndsIt()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "halted", 2);
        var attempt = (await sweep.ClaimAsync(1))[0];
        var path = $"trial?id=halted&trial={attempt.Trial}";
        var looking = await Pages.OpenAsync(path);
        var acting = await Pages.OpenAsync(path, signIn: true);
        await looking.WaitForSelectorAsync("#attempts");
        Assert.Equal(0, await looking.Locator(".actions").CountAsync());

        await acting.GetByLabel("Reason").FillAsync("learns <b>nothing");
        await acting.GetByRole(AriaRole.Button, new() { Name = "Stop ..." }).ClickAsync();
        await acting.GetByRole(AriaRole.Button, new() { Name = "Stop the trial" }).ClickAsync();
        await Expect(acting, ".lead .state", "stopped");
        await Expect(looking, ".lead .state", "stopped");

        Assert.Contains(
            "learns <b>nothing", await looking.TextContentAsync("main"), StringComparison.Ordinal);
        // Nothing is left to stop, and the answer stays.
        await acting.WaitForSelectorAsync(".actions button", new() { State = WaitForSelectorState.Detached });
        Assert.Contains("halted: stopped 0/0.", await acting.TextContentAsync(".actions"), StringComparison.Ordinal);
        Assert.Empty(Pages.Problems);
    }

    [BrowserFact]
    public async Task Silos_OneThatIsKilled_IsSeenAsLostWithoutLoadingAgain()
    {
        await Store.Silos.RegisterAsync(new("north", "north-1", "host", "1.0", 2, "numerics")
        {
            Lease = TimeSpan.FromSeconds(1),
        });
        await Store.Silos.HeartbeatAsync(new("north-1", 2, "[]", 1234));
        var page = await Pages.OpenAsync("silos");
        await page.WaitForSelectorAsync("#silos .state");

        // No heartbeat follows: as a process that was killed.
        await Expect(page, "#silos .state", "lost");

        Assert.Empty(Pages.Problems);
    }

    [BrowserFact]
    public async Task Silos_Slots_AreAskedForWithTheToken()
    {
        await Store.Silos.RegisterAsync(new("south", "south-1", "host", "1.0", 2, "numerics")
        {
            // It sends no heartbeat: however long the browser takes, it is not lost meanwhile.
            Lease = TimeSpan.FromHours(1),
        });
        var page = await Pages.OpenAsync("silos", signIn: true);

        await page.GetByLabel("Slots of south").FillAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set" }).ClickAsync();
        await Expect(page, "main p.done", "south will have 5 slots from its next heartbeat. Excess slots close after "
            + "their current trial.");

        Assert.Equal(5, Assert.Single(await Store.Silos.ListAsync()).RequestedSlots);
    }

    [BrowserFact]
    public async Task Pages_AllOfThem_HaveNoSeriousProblemForAnyoneAndFitAPhone()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "whole", 12);
        await sweep.CompleteAsync(20, MadeSweep.Growing);
        var running = (await sweep.ClaimAsync(1))[0];
        await sweep.GiveAsync(new FailTrial(
            (await sweep.ClaimAsync(1))[0], TrainingFailure.Data, "the table has a hole"));
        foreach (var fold in (int[])[0, 1])
        {
            await Store.Metrics.PutAsync([.. Enumerable.Range(1, 3).Select(epoch => new MetricRow(
                new("whole", 1, fold), 1,
                new(epoch, 1.0 / epoch, 0.5, 1.1 / epoch, 0.4, 1, 0.1, 1, 1_000)))]);
        }

        await Store.Silos.RegisterAsync(new("made", "made-1", "host", "1.0", 2, "made")
        {
            Lease = TimeSpan.FromHours(1),
        });
        string[] paths =
        [
            "", "silos", "sweep?id=whole", "sweep?id=whole&part=parameters", "sweep?id=whole&part=learning",
            "sweep?id=whole&part=trials", "sweep?id=whole&part=timeline", "sweep?id=whole&part=proof",
            "sweep?id=whole&part=model",
            "trial?id=whole&trial=1/0", $"trial?id=whole&trial={running.Trial}", "compare?id=whole&trials=1/0,1/1",
            "sweep?id=missing", "trial?id=whole&trial=99/0",
        ];
        var found = new List<string>();
        var page = await Pages.OpenAsync("", signIn: true);

        foreach (var path in paths)
        {
            await Pages.GoAsync(page, path);
            if (await page.Locator(".charts").CountAsync() > 0)
                await Site.ChartsAsync(page);
            found.AddRange((await Site.AxeAsync(page)).Select(problem => $"{path}: {problem}"));
            found.AddRange((await Site.TooWideAsync(page)).Select(width => $"{path}: {width}"));
        }

        Assert.Empty(found);
        Assert.Empty(Pages.Problems);
    }

    /// <summary>A phone shows no scroll bar: a shade at its side says that a table goes on.</summary>
    [BrowserFact]
    public async Task Tables_OnAPhone_ScrollToTheirEndAndShowThatTheyGoOn()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "phone", 2);
        await sweep.CompleteAsync(4, MadeSweep.Growing);
        var page = await Pages.OpenAsync("sweep?id=phone", width: 400);
        await page.WaitForSelectorAsync("#configurations tbody tr");

        var end = await page.EvaluateAsync<double[]>("""
            () => {
              const table = document.querySelector('#configurations');
              const place = table.parentElement;
              const over = place.scrollWidth - place.clientWidth;
              place.scrollLeft = 10000;
              return [over, table.getBoundingClientRect().right - place.getBoundingClientRect().right];
            }
            """);
        var moves = await page.EvaluateAsync<string>(
            "() => getComputedStyle(document.querySelector('#configurations').parentElement).backgroundAttachment");

        Assert.True(end[0] > 0);
        Assert.InRange(end[1], -1, 1);
        Assert.Equal("local, local, scroll, scroll", moves);
    }

    [BrowserFact]
    public async Task Sweep_OddNames_AreShownAsTextAndFit()
    {
        const string Odd = "<script>alert(1)</script> \u00fcber \u6df1\u5ea6 \u05e9\u05dc\u05d5\u05dd & 'x' "
            + "\ud83d\ude80/%2F?#";
        var name = Odd + new string('w', 300);
        var sweep = await MadeSweep.SubmitAsync(Store, Odd, 2, name: name);
        await sweep.CompleteAsync(4, MadeSweep.Growing);
        var page = await Pages.OpenAsync("", width: 400);

        await page.ClickAsync("main tbody a");
        await page.WaitForSelectorAsync("#configurations tbody tr");

        Assert.Equal(name, await page.TextContentAsync("main h1"));
        // Another sweep may have the same name: what tells them apart is the id.
        await page.WaitForFunctionAsync(
            "id => document.querySelector('.lead').textContent.includes(`sweep ${id}`)", Odd);
        Assert.True(await Site.ChartsAsync(page) > 0);
        Assert.InRange(await Site.OverflowAsync(page), int.MinValue, 0);
        await page.ClickAsync(".tabs a:has-text('Trials')");
        await page.ClickAsync("#trials tbody tr:nth-child(1) a");
        await page.WaitForSelectorAsync("#attempts");
        Assert.Empty(Pages.Problems);
    }

    [BrowserFact]
    public async Task Sweep_AllDivergedAndRegression_AreShownWithoutAnError()
    {
        var diverged = await MadeSweep.SubmitAsync(Store, "diverged", 3);
        await diverged.CompleteAsync(6, _ => double.NaN);
        var regression = await MadeSweep.SubmitAsync(Store, "regression", 3, task: TaskKind.Regression);
        await regression.CompleteAsync(6, trial => 2 - MadeSweep.Growing(trial));
        var page = await Pages.OpenAsync("sweep?id=diverged");

        await page.WaitForSelectorAsync("text=every training diverged");
        foreach (var part in (string[])["parameters", "learning", "timeline", "proof"])
            await Pages.GoAsync(page, $"sweep?id=diverged&part={part}");
        await Pages.GoAsync(page, "sweep?id=regression");
        await page.WaitForSelectorAsync("#configurations tbody tr");

        // Of an error the smallest is the best.
        Assert.Equal(
            MadeSweep.Text(2 - (0.5 + 0.4 * 0.75 + 0.0005)), await page.TextContentAsync("#best"));
        Assert.Empty(Pages.Problems);
    }

    /// <summary>Points at 1 need room above them, and an accuracy of 1.02 does not exist.</summary>
    [BrowserFact]
    public async Task Parameters_AccuraciesUpToOne_HaveNoNumberAbove()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "perfect", 6, rate: n => 0.001 * (n + 1));
        await sweep.CompleteAsync(12, trial => 1 - (0.01 * trial.Configuration));
        var page = await Pages.OpenAsync("sweep?id=perfect&part=parameters");
        await Site.ChartsAsync(page);

        var greatest = await page.EvaluateAsync<double[]>("""
            [...document.querySelectorAll('.js-plotly-plot')]
              .filter(plot => plot._fullLayout.yaxis?.title.text === 'validation accuracy')
              .map(plot => Math.max(...[...plot.querySelectorAll('.ytick text')].map(text => +text.textContent)))
            """);
        Assert.NotEmpty(greatest);
        Assert.All(greatest, number => Assert.Equal(1, number, 1e-9));
        Assert.Empty(Pages.Problems);
    }

    [BrowserTheory]
    [InlineData(0.001, "array")]
    [InlineData(0.00001, "auto")]
    public async Task Parameters_ValuesNearEachOther_AreNotWrittenOverEachOther(double step, string ticks)
    {
        var sweep = await MadeSweep.SubmitAsync(
            Store, "near", 6, rate: n => n < 5 ? 0.001 + (n * step) : 0.006);
        await sweep.CompleteAsync(12, MadeSweep.Growing);
        var page = await Pages.OpenAsync("sweep?id=near&part=parameters");
        await Site.ChartsAsync(page);

        // Of the parallel coordinates' numbers, too, no two are one over the other.
        Assert.Equal(0, await page.EvaluateAsync<int>("""
            () => { const texts = [...document.querySelectorAll('.lines text')].map(text => text.getBBox());
              return texts.flatMap((a, i) => texts.slice(i + 1).filter(b => a.x < b.x + b.width && b.x < a.x + a.width
                && a.y + 3 < b.y + b.height && b.y + 3 < a.y + a.height)).length; }
            """));
        Assert.Equal(ticks, await page.EvaluateAsync<string>(
            "[...document.querySelectorAll('.js-plotly-plot')].find(plot => "
                + "plot._fullLayout.xaxis?.title.text === 'learning rate')._fullLayout.xaxis.tickmode"));
        Assert.Empty(Pages.Problems);
    }

    [BrowserFact]
    public async Task Sweep_ThreeThousandConfigurations_IsSortedSearchedAndPagedQuickly()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "large", 3_000, folds: 0);
        await sweep.CompleteAsync(3_000, MadeSweep.Growing);
        var page = await Pages.OpenAsync("sweep?id=large");
        var first = page.Locator("#configurations tbody tr:nth-child(1) td:nth-child(1)");
        await page.WaitForSelectorAsync("#configurations tbody tr");

        Assert.Equal(25, await page.Locator("#configurations tbody tr").CountAsync());
        await page.ClickAsync("#configurations th button:has-text('weights')");
        await page.WaitForFunctionAsync(
            "() => document.querySelector('#configurations tbody tr td').textContent === '3000'");
        await page.ClickAsync("nav[aria-label='Pages of the ranking'] button:has-text('Last')");
        await page.WaitForFunctionAsync(
            "() => document.querySelector('#configurations tbody tr td').textContent === '25'");
        await page.FillAsync("main input[type=search]", "rate 0.123 ");
        await Expect(page, "main .tools [role=status]", "1 of 3,000 configurations");
        Assert.Equal("2878", await first.TextContentAsync());
        Assert.True(await Site.ChartsAsync(page) > 0);
        Assert.Equal(1, await page.Locator("text=The charts show").CountAsync());
        Assert.Empty(Pages.Problems);
    }

    private static async Task Expect(IPage page, string selector, string text) => await page.WaitForFunctionAsync(
        "([selector, text]) => document.querySelector(selector)?.textContent.trim() === text",
        new[] { selector, text });

    private async Task<(SweepStatus Status, string? Reason)> StatusAsync(string id)
    {
        var state = new SweepState();
        await foreach (var events in SweepEvents.ReadAsync(Store, id, 0))
        {
            foreach (var @event in events)
                state.Evolve(@event);
        }

        return (state.Status, state.Reason);
    }
}

using Microsoft.Playwright;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Dashboard.Tests;

/// <summary>The page of a finished sweep, as a file, in windows of several widths and for anyone.</summary>
public sealed class ReportPageTests(OneBrowser browser) : IClassFixture<OneBrowser>, IAsyncDisposable
{
    private readonly MemoryStore _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-report-").FullName;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [BrowserFact]
    [Trait("Speed", "slow")]
    public async Task Report_OfMadeResultsAndALongName_FitsAPhoneAndHasNoSeriousProblem()
    {
        await using var context = await NewContextAsync();
        var page = await OpenAsync(context, await ReportAsync("long " + new string('w', 200)));

        Assert.Empty(await Site.TooWideAsync(page));
        Assert.Empty(await Site.AxeAsync(page));
    }

    [BrowserFact]
    [Trait("Speed", "slow")]
    public async Task Report_OfFourSearchedParameters_ShowsTheRankingWithItsRemarksWhole()
    {
        var report = (await ReportAsync("wide")) with
        {
            Searched = ["learning_rate", "batch_size", "optimizer", "weight_decay"],
        };
        await using var context = await NewContextAsync();
        var page = await OpenAsync(context, report);

        Assert.Equal(0, await page.EvaluateAsync<int>("""
            () => { const table = [...document.querySelectorAll('table')].find(
                table => [...table.querySelectorAll('th')].some(head => head.textContent.includes('remarks')));
              return table.parentElement.scrollWidth - table.parentElement.clientWidth; }
            """));
    }

    /// <summary>Dark as the screen is, charts too, and light on paper; what was chosen in a chart stays.</summary>
    [BrowserFact]
    [Trait("Speed", "slow")]
    public async Task Report_OnADarkScreen_IsDarkButForPaper()
    {
        await using var context = await NewContextAsync();
        var page = await OpenAsync(context, await ReportAsync("dark"));
        Assert.Equal(("rgb(255, 255, 255)", "rgb(255, 255, 255)"), await GroundsAsync(page));

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.main-svg').style.background === 'rgb(13, 17, 23)'");
        Assert.Equal(("rgb(13, 17, 23)", "rgb(13, 17, 23)"), await GroundsAsync(page));
        Assert.Empty(await Site.AxeAsync(page));
        await page.EvaluateAsync("() => window.dispatchEvent(new Event('beforeprint'))");
        Assert.Equal(("rgb(255, 255, 255)", "rgb(255, 255, 255)"), await GroundsAsync(page));
        await page.EvaluateAsync("() => window.dispatchEvent(new Event('afterprint'))");
        Assert.Equal(("rgb(13, 17, 23)", "rgb(13, 17, 23)"), await GroundsAsync(page));
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("body[data-drawn]");
        Assert.Equal(("rgb(13, 17, 23)", "rgb(13, 17, 23)"), await GroundsAsync(page));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", (await GroundsAsync(page)).Page);
    }

    /// <summary>A narrow column of remarks would make each row as high as a page.</summary>
    [BrowserFact]
    [Trait("Speed", "slow")]
    public async Task Report_OnAPhone_HasRoomForRemarks()
    {
        await using var context = await NewContextAsync();
        var page = await OpenAsync(context, await ReportAsync("remarks"));
        await page.SetViewportSizeAsync(400, 900);

        Assert.InRange(await page.EvaluateAsync<int>(
            "() => document.querySelector('#ranking tr.best td:last-child').clientWidth"), 300, 400);
    }

    private static async Task<(string Page, string Chart)> GroundsAsync(IPage page) => (
        await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"),
        await page.EvaluateAsync<string>("() => document.querySelector('.main-svg').style.background"));

    private Task<IBrowserContext> NewContextAsync() => browser.Browser!.NewContextAsync(new()
    {
        ViewportSize = new() { Width = 1280, Height = 900 },
    });

    private async Task<SweepReport> ReportAsync(string name)
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "whole", 12, name: name);
        await sweep.CompleteAsync(24, MadeSweep.Growing);
        var history = new TrialHistory();
        var state = (await SweepView.OpenAsync(_store, "whole", history)).State;
        return await SweepReport.OfAsync(
            Standings.Of(state), history, _store, _folder,
            (_, _) => throw new SweepsException(ErrorKind.Data, "no data here."));
    }

    private async Task<IPage> OpenAsync(IBrowserContext context, SweepReport report)
    {
        var file = Path.Combine(_folder, "report.html");
        await ReportPage.WriteAsync(file, report);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.WaitForSelectorAsync(".js-plotly-plot .main-svg");
        return page;
    }
}

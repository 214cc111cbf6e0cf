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

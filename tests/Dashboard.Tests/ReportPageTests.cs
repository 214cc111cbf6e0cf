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
    public async Task Report_OfMadeResultsAndALongName_FitsAPhoneAndHasNoSeriousProblem()
    {
        var sweep = await MadeSweep.SubmitAsync(_store, "whole", 12, name: "long " + new string('w', 200));
        await sweep.CompleteAsync(24, MadeSweep.Growing);
        var history = new TrialHistory();
        var state = (await SweepView.OpenAsync(_store, "whole", history)).State;
        var report = await SweepReport.OfAsync(
            Standings.Of(state), history, _store, _folder,
            (_, _) => throw new SweepsException(ErrorKind.Data, "no data here."));
        var file = Path.Combine(_folder, "report.html");
        await ReportPage.WriteAsync(file, report);
        await using var context = await browser.Browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = 1280, Height = 900 },
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.WaitForSelectorAsync(".js-plotly-plot .main-svg");

        Assert.Empty(await Site.TooWideAsync(page));
        Assert.Empty(await Site.AxeAsync(page));
    }
}

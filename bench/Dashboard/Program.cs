using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using Sweeps.Bench.Orchestration;
using Sweeps.Client.Dashboard;
using Sweeps.Core.Log;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests;

// Measures the live pages in a real browser on a sweep of many trials that do nothing: how long it takes until a page
// shows what was asked for, from the click or the address on, and how soon it shows what another process wrote.
//   dotnet run -c Release --project bench/Dashboard -- [TRIALS] [FOLDER]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var trials = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
var kept = args.Length > 1 ? args[1] : null;
var folder = kept ?? Directory.CreateTempSubdirectory("sweeps-bench-").FullName;
var address = StoreAddress.Parse(folder);
try
{
    if (!File.Exists(Path.Combine(folder, "sweeps.db")))
        await MakeAsync();
    await using var store = await StoreFactory.OpenAsync(address, new() { Access = StoreAccess.Change });
    var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
    await using var server = await DashboardServer.StartAsync(
        store, endpoint, new(endpoint, null, []), null, Console.Error.WriteLine,
        new(new(new()), waits: false));
    using var playwright = await Playwright.CreateAsync();
    await using var browser = await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox"],
    });
    Console.WriteLine($"a sweep of {trials:N0} trials");
    // Another's writes come by the file, as those of another process do.
    await using var other = await StoreFactory.OpenAsync(address, new() { Access = StoreAccess.Change });
    await MeasureAsync(browser, server.Address, other);
}
finally
{
    if (kept is null)
        Directory.Delete(folder, recursive: true);
}

async Task MakeAsync()
{
    await using var store = await StoreFactory.OpenAsync(address);
    await using var silo = await SiloHost.StartAsync(
        store, new NoOpTrainer(), new("bench"), NoOpSweep.SearcherOf, new SiloSettings { Slots = 2 });
    await NoOpSweep.SubmitAsync(silo, NoOpSweep.Plan("noop", trials));
    await NoOpSweep.EndAsync(store, "noop");
}

static async Task MeasureAsync(IBrowser browser, Uri site, ISweepStore other)
{
    const string Sweep = "sweep?id=noop";
    // At once after the start: the log is being read for the first time, and code is compiled as it is first used.
    var first = await browser.NewPageAsync();
    await TimeAsync("opened first, until its name and progress are shown", async () =>
    {
        await first.GotoAsync(new Uri(site, Sweep).AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
        await first.WaitForSelectorAsync("main .lead progress");
    });
    await TimeAsync("  until its ranking is shown too", () =>
        first.WaitForSelectorAsync("#configurations tbody tr", new() { Timeout = 120_000 }));
    await first.CloseAsync();

    var context = await browser.NewContextAsync();
    var page = await context.NewPageAsync();
    for (var again = 1; again <= 3; again++)
    {
        await TimeAsync($"opened again ({again}), until its ranking is shown", async () =>
        {
            await page.GotoAsync(new Uri(site, Sweep).AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
            await page.WaitForSelectorAsync("#configurations tbody tr");
        });
        await TimeAsync("  until its charts are drawn", () => page.WaitForSelectorAsync(
            ".charts[data-drawn]", new() { Timeout = 60_000, State = WaitForSelectorState.Attached }));
    }

    await page.WaitForSelectorAsync("main[data-live=yes]");
    var rows = page.Locator("#configurations tbody tr td:nth-child(1)");
    foreach (var column in (string[])["s/fold", "weights", "learning rate", "rank"])
    {
        await TimeAsync($"ranking sorted by {column}", async () =>
        {
            await page.ClickAsync($"#configurations th button:has-text('{column}')");
            await page.WaitForFunctionAsync(
                "column => [...document.querySelectorAll('#configurations th[aria-sort]')]"
                    + ".some(head => head.textContent.startsWith(column))", column);
        });
    }

    await TimeAsync("the ranking's last page", async () =>
    {
        var before = await rows.First.TextContentAsync();
        await page.ClickAsync("nav[aria-label='Pages of the ranking'] button:has-text('Last')");
        await Changed(page, "#configurations tbody tr td:nth-child(1)", before);
    });
    for (var again = 1; again <= 2; again++)
    {
        var before = await page.TextContentAsync("main .tools [role=status]");
        await TimeAsync($"ranking searched ({again})", async () =>
        {
            await page.FillAsync("main input[type=search]", again == 1 ? "rate 0.001" : "rate 0.002");
            await Changed(page, "main .tools [role=status]", before);
        });
        await page.FillAsync("main input[type=search]", "");
        await Task.Delay(1000);
    }

    await TimeAsync("to its trials", async () =>
    {
        await page.ClickAsync(".tabs a:has-text('Trials')");
        await page.WaitForSelectorAsync("#trials tbody tr");
    });
    await TimeAsync("trials sorted by accuracy", async () =>
    {
        await page.ClickAsync("#trials th button:has-text('accuracy')");
        await page.WaitForFunctionAsync(
            "() => document.querySelector('#trials th[aria-sort]').textContent.includes('accuracy')");
    });
    await TimeAsync("trials filtered by state", async () =>
    {
        var before = await page.TextContentAsync("main .tools [role=status]");
        await page.SelectOptionAsync("main select", "Failed");
        await Changed(page, "main .tools [role=status]", before);
    });
    await page.SelectOptionAsync("main select", "");
    await page.WaitForSelectorAsync("#trials tbody tr a");
    await TimeAsync("to one trial", async () =>
    {
        await page.ClickAsync("#trials tbody tr a");
        await page.WaitForSelectorAsync("#attempts");
    });
    await LiveAsync(page, site, other);
}

// From the write of another to the page that shows it.
static async Task LiveAsync(IPage page, Uri site, ISweepStore other)
{
    var id = $"live-{Guid.NewGuid():n}";
    // As another process would, with a state of its own.
    var writer = new SweepCoordinator(
        id, other, NoOpSweep.SearcherOf, new CoordinatorClock(other, TimeProvider.System));
    await writer.ExecuteAsync([new SubmitSweep(NoOpSweep.Plan(id, 100))]);
    await page.GotoAsync(new Uri(site, $"sweep?id={id}").AbsoluteUri);
    await page.WaitForSelectorAsync(".lead .state");
    await Task.Delay(2000);
    for (var again = 1; again <= 3; again++)
    {
        var paused = again % 2 == 1;
        SweepCommand command = paused ? new PauseSweep("measured") : new ResumeSweep();
        await writer.ExecuteAsync([command]);
        await TimeAsync($"a change by another is shown ({again})", () => page.WaitForSelectorAsync(
            paused ? ".lead .state.paused" : ".lead .state:not(.paused)"));
        await Task.Delay(1500);
    }

    await writer.ExecuteAsync([new CancelSweep("measured")]);
}

static Task Changed(IPage page, string selector, string? before) => page.WaitForFunctionAsync(
    "([selector, before]) => document.querySelector(selector)?.textContent !== before",
    new[] { selector, before ?? "" });

static async Task TimeAsync(string what, Func<Task> act)
{
    var clock = Stopwatch.StartNew();
    await act();
    Console.WriteLine($"  {what,-58} {clock.Elapsed.TotalMilliseconds,7:0} ms");
}

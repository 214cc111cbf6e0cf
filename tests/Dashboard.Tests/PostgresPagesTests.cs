using Microsoft.Playwright;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;
using Sweeps.Tests.Shared;

namespace Sweeps.Dashboard.Tests;

/// <summary>The pages of a store on a real PostgreSQL server, which another process writes.</summary>
public sealed class PostgresPagesTests(OneBrowser browser) : IClassFixture<OneBrowser>
{
    private const string LastSeen = "#silos tbody tr td:nth-child(5)";

    [PostgresBrowserFact]
    [Trait("Speed", "slow")]
    public async Task Sweep_WrittenByAnotherProcess_GrowsIsSteeredAndOutlivesAnOutage()
    {
        await using var server = await PostgresServer.CreateAsync();
        var address = StoreAddress.Parse(await server.CreateDatabaseAsync());
        await using var writer = await StoreFactory.OpenAsync(address);
        // Reads are tried again for longer than anybody would wait: nothing but the retries tells that it is away.
        await using var store = await StoreFactory.OpenAsync(address, new() { RetryTime = TimeSpan.FromHours(1) });
        var sweep = await MadeSweep.SubmitAsync(writer, "shared", 2);
        await using var site = await Site.StartAsync(store, browser);
        var page = await site.OpenAsync("sweep?id=shared", signIn: true);
        await page.WaitForSelectorAsync("#best");

        await sweep.CompleteAsync(2, MadeSweep.Growing);
        var best = MadeSweep.Text(0.5 + (0.4 * 0.5) + 0.0005);
        await page.WaitForFunctionAsync("text => document.querySelector('#best').textContent === text", best);
        Assert.DoesNotContain("s3cret", await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.WaitForSelectorAsync(".lead .state.paused");
        await writer.Silos.RegisterAsync(new("north", "north-1", "host", "1.0", 2, "numerics")
        {
            Lease = TimeSpan.FromHours(1),
        });
        var silos = await site.OpenAsync("silos");
        await silos.WaitForSelectorAsync("#silos .state");
        await server.StopAsync();
        const string Away = "main .mistake:has-text('The store cannot be read now')";
        await page.WaitForSelectorAsync(Away);
        await silos.WaitForSelectorAsync(Away);
        var seen = await silos.TextContentAsync(LastSeen);
        await silos.WaitForFunctionAsync(
            "([selector, text]) => document.querySelector(selector).textContent !== text", new[] { LastSeen, seen });
        foreach (var path in (string[])["", "silos", "sweep?id=shared", "trial?id=shared&trial=0/0"])
        {
            await site.GoAsync(silos, path);
            await silos.WaitForSelectorAsync(Away);
        }

        await server.StartAsync();
        await page.WaitForSelectorAsync("main .mistake", new() { State = WaitForSelectorState.Detached });

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        // A paused sweep gives nobody a trial.
        await page.WaitForSelectorAsync(".lead .state.paused", new() { State = WaitForSelectorState.Detached });
        await sweep.CompleteAsync(2, MadeSweep.Growing);
        await page.WaitForSelectorAsync(".lead .state.completed");
    }
}

/// <summary>A test that needs PostgreSQL and Chromium; skipped by name where one of them is not there.</summary>
public sealed class PostgresBrowserFactAttribute : FactAttribute
{
    public PostgresBrowserFactAttribute() => Skip = PostgresServer.SkipReason ?? Browser.SkipReason;
}

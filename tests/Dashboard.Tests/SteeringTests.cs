using Microsoft.Playwright;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Tests;

namespace Sweeps.Dashboard.Tests;

/// <summary>What who may act types and clicks, and what the pages then say.</summary>
[Trait("Speed", "slow")]
public sealed class SteeringTests(OneBrowser browser) : SiteTests(browser)
{
    /// <summary>Done are those that have a result: neither those that were cancelled nor those that failed.</summary>
    [BrowserFact]
    public async Task Cancel_WithTrialsLeft_CountsThoseDoneEverywhereAlike()
    {
        var sweep = await MadeSweep.SubmitAsync(Store, "ended", 4);
        await sweep.CompleteAsync(3, MadeSweep.Growing);
        await sweep.GiveAsync(new FailTrial(
            (await sweep.ClaimAsync(1))[0], TrainingFailure.Data, "the table has a hole"));
        var page = await Pages.OpenAsync("sweep?id=ended", signIn: true);

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel ..." }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Back: nothing is cancelled" }).ClickAsync();
        await page.WaitForSelectorAsync("text=Cancelling ends", new() { State = WaitForSelectorState.Detached });
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel ..." }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the sweep" }).ClickAsync();
        await page.WaitForSelectorAsync(".lead .state:text-is('cancelled')");

        await page.WaitForSelectorAsync(".lead .progress:has-text('3 of 8 trials')");
        await page.WaitForSelectorAsync(".lead:has-text('1 failed')");
        await page.WaitForSelectorAsync(".answer:has-text('3 of 8 trials are done')");
        await Pages.GoAsync(page, "");
        await page.WaitForSelectorAsync("tr:has-text('ended') td:text-is('3/8')");
        Assert.Equal("3", await page.GetAttributeAsync("tr:has-text('ended') progress", "value"));
        Assert.Empty(Pages.Problems);
    }

    /// <summary>What was typed is taken as it is, or refused: never replaced by what was there before.</summary>
    [BrowserTheory]
    [InlineData("")]
    [InlineData("five")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("99999999999")]
    public async Task Numbers_ThatAreNone_AreRefusedWithTheAllowedRange(string typed)
    {
        await MadeSweep.SubmitAsync(Store, "typed", 2);
        await Store.Silos.RegisterAsync(new("east", "east-1", "host", "1.0", 2, "numerics")
        {
            Lease = TimeSpan.FromHours(1),
        });
        var page = await Pages.OpenAsync("sweep?id=typed", signIn: true);
        await page.GetByLabel("Priority of trial").FillAsync("0/1");
        await ClickAsync(page, "is", "5", "Set");
        await page.WaitForSelectorAsync(".actions .done:has-text('now has priority 5.')");
        var before = await EventsAsync();

        await ClickAsync(page, "is", typed, "Set");
        await page.WaitForSelectorAsync($".actions .mistake:has-text(\"'{typed}' is no priority: allowed is a whole "
            + "number from -2147483648 to 2147483647. Nothing was changed.\")");
        await ClickAsync(page, "Add", typed, "Add");
        await page.WaitForSelectorAsync($".actions .mistake:has-text(\"'{typed}' is no number of configurations to "
            + "add: allowed is a whole number from 1 to\")");
        Assert.Equal(before, await EventsAsync());
        await Pages.GoAsync(page, "silos");
        await ClickAsync(page, "Slots of east", typed, "Set");
        await page.WaitForSelectorAsync($"p.mistake:has-text(\"'{typed}' is no number of slots: allowed is a whole "
            + "number from 0 to 1024. Nothing was changed.\")");
        Assert.Null(Assert.Single(await Store.Silos.ListAsync()).RequestedSlots);
    }

    [BrowserTheory]
    [InlineData("-1")]
    [InlineData("1025")]
    public async Task Slots_OutOfTheirRange_AreRefused(string typed)
    {
        await Store.Silos.RegisterAsync(new("west", "west-1", "host", "1.0", 2, "numerics")
        {
            Lease = TimeSpan.FromHours(1),
        });
        var page = await Pages.OpenAsync("silos", signIn: true);

        await ClickAsync(page, "Slots of west", typed, "Set");
        await page.WaitForSelectorAsync($"p.mistake:has-text(\"'{typed}' is no number of slots\")");

        Assert.Null(Assert.Single(await Store.Silos.ListAsync()).RequestedSlots);
    }

    private static async Task ClickAsync(IPage page, string label, string typed, string button)
    {
        await page.GetByLabel(label, new() { Exact = label == "is" }).FillAsync(typed);
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }

    private async Task<long> EventsAsync() => (await Store.Log.ListAsync()).Sum(sweep => sweep.LastSequence);
}

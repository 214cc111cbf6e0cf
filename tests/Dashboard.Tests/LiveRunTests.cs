using System.Globalization;
using System.Text.Json;
using Sweeps.Client;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;

namespace Sweeps.Dashboard.Tests;

/// <summary>The pages beside a sweep that really trains.</summary>
public sealed class LiveRunTests(OneBrowser browser) : IClassFixture<OneBrowser>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-dashboard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BrowserFact]
    public async Task Run_WhileItTrains_ChangesTheBestSoFarUpToItsAnswer()
    {
        var file = Path.Combine(_folder, "live.yaml");
        await File.WriteAllTextAsync(file, """
            name: live
            data: {name: digits, samples: 1500}
            architectures: {cnn: conv 8 5x5 relu | max_pool 2x2 | flatten | dense}
            parameters: {learning_rate: [0.00001, 0.0001, 0.001, 0.01], batch_size: 50, optimizer: adam}
            folds: 2
            epochs: 3
            refit: false
            """);
        var folder = Path.Combine(_folder, "store");
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
        await using var site = await Site.StartAsync(store, browser);
        var page = await site.OpenAsync("");
        using var output = new StringWriter();
        using var error = new StringWriter();

        var run = CommandLine.RunAsync(["run", file, "--store", folder, "--slots", "1", "--json"], output, error);
        await page.ClickAsync("main tbody a");
        await page.WaitForSelectorAsync("#best");
        // Notes each text that the page shows, so that none is missed between two looks.
        await page.EvaluateAsync("""
            () => {
              window.seen = new Set();
              new MutationObserver(() => window.seen.add(document.querySelector('#best')?.textContent))
                .observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
            }
            """);
        Assert.True(await run == 0, error.ToString());
        await page.WaitForSelectorAsync(".lead .state.completed");

        var answer = JsonDocument.Parse(output.ToString()).RootElement;
        var last = MadeSweep.Text(answer.GetProperty("best").GetProperty("mean").GetDouble());
        await page.WaitForFunctionAsync("text => document.querySelector('#best').textContent === text", last);
        var seen = await page.EvaluateAsync<string[]>("[...window.seen].filter(text => /^[0-9.]+$/.test(text ?? ''))");
        Assert.True(seen.Length > 1, string.Join(' ', seen));
        // Never worse than before.
        var values = seen.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(values.Order(), values);
        Assert.Empty(site.Problems);
    }
}

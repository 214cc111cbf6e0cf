using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sweeps.Client;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;

namespace Sweeps.Dashboard.Tests;

/// <summary>The pages beside a sweep that really trains.</summary>
[Trait("Speed", "slow")]
public sealed class LiveRunTests(OneBrowser browser) : IClassFixture<OneBrowser>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-dashboard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BrowserFact]
    public async Task Silo_KilledProcess_IsSeenAsLost()
    {
        var folder = Path.Combine(_folder, "store");
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
        await using var site = await Site.StartAsync(store, browser);
        var page = await site.OpenAsync("silos");
        using var silo = StartProgram("silo", "--store", folder, "--name", "north", "--slots", "1", "--lease", "3");
        try
        {
            // A process on a busy machine takes its time to begin.
            await page.WaitForSelectorAsync("#silos tr:has-text('north') .state.active", new() { Timeout = 120_000 });

            silo.Kill();

            await page.WaitForSelectorAsync("#silos tr:has-text('north') .state.lost", new() { Timeout = 60_000 });
            Assert.Empty(site.Problems);
        }
        finally
        {
            if (!silo.HasExited)
                silo.Kill(entireProcessTree: true);
        }
    }

    /// <summary>
    /// What a model says of the test set is worked out beside a silo, but not at the cost of its times.
    /// </summary>
    [BrowserFact]
    public async Task Model_BesideASilo_HasItsRocCurvesOnceNothingIsTrained()
    {
        var (file, folder) = (Path.Combine(_folder, "answers.yaml"), Path.Combine(_folder, "store"));
        await File.WriteAllTextAsync(file, """
            name: answers
            data: {name: digits, samples: 600}
            architectures: {linear: linear}
            parameters: {learning_rate: 0.01, batch_size: 50, optimizer: adam}
            validation: 0.2
            epochs: 1
            """);
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(["run", file, "--store", folder, "--slots", "1"], output, error));
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
        await store.Silos.RegisterAsync(new("busy", "busy-1", Environment.MachineName, "1.0", 1, "numerics")
        {
            Lease = TimeSpan.FromHours(1),
        });
        await store.Silos.HeartbeatAsync(new("busy-1", 1, SiloTraining.Write(
            [new(0, new("another", 0, 0, 1), "linear", 1, 2, 0.5, double.NaN, 0)]), 1234));
        await using var site = await Site.StartAsync(store, browser, tests: new(new(new()), waits: true));

        var page = await site.OpenAsync("sweep?id=answers&part=model");
        await page.WaitForSelectorAsync(".charts .note:has-text('not worked out while this machine trains')");
        Assert.Equal(0, await page.Locator("text=ROC curves, each class").CountAsync());
        await store.Silos.LeaveAsync("busy-1");
        // Asked from here: a promise is true to the browser's wait for a function, whatever it will hold.
        while (await page.EvaluateAsync<bool>("""
            async () => (await (await fetch('charts?id=answers&part=network')).text()).includes('this machine trains')
            """))
            await Task.Delay(100);
        await site.GoAsync(page, "sweep?id=answers&part=model");

        await page.WaitForSelectorAsync("text=ROC curves, each class");
        await page.WaitForSelectorAsync("#test h3:has-text('surest of')");
        Assert.Empty(await Site.AxeAsync(page));
        Assert.Empty(await Site.TooWideAsync(page));
        Assert.Empty(site.Problems);
    }

    /// <summary>The files can be read on by who has them open: the page says that others see something else.</summary>
    [BrowserFact]
    public async Task Store_DeletedAndReplaced_IsToldOnThePage()
    {
        var folder = Path.Combine(_folder, "store");
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder)))
            await MadeSweep.SubmitAsync(store, "before", 1);
        await using var opened = await StoreFactory.OpenAsync(
            StoreAddress.Parse(folder), new() { Access = StoreAccess.ReadOnly });
        await using var site = await Site.StartAsync(opened, browser);
        var page = await site.OpenAsync("");
        await page.WaitForSelectorAsync("main tbody a");
        Assert.Equal(0, await page.Locator("main .mistake").CountAsync());

        Directory.Move(folder, folder + "-elsewhere");
        await page.WaitForSelectorAsync("main .mistake:has-text('was deleted or moved')");
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder)))
            await MadeSweep.SubmitAsync(store, "after", 1);

        await page.WaitForSelectorAsync("main .mistake:has-text('was replaced by another file')");
        Assert.Empty(site.Problems);
    }

    private static Process StartProgram(params string[] arguments)
    {
        var program = RepositoryRoot.Combine(
            "src", "Client", "bin", Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name, "net10.0",
            "sweeps.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Shell.ForgetSettings(start);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>
    /// The sweep is longer than it takes to see it change, on any machine, and is cancelled once that was seen.
    /// </summary>
    [BrowserFact]
    public async Task Run_WhileItTrains_ChangesTheBestSoFarUpToItsAnswer()
    {
        var file = Path.Combine(_folder, "live.yaml");
        var rates = Enumerable.Range(0, 150).Select(
            step => (1e-6 * Math.Pow(10, step / 50.0)).ToString("G6", CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(file, $$"""
            name: live
            data: {name: digits, samples: 1500}
            architectures: {cnn: conv 8 5x5 relu | max_pool 2x2 | flatten | dense}
            parameters: {learning_rate: [{{string.Join(", ", rates)}}], batch_size: 50, optimizer: adam}
            folds: 2
            epochs: 2
            refit: false
            """);
        var folder = Path.Combine(_folder, "store");
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
        await using var site = await Site.StartAsync(store, browser);
        var page = await site.OpenAsync("");
        page.SetDefaultTimeout(180_000);
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
        await page.WaitForFunctionAsync(
            "() => [...window.seen].filter(text => /^[0-9.]+$/.test(text ?? '')).length > 1");
        using var cancelled = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(["cancel", "live", "--store", folder], cancelled, error));
        await run;
        await page.WaitForSelectorAsync(".lead .state.cancelled");

        var answer = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("cancelled", answer.GetProperty("state").GetString());
        var last = MadeSweep.Text(answer.GetProperty("best").GetProperty("mean").GetDouble());
        await page.WaitForFunctionAsync("text => document.querySelector('#best').textContent === text", last);
        var seen = await page.EvaluateAsync<string[]>("[...window.seen].filter(text => /^[0-9.]+$/.test(text ?? ''))");
        // Never worse than before.
        var values = seen.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(values.Order(), values);
        Assert.Empty(site.Problems);
    }
}

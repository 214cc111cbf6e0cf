using System.Collections.Concurrent;
using System.Net;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Sweeps.Client.Dashboard;
using Sweeps.Silo.Health;
using Sweeps.Store.Contract;

namespace Sweeps.Dashboard.Tests;

/// <summary>One browser for all tests of pages: starting it takes longer than most of them.</summary>
public sealed class OneBrowser : IAsyncLifetime
{
    private IPlaywright? _playwright;

    internal IBrowser? Browser { get; private set; }

    public async Task InitializeAsync()
    {
        if (Sweeps.Tests.Browser.Program is not { } program)
            return;
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>The pages of a store, and a browser that looks at them and notes what its console says.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Token = "a-token-of-the-tests-0123";

    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<string> _told = new();
    private readonly List<IBrowserContext> _contexts = [];
    private readonly OneBrowser? _one;

    private Site(DashboardServer server, OneBrowser? one) => (Server, _one) = (server, one);

    public DashboardServer Server { get; }

    /// <summary>What the browser's console told as an error, and the server of errors that no page could show.
    /// </summary>
    public IReadOnlyList<string> Problems => [.. _problems, .. _told];

    public static async Task<Site> StartAsync(
        ISweepStore store, OneBrowser? one = null, IPAddress? address = null, bool withToken = true,
        IReadOnlyList<string>? origins = null, TestAnswers? tests = null)
    {
        var endpoint = new IPEndPoint(address ?? IPAddress.Loopback, 0);
        var access = new DashboardAccess(endpoint, withToken ? AccessToken.Of(Token, "the test") : null, [])
        {
            Origins = PageOrigin.Of(PageOrigin.Option(), origins),
        };
        Site? site = null;
        var server = await DashboardServer.StartAsync(
            store, endpoint, access, null, line => site!._told.Enqueue(line),
            tests ?? NoData());
        return site = new(server, one);
    }

    /// <summary>What models say of test sets, where there are no data but those that the program draws.</summary>
    public static TestAnswers NoData() => new(new(new()), waits: false);

    public string Address(string path) => $"http://127.0.0.1:{Server.Address.Port}/{path}";

    /// <summary>Opens a page of its own session and waits until it lives.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1280, bool signIn = false)
    {
        var context = await _one!.Browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
        });
        _contexts.Add(context);
        // A machine may be many times slower than another: what waits longer than this waits in vain.
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _problems.Enqueue($"{path}: {message.Text}");
        };
        page.PageError += (_, error) => _problems.Enqueue($"{path}: {error}");
        if (signIn)
        {
            await page.GotoAsync(Address("login"));
            await page.FillAsync("#token", Token);
            await page.ClickAsync("button[type=submit]");
            // A wait for the address waits for its load event too, which may be over by then, and never comes again.
            await page.WaitForSelectorAsync("a.sign:text-is('Signed in')");
        }

        await GoAsync(page, path);
        return page;
    }

    /// <summary>Goes to another page, and waits until it lives.</summary>
    public async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(Address(path));
        await page.WaitForSelectorAsync("main[data-live=yes] h1");
    }

    /// <summary>Charts that this page has drawn.</summary>
    public static async Task<int> ChartsAsync(IPage page)
    {
        await page.WaitForSelectorAsync(".charts[data-drawn]", new() { State = WaitForSelectorState.Attached });
        return await page.Locator(".js-plotly-plot .main-svg").CountAsync();
    }

    /// <summary>Problems for who does not see or point that axe calls serious or critical.</summary>
    public static async Task<IEnumerable<string>> AxeAsync(IPage page) =>
        from violation in (await page.RunAxe(new AxeRunOptions
        {
            // What passes is not described, which takes longer than to find what does not.
            ResultTypes = [ResultType.Violations],
        })).Violations
        where violation.Impact is "serious" or "critical"
        select $"{violation.Id}: {violation.Help}: {violation.Nodes[0].Html}";

    /// <summary>How far the page is wider than the window.</summary>
    public static Task<int> OverflowAsync(IPage page) => page.EvaluateAsync<int>(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>The widths, of a desktop's and a phone's window, at which the page is wider than the window.</summary>
    public static async Task<IReadOnlyList<string>> TooWideAsync(IPage page)
    {
        var before = page.ViewportSize!;
        var found = new List<string>();
        foreach (var width in (int[])[before.Width, 400])
        {
            await page.SetViewportSizeAsync(width, before.Height);
            // Charts follow the window, but not at once.
            for (var look = 0; look < 100 && await OverflowAsync(page) > 0; look++)
                await page.WaitForTimeoutAsync(100);
            if (await OverflowAsync(page) is > 0 and var over)
                found.Add($"{over} pixels too wide at {width}: {await page.EvaluateAsync<string>(Widest)}");
        }

        await page.SetViewportSizeAsync(before.Width, before.Height);
        return found;
    }

    // What sticks out, but for what is inside of something that scrolls by itself.
    private const string Widest = """
        [...document.querySelectorAll('body *')]
          .filter(node => node.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5
            && !node.parentElement.closest('.scroll'))
          .slice(-3)
          .map(node => `${node.tagName}.${node.getAttribute('class') ?? ''} ${node.textContent.slice(0, 40)}`)
          .join('; ')
        """;

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        await Server.DisposeAsync();
    }
}

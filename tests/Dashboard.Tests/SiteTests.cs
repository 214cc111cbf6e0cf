using Sweeps.Store.Doubles;

namespace Sweeps.Dashboard.Tests;

/// <summary>Tests of pages in a real browser, each on a store in memory of its own.</summary>
public abstract class SiteTests(OneBrowser browser) : IClassFixture<OneBrowser>, IAsyncLifetime
{
    private Site? _site;

    private protected MemoryStore Store { get; } = new();

    private protected Site Pages => _site!;

    public async Task InitializeAsync() => _site = await Site.StartAsync(Store, browser);

    public async Task DisposeAsync()
    {
        await Pages.DisposeAsync();
        await Store.DisposeAsync();
    }
}

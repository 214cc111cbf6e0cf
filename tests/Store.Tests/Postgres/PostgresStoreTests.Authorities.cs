using System.Text;
using Sweeps.Store.Contract;
using Sweeps.Store.Tests.Conformance;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>The clusters' authorities, which a shared store alone has.</summary>
public sealed partial class PostgresStoreTests
{
    private IAuthorityStore Authorities => ((ISharedStore)Store).Authorities;

    [StoreFact]
    public async Task Authority_OfManyThatMakeOneAtOnce_AllGetTheSame()
    {
        var given = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(n => Authorities.GetOrAddAsync("c", _ => Made($"{n}"))));

        Assert.Single(given.Select(Read).Distinct());
        Assert.Equal(Read(given[0]), Read(await Authorities.GetOrAddAsync("c", _ => Made("late"))));
        Assert.Equal(("other", "key of other"), Read(await Authorities.GetOrAddAsync("d", _ => Made("other"))));
    }

    [StoreFact]
    public async Task Authority_IsMadeAndReadByTheStoresClock()
    {
        var before = await Store.NowAsync();
        var made = default(DateTimeOffset);
        var given = await Authorities.GetOrAddAsync("c", now =>
        {
            made = now;
            return Made("a");
        });

        Assert.InRange(made, before, given.Now);
        Assert.InRange(given.Now, made, await Store.NowAsync());
    }

    private static AuthorityKey Made(string name) =>
        new(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes($"key of {name}"));

    private static (string Certificate, string Key) Read(StoredAuthority authority) =>
        (Encoding.UTF8.GetString(authority.Key.Certificate.Span), Encoding.UTF8.GetString(authority.Key.Key.Span));
}

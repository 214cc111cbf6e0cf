using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Sweeps.Client.Dashboard;
using Sweeps.Core;
using Sweeps.Silo.Health;
using Sweeps.Store.Doubles;

namespace Sweeps.Dashboard.Tests;

/// <summary>Who is let in, and what every answer carries; without a browser.</summary>
public sealed partial class DashboardAccessTests : IAsyncLifetime
{
    private readonly MemoryStore _store = new();
    private Site? _site;

    private Site Pages => _site!;

    public async Task InitializeAsync() => _site = await Site.StartAsync(_store);

    public async Task DisposeAsync()
    {
        await Pages.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("login")]
    [InlineData("silos")]
    [InlineData("dashboard.js")]
    [InlineData("nowhere-at-all")]
    public async Task Answer_Any_HasAStrictPolicy(string path)
    {
        using var client = new HttpClient();

        using var answer = await client.GetAsync(Pages.Address(path));

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        // Scripts that stand in the document are what the policy forbids.
        Assert.DoesNotMatch(InlineScript(), await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Host_AName_IsRefusedUnlessItIsTheMachines(string host, HttpStatusCode expected)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Host = host;

        using var answer = await client.GetAsync(Pages.Address(""));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task Socket_FromAnotherSite_IsRefused(string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);

        var error = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new(Pages.Address("_blazor").Replace("http", "ws", StringComparison.Ordinal)), CancellationToken.None));

        Assert.Contains("403", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What a proxy that speaks HTTPS passes on: its own name or the server's, and the browser's origin.
    /// </summary>
    [Theory]
    [InlineData("sweeps.example.org", "https://sweeps.example.org", true)]
    [InlineData("127.0.0.1", "https://sweeps.example.org", true)]
    [InlineData("127.0.0.1", "https://SWEEPS.example.org", true)]
    [InlineData("sweeps.example.org", "http://sweeps.example.org", false)]
    [InlineData("sweeps.example.org", "https://sweeps.example.org:8443", false)]
    [InlineData("sweeps.example.org", "https://evil.example", false)]
    public async Task Origin_OfAProxy_IsAllowedWhereItWasNamed(string host, string origin, bool isAllowed)
    {
        await using var site = await Site.StartAsync(_store, origins: ["https://sweeps.example.org"]);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, site.Address("login"));
        request.Headers.Host = host;
        request.Headers.Add("Origin", origin);

        using var answer = await client.SendAsync(request);

        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
        // The form's cookie goes over HTTPS alone where the browser speaks that.
        if (isAllowed && host == "sweeps.example.org")
            Assert.All(
                answer.Headers.GetValues("Set-Cookie"),
                cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("sweeps.example.org")]
    [InlineData("https://sweeps.example.org/ui")]
    [InlineData("ftp://sweeps.example.org")]
    [InlineData("https://me@sweeps.example.org")]
    [InlineData("https://sweeps.example.org?x=1")]
    public void Origin_ThatIsNone_IsRefused(string text)
    {
        var error = Assert.Throws<SweepsException>(() => PageOrigin.Of(PageOrigin.Option(), [text]));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_TheToken_GivesACookieThatNoScriptReads()
    {
        using var client = Client(out var cookies);

        using var answer = await SignInAsync(client, Site.Token, "/silos");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/silos", answer.Headers.Location!.OriginalString);
        var cookie = Assert.Single(cookies.GetAllCookies(), IsSession);
        Assert.True(cookie.HttpOnly);
        Assert.DoesNotContain(Site.Token, cookie.Value, StringComparison.Ordinal);
        Assert.Contains(
            "samesite=strict", string.Join(' ', answer.Headers.GetValues("Set-Cookie")),
            StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Signed in", await client.GetStringAsync(Pages.Address("")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AWrongTokenOrAForgedForm_GivesNone()
    {
        using var client = Client(out var cookies);

        using var wrong = await SignInAsync(client, Site.Token + "4", "/");
        using var forged = await client.PostAsync(
            Pages.Address("login"), new FormUrlEncodedContent([new("token", Site.Token)]));

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.DoesNotContain(cookies.GetAllCookies(), IsSession);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\u00fcber")]
    public async Task SignIn_AnotherSiteToGoTo_IsNotGoneTo(string wanted)
    {
        using var client = Client(out _);

        using var answer = await SignInAsync(client, Site.Token, wanted);

        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task SignOut_SignedIn_LeavesNoCookieOfTheSession()
    {
        using var client = Client(out var cookies);
        using var signedIn = await SignInAsync(client, Site.Token, "/");
        Assert.Contains(cookies.GetAllCookies(), IsSession);

        using var signedOut = await client.PostAsync(
            Pages.Address("logout"), await FormAsync(client, Pages, "/"));

        Assert.Equal(HttpStatusCode.Redirect, signedOut.StatusCode);
        Assert.DoesNotContain(cookies.GetAllCookies(), IsSession);
    }

    [Fact]
    public async Task SignIn_ToPagesOfAnotherPort_LeavesThoseOfThisOneSignedIn()
    {
        await using var beside = await Site.StartAsync(_store);
        using var client = Client(out _);
        // Both forms are open before either is sent, as in two windows of one browser.
        var (here, there) = (await FormAsync(client, Pages, "/"), await FormAsync(client, beside, "/"));

        using var first = await client.PostAsync(Pages.Address("login"), here);
        using var second = await client.PostAsync(beside.Address("login"), there);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, second.StatusCode);
        foreach (var site in (Site[])[Pages, beside])
            Assert.Contains("Signed in", await client.GetStringAsync(site.Address("")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_PortTaken_TakesAFreeOneWhereItWasNotAskedForAndTellsNoStackTrace(bool isDefault)
    {
        var told = new ConcurrentQueue<string>();
        var taken = new IPEndPoint(IPAddress.Loopback, Pages.Server.Address.Port);
        async Task<int> PortAsync()
        {
            await using var server = await UiCommand.StartAsync(
                _store, new(taken, null, []), null, told.Enqueue, isDefault, Site.NoData());
            return server.Address.Port;
        }

        if (isDefault)
            Assert.NotEqual(taken.Port, await PortAsync());
        else
            Assert.StartsWith("--listen ", (await Assert.ThrowsAsync<SweepsException>(PortAsync)).Message);

        Assert.Empty(told);
    }

    /// <summary>A certificate is for a name, and a name is let in only where it was said.</summary>
    [Fact]
    public async Task Address_OfAllAddresses_HasTheNameThatWasSaid()
    {
        await using var server = await UiCommand.StartAsync(
            _store, new(new(IPAddress.Any, 0), null, ["lab.example.org"]), null, _ => { }, false, Site.NoData());

        Assert.Equal("lab.example.org", server.Address.Host);
    }

    [Fact]
    public async Task OtherMachines_WithoutSigningIn_SeeNothing()
    {
        await using var site = await Site.StartAsync(_store, address: IPAddress.Any);
        await MadeSweep.SubmitAsync(_store, "secret-sweep", 1);
        using var client = Client(out _);

        using var page = await client.GetAsync(site.Address("sweep?id=secret-sweep"));
        using var socket = await client.PostAsync(site.Address("_blazor/negotiate"), null);
        using var charts = await client.GetAsync(site.Address("charts?id=secret-sweep&part=costs"));

        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.StartsWith("/login?return=", page.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, socket.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, charts.StatusCode);
    }

    [Fact]
    public void Check_OtherMachinesWithoutAToken_IsRefusedWithTheWayOut()
    {
        var access = new DashboardAccess(new(IPAddress.Any, 80), null, []);

        var error = Assert.Throws<SweepsException>(() => access.Check("--listen"));

        Assert.Contains(DashboardAccess.TokenVariable, error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Usage, error.Kind);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("has a space in its midst")]
    public void Token_ThatIsNone_IsRefusedWithoutSayingIt(string text)
    {
        var error = Assert.Throws<SweepsException>(() => AccessToken.Of(text, "SWEEPS_UI_TOKEN"));

        Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
        Assert.Contains("SWEEPS_UI_TOKEN", error.Message, StringComparison.Ordinal);
    }

    private static HttpClient Client(out CookieContainer cookies)
    {
        cookies = new();
        return new(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false });
    }

    private static bool IsSession(Cookie cookie) =>
        cookie.Name.StartsWith(DashboardAccess.Cookie, StringComparison.Ordinal);

    private async Task<HttpResponseMessage> SignInAsync(HttpClient client, string token, string wanted) =>
        await client.PostAsync(Pages.Address("login"), await FormAsync(client, Pages, wanted, token));

    private static async Task<FormUrlEncodedContent> FormAsync(
        HttpClient client, Site site, string wanted, string token = Site.Token)
    {
        var page = await client.GetStringAsync(site.Address($"login?return={Uri.EscapeDataString(wanted)}"));
        var hidden = HiddenField().Matches(page).DistinctBy(match => match.Groups[1].Value).ToDictionary(
            match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
        hidden["token"] = token;
        return new(hidden);
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)">""")]
    private static partial Regex HiddenField();

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)[^>]*>\s*\S")]
    private static partial Regex InlineScript();
}

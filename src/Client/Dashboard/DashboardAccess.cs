using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Sweeps.Core;
using Sweeps.Silo.Health;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// Who may look and who may act. On a loopback address everybody looks; who acts, and who looks from elsewhere, has
/// shown the token: a cookie that no script reads then holds a random number that is known here until it ends.
/// </summary>
/// <param name="endpoint">Where the pages are served.</param>
/// <param name="token">The token; null: nobody acts.</param>
/// <param name="names">Host names by which the pages may be asked for, beside the machine's own.</param>
/// <param name="onlyShows">Nobody acts, also with the token.</param>
internal sealed class DashboardAccess(
    IPEndPoint endpoint, AccessToken? token, IReadOnlyList<string> names, bool onlyShows = false)
{
    /// <summary>The variable with the token; an argument could be read by every user of the machine.</summary>
    public const string TokenVariable = "SWEEPS_UI_TOKEN";

    /// <summary>How the cookie of who has shown the token is named, before its port.</summary>
    public const string Cookie = "sweeps-session";

    /// <summary>After so long who has shown the token shows it again.</summary>
    public static readonly TimeSpan Session = TimeSpan.FromHours(12);

    private const string SessionClaim = "sweeps-session";
    private static readonly TimeSpan s_wrong = TimeSpan.FromMilliseconds(500);

    // No script but our own files and no other server. Blazor needs its socket (connect-src). Plotly and Blazor set
    // style attributes, so styles may be inline; plotly makes pictures of charts by way of blob: and data: addresses.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'self'; "
        + "frame-ancestors 'none'";

    // By digest: what is compared tells nothing of what is sought.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _sessions = new();

    /// <summary>
    /// How browsers name these pages where a proxy that speaks HTTPS stands before them; empty: they come straight.
    /// </summary>
    public IReadOnlyList<PageOrigin> Origins { get; init; } = [];

    /// <summary>The option that names a file with the token; null: the command has none.</summary>
    public string? TokenOption { get; init; }

    /// <summary>A name of the machine by which the pages may be asked for; null: none was said.</summary>
    public string? Name => names.Count > 0 ? names[0] : null;

    /// <summary>Where the pages are served.</summary>
    public IPEndPoint Endpoint => endpoint;

    /// <summary>Whether there is a token at all.</summary>
    public bool CanSignIn => token is not null;

    /// <summary>Whether who has shown the token may act.</summary>
    public bool CanAct => token is not null && !onlyShows;

    /// <summary>Whether the pages are for this machine's users alone: a proxy brings others.</summary>
    public bool IsLocal => IPAddress.IsLoopback(endpoint.Address) && Origins.Count == 0;

    /// <summary>Refuses an address of other machines where nobody would be asked who they are.</summary>
    /// <exception cref="SweepsException">The pages would be open to everybody.</exception>
    public void Check(string option)
    {
        if (!IsLocal && token is null)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                (Origins is [var first, ..] ? $"{PageOrigin.Name} {first}" : $"{option} {endpoint}")
                    + ": other machines would see the pages, and nothing asks who they are. Put a token "
                    + $"into {TokenVariable} (openssl rand -hex 32 makes one)"
                    + (TokenOption is null ? "" : $" or a file for {TokenOption}")
                    + ", or listen on this machine alone (127.0.0.1).");
        }
    }

    /// <summary>Whether this user has shown the token, and has not ended it since.</summary>
    public bool HasShown(ClaimsPrincipal? user) =>
        user?.FindFirst(SessionClaim)?.Value is { } session && IsOpen(session);

    /// <summary>Sets headers, refuses what comes by another name or from another page, and finds the session.</summary>
    public async Task GuardAsync(HttpContext context, Func<Task> next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
        var request = context.Request;
        // The server sends the headers of the same answer, and no body.
        if (HttpMethods.IsHead(request.Method))
            request.Method = HttpMethods.Get;
        if (!Allows(request.Host.Host))
        {
            await RefuseAsync(
                context, StatusCodes.Status421MisdirectedRequest,
                $"These pages are not known as '{request.Host.Host}': ask for them by an IP address or by "
                    + $"'localhost', or start them with --host {request.Host.Host}.");
            return;
        }

        // The browser speaks to the proxy, and keeps cookies by that: they are for HTTPS alone where that is.
        if (Origins.FirstOrDefault(known => known.Authority.Equals(
            request.Host.Value, StringComparison.OrdinalIgnoreCase)) is { } outside)
            request.Scheme = outside.Scheme;
        // A page of another site cannot read an answer, but it could open a socket, or send a form.
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            && !Origins.Any(known => known.Is(origin)))
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden,
                "This came from a page of another site. Behind a proxy, start the pages with --ui-origin and the "
                    + "address that the browser shows, such as https://sweeps.example.org.");
            return;
        }

        var isOpen = request.Cookies[CookieName(context)] is { } cookie && IsOpen(cookie);
        if (isOpen)
            context.User = new(new ClaimsIdentity([new(SessionClaim, request.Cookies[CookieName(context)]!)], Cookie));
        if (isOpen || IsLocal || IsForAll(request.Path))
            await next();
        else if (HttpMethods.IsGet(request.Method) && !request.Path.StartsWithSegments("/_blazor"))
            context.Response.Redirect($"{request.PathBase}/login{Return(request)}");
        else
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Sign in first.");
    }

    /// <summary>The page that asks for the token.</summary>
    public Task AskAsync(HttpContext context, IAntiforgery antiforgery) =>
        AskAsync(context, antiforgery, null, StatusCodes.Status200OK);

    /// <summary>Takes the token that was typed.</summary>
    public async Task SignInAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            await AskAsync(context, antiforgery, "The page was too old; try again.", StatusCodes.Status400BadRequest);
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (token?.Is(form["token"].ToString().Trim()) is not true)
        {
            await Task.Delay(s_wrong, context.RequestAborted);
            await AskAsync(context, antiforgery, "That is not the token.", StatusCodes.Status401Unauthorized);
            return;
        }

        Forget();
        var session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _sessions[Digest(session)] = Now + Session;
        context.Response.Cookies.Append(CookieName(context), session, CookieOf(context, Session));
        context.Response.Redirect(Place(context, form["return"].ToString()));
    }

    /// <summary>Ends a session; a page that is still open may no longer act.</summary>
    public async Task SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The page was too old; load it again.");
            return;
        }

        if (context.Request.Cookies[CookieName(context)] is { } session)
            _sessions.TryRemove(Digest(session), out _);
        context.Response.Cookies.Delete(CookieName(context), CookieOf(context));
        context.Response.Redirect($"{context.Request.PathBase}/");
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task AskAsync(HttpContext context, IAntiforgery antiforgery, string? mistake, int status)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        var wanted = context.Request.HasFormContentType
            ? context.Request.Form["return"].ToString() : context.Request.Query["return"].ToString();
        await context.Response.WriteAsync(DashboardFiles.Text("login.html", new()
        {
            ["base"] = $"{context.Request.PathBase}/",
            ["hidden"] = CanSignIn ? "" : " hidden",
            ["mistake"] = mistake is null ? "" : $"<p class=\"mistake\" role=\"alert\">{mistake}</p>",
            ["field"] = WebUtility.HtmlEncode(tokens.FormFieldName),
            ["value"] = WebUtility.HtmlEncode(tokens.RequestToken ?? ""),
            ["return"] = WebUtility.HtmlEncode(wanted),
            ["out"] = !HasShown(context.User) ? "" : "<h2>Sign out</h2><form method=\"post\" action=\"logout\">"
                + $"<input type=\"hidden\" name=\"{WebUtility.HtmlEncode(tokens.FormFieldName)}\" "
                + $"value=\"{WebUtility.HtmlEncode(tokens.RequestToken ?? "")}\">"
                + "<p><button type=\"submit\">Sign out</button></p></form>",
            ["lead"] = Lead,
        }));
    }

    private const string OnlyShows =
        "These pages only show: steer sweeps with 'sweeps ui', or from the command line.";

    private string Lead => (CanSignIn, onlyShows) switch
    {
        (true, _) => $"The token is that of the variable {TokenVariable}"
            + (TokenOption is null ? "" : $", or of the file of {TokenOption},")
            + $" with which these pages were started.{(onlyShows ? $" {OnlyShows}" : "")}",
        (false, true) => OnlyShows,
        _ => "These pages were started without a token, so that they only show. Start them with "
            + TokenVariable + (TokenOption is null ? "" : $" or {TokenOption} FILE") + " to steer sweeps from them.",
    };

    // Another site's address that resolves to this machine comes by a name of that site: an address never does.
    private bool Allows(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (!IsLocal && host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase))
        || names.Contains(host, StringComparer.OrdinalIgnoreCase)
        || Origins.Any(known => known.Host.Equals(host, StringComparison.OrdinalIgnoreCase));

    private static bool IsForAll(PathString path) =>
        path == "/login" || path == "/dashboard.css" || path == "/page.css" || path == "/icon.svg";

    private static string Return(HttpRequest request) =>
        QueryString.Create("return", $"{request.Path}{request.QueryString}").ToString();

    // Only a place of these pages: never another server. Browsers leave tabs and line ends out of an address, so that
    // a tab between two slashes would be none; and no header can carry other letters than these.
    private static string Place(HttpContext context, string wanted) =>
        wanted.StartsWith('/') && !wanted.StartsWith("//", StringComparison.Ordinal) && !wanted.Contains('\\')
            && wanted.All(letter => letter is > ' ' and <= '~')
            ? $"{context.Request.PathBase}{wanted}"
            : $"{context.Request.PathBase}/";

    // Browsers send a machine's cookies to all of its ports: pages beside each other would sign each other's users out.
    private static string CookieName(HttpContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"{Cookie}-{context.Connection.LocalPort}");

    private static CookieOptions CookieOf(HttpContext context, TimeSpan? age = null) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = age,
        Path = $"{context.Request.PathBase}/",
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
    };

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{reason}\n");
    }

    private bool IsOpen(string session) => _sessions.TryGetValue(Digest(session), out var end) && end > Now;

    private void Forget()
    {
        foreach (var (session, _) in _sessions.Where(pair => pair.Value <= Now).ToList())
            _sessions.TryRemove(session, out _);
    }

    private static string Digest(string session) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(session)));
}

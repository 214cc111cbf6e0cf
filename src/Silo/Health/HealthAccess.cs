using System.Net;
using Microsoft.AspNetCore.Http;
using Sweeps.Core;

namespace Sweeps.Silo.Health;

/// <summary>
/// What who asks may see: how the silo is, everybody; what it trains, with the names of sweeps, on a loopback address
/// everybody, elsewhere who has the token.
/// </summary>
public sealed class HealthAccess
{
    /// <summary>The variable with the token; an argument could be read by every user of the machine.</summary>
    public const string TokenVariable = "SWEEPS_HEALTH_TOKEN";

    private const string WrongToken = $"the token is not the one of {TokenVariable}\n";
    private const string Scheme = "Bearer ";

    private readonly AccessToken? _token;

    /// <summary>Access by a token.</summary>
    /// <param name="token">The token; null or empty: on other than loopback addresses nobody sees names.</param>
    /// <exception cref="SweepsException">The token is too short, or no header can carry it.</exception>
    public HealthAccess(string? token) => _token = AccessToken.Of(token, TokenVariable);

    private enum Sight
    {
        Refused,
        WithoutNames,
        Full,
    }

    /// <summary>The answer to a question for the silo.</summary>
    /// <param name="request">Who asks.</param>
    /// <param name="endpoint">Where it was asked.</param>
    /// <param name="health">How the silo is.</param>
    internal IResult Answer(HttpRequest request, IPEndPoint endpoint, SiloHealth health)
    {
        var sight = SightOf(request.Headers.Authorization.ToString(), endpoint);
        if (sight != Sight.Refused)
        {
            return Results.Text(
                sight == Sight.Full ? health.ToJson() : health.ToJsonWithoutNames(), "application/json");
        }

        request.HttpContext.Response.Headers.WWWAuthenticate = Scheme.TrimEnd();
        return Results.Text(WrongToken, statusCode: StatusCodes.Status401Unauthorized);
    }

    /// <summary>Whether a question for what names no sweep is refused: its token is a wrong one.</summary>
    internal bool Refuses(HttpRequest request, IPEndPoint endpoint) =>
        SightOf(request.Headers.Authorization.ToString(), endpoint) == Sight.Refused;

    /// <summary>Refuses it.</summary>
    internal static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = Scheme.TrimEnd();
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsync(WrongToken);
    }

    private Sight SightOf(string authorization, IPEndPoint endpoint)
    {
        if (IPAddress.IsLoopback(endpoint.Address))
            return Sight.Full;
        if (authorization.Length == 0 || _token is null)
            return Sight.WithoutNames;
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && _token.Is(authorization[Scheme.Length..].Trim())
                ? Sight.Full
                : Sight.Refused;
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Client.Dashboard.Pages;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Silo.Health;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Dashboard;

/// <summary>Serves the pages of a store over HTTP while it exists.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private DashboardServer(WebApplication application) => _application = application;

    /// <summary>Where it is found, with the port that it got where 0 was asked for.</summary>
    public Uri Address => WebEndpoint.AddressOf(
        _application, _application.Services.GetRequiredService<DashboardAccess>().Name);

    /// <summary>Starts to serve.</summary>
    /// <param name="store">The store; it stays the caller's.</param>
    /// <param name="endpoint">Where; port 0: a free one.</param>
    /// <param name="access">Who may look and act.</param>
    /// <param name="certificate">Null: without TLS.</param>
    /// <param name="tell">Takes a line for an error that no page could show.</param>
    /// <param name="tests">What models say of test sets.</param>
    /// <exception cref="SweepsException">The address cannot be used.</exception>
    public static async Task<DashboardServer> StartAsync(
        ISweepStore store, IPEndPoint endpoint, DashboardAccess access, HealthCertificate? certificate,
        Action<string> tell, TestAnswers tests)
    {
        // No configuration of the folder or the environment: what is served is what was asked for.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new ErrorLines(tell)).SetMinimumLevel(LogLevel.Error)
            // That it cannot start is what this throws: a taken port is no reason for a stack trace.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        AddServices(builder.Services, () => store, access, tests);
        WebEndpoint.Listen(builder, endpoint, certificate);
        var application = builder.Build();
        application.Use(access.GuardAsync);
        application.UseRouting();
        application.UseAntiforgery();
        Map(application, access);
        await WebEndpoint.StartAsync(application, endpoint);
        _ = application.Services.GetRequiredService<StoreFollower>().WarmAsync();
        return new(application);
    }

    /// <summary>Stops serving; open pages see that at once.</summary>
    public async ValueTask DisposeAsync() => await WebEndpoint.StopAsync(_application);

    /// <summary>The pages beside a silo's probes.</summary>
    /// <param name="store">The silo's store; null: it is not open yet.</param>
    /// <param name="access">Who may look.</param>
    /// <param name="tests">What models say of test sets.</param>
    public static HealthPages Beside(Func<ISweepStore?> store, DashboardAccess access, TestAnswers tests) => new(
        "/ui",
        services => AddServices(services, () => store()!, access, tests),
        pages =>
        {
            pages.Use(access.GuardAsync);
            pages.Use(async (context, next) =>
            {
                if (store() is not null)
                {
                    await next();
                    return;
                }

                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsync("The silo has not opened its store yet: try again.\n");
            });
            pages.UseRouting();
            pages.UseAntiforgery();
            pages.UseEndpoints(endpoints => Map(endpoints, access));
        });

    private static void AddServices(
        IServiceCollection services, Func<ISweepStore> store, DashboardAccess access, TestAnswers tests)
    {
        services.AddSingleton(access);
        services.AddSingleton(_ => tests);
        services.AddSingleton(_ => new StoreFollower(store()));
        services.AddSingleton(_ => new TrialLog(StoreOption.LogFolderOf(store().Address)));
        services.AddSingleton<LiveReport>();
        services.AddScoped<Operator>();
        // Its keys live as long as the process: nothing is written to the disk, and a restart ends all sessions.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(options =>
        {
            // Of this process alone: another one beside it, at another port, could not read it, and would replace it.
            options.Cookie.Name = $"sweeps-form-{Guid.NewGuid():N}"[..20];
            options.Cookie.MaxAge = DashboardAccess.Session;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // The guard's headers are stricter.
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddRazorComponents().AddInteractiveServerComponents();
    }

    private static void Map(IEndpointRouteBuilder pages, DashboardAccess access)
    {
        DashboardFiles.Map(pages);
        pages.MapGet("/login", access.AskAsync);
        pages.MapPost("/login", access.SignInAsync);
        pages.MapPost("/logout", access.SignOutAsync);
        pages.MapGet("/charts", async (
            string id, string part, long? seen, string? trials, LiveReport report, HttpContext context) =>
            await report.JsonAsync(id, part, seen ?? 0, trials, context.RequestAborted) is { } json
                ? Microsoft.AspNetCore.Http.Results.Text(json, "application/json")
                : Microsoft.AspNetCore.Http.Results.NoContent());
        pages.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    private sealed class ErrorLines(Action<string> tell) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                tell($"dashboard: {formatter(state, null)}{(exception is null ? "" : $": {exception}")}");
        }

        public void Dispose()
        {
        }
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Sweeps.Core;
using Sweeps.Silo.Telemetry;
using Sweeps.Store;

namespace Sweeps.Silo.Health;

/// <summary>Pages that are served beside the probes, under a path of their own.</summary>
/// <param name="Path">Where, as <c>/ui</c>.</param>
/// <param name="AddServices">Adds what they need.</param>
/// <param name="Use">Builds what answers there.</param>
public sealed record HealthPages(string Path, Action<IServiceCollection> AddServices, Action<IApplicationBuilder> Use);

/// <summary>
/// Answers probes over HTTP: <see cref="LivePath"/> and <see cref="ReadyPath"/> with 200 or 503 and a line that says
/// why, <c>/</c> with the silo as JSON, with names of sweeps as <see cref="HealthAccess"/> has it, and
/// <see cref="MetricsPath"/> as Prometheus reads it.
/// </summary>
public sealed class HealthServer : IAsyncDisposable
{
    /// <summary>Not 200: restart the process.</summary>
    public const string LivePath = "/health/live";

    /// <summary>Not 200: the silo takes no work now.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>Metrics for Prometheus. They name no sweep; who sends a token must send the right one.</summary>
    public const string MetricsPath = "/metrics";

    private readonly WebApplication _application;
    private readonly MeterProvider _metrics;

    private HealthServer(WebApplication application, MeterProvider metrics) =>
        (_application, _metrics) = (application, metrics);

    /// <summary>Where it listens, with the port that it got where 0 was asked for.</summary>
    public Uri Address => WebEndpoint.AddressOf(_application);

    /// <summary>Starts to answer.</summary>
    /// <param name="health">How the silo is now, whatever it is about.</param>
    /// <param name="endpoint">Where; port 0: a free one.</param>
    /// <param name="access">Who sees names of sweeps; null: on a loopback address everybody, elsewhere nobody.</param>
    /// <param name="certificate">Null: without TLS.</param>
    /// <param name="pages">What is served beside the probes; null: nothing.</param>
    /// <exception cref="SweepsException">The address cannot be used.</exception>
    public static async Task<HealthServer> StartAsync(
        Func<SiloHealth> health,
        IPEndPoint endpoint,
        HealthAccess? access = null,
        HealthCertificate? certificate = null,
        HealthPages? pages = null)
    {
        ArgumentNullException.ThrowIfNull(health);
        ArgumentNullException.ThrowIfNull(endpoint);
        access ??= new(null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // Signals are the process's: probes are answered until the silo has left.
        WebEndpoint.Listen(builder, endpoint, certificate);
        builder.Services.AddHealthChecks()
            .AddCheck(LivePath, () => Check(health(), silo => silo.IsLive))
            .AddCheck(ReadyPath, () => Check(health(), silo => silo.IsReady));
        pages?.AddServices(builder.Services);
        var application = builder.Build();
        foreach (var path in (string[])[LivePath, ReadyPath])
        {
            application.MapHealthChecks(
                path, new() { Predicate = check => check.Name == path, ResponseWriter = WriteAsync });
        }

        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Exporters.Resource(health().Silo))
            .AddMeter(SweepsTelemetry.Name).AddPrometheusExporter().Build();
        application.UseWhen(
            context => context.Request.Path.StartsWithSegments(MetricsPath)
                && access.Refuses(context.Request, endpoint),
            branch => branch.Run(context => HealthAccess.RefuseAsync(context)));
        application.UseOpenTelemetryPrometheusScrapingEndpoint(
            metrics, predicate: null, MetricsPath, configureBranchedPipeline: null, optionsName: null);
        if (pages is not null)
        {
            application.Map(pages.Path, branch =>
            {
                // Routes of its own: the probes are not among its pages.
                branch.Properties.Remove("__GlobalEndpointRouteBuilder");
                pages.Use(branch);
            });
        }

        application.MapGet("/", (HttpRequest request) => access.Answer(request, endpoint, health()));
        try
        {
            await WebEndpoint.StartAsync(application, endpoint);
            return new(application, metrics);
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }

    /// <summary>Stops answering.</summary>
    public async ValueTask DisposeAsync()
    {
        await WebEndpoint.StopAsync(_application);
        _metrics.Dispose();
    }

    private static HealthCheckResult Check(SiloHealth health, Func<SiloHealth, bool> isGood) =>
        isGood(health) ? HealthCheckResult.Healthy("ok") : HealthCheckResult.Unhealthy(health.Reason);

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{report.Entries.Values.Single().Description}\n");
    }
}

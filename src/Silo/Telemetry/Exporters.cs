using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sweeps.Store;

namespace Sweeps.Silo.Telemetry;

/// <summary>
/// Sends metrics and traces by OTLP where OpenTelemetry's own variables say so: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or
/// that of metrics or traces alone; <c>OTEL_METRICS_EXPORTER</c> and <c>OTEL_TRACES_EXPORTER</c> (<c>none</c>),
/// <c>OTEL_SDK_DISABLED</c>, <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c>. Without them nothing of it
/// is
/// loaded.
/// </summary>
public static class Exporters
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Begins to send, where that is asked for; what is disposed sends the rest first.</summary>
    /// <param name="process">Which process it is: a silo's name, or the command.</param>
    /// <param name="sendsMetrics">Whether it lives long enough to have metrics.</param>
    public static IDisposable? Start(string process, bool sendsMetrics = true)
    {
        if (bool.TryParse(Variable("OTEL_SDK_DISABLED"), out var isDisabled) && isDisabled)
            return null;
        var metrics = sendsMetrics && IsWanted("METRICS");
        var traces = IsWanted("TRACES");
        return metrics || traces ? Begin(process, metrics, traces) : null;
    }

    /// <summary>
    /// Who sends: variables override it. Two processes of a machine may have one name for a moment, and their counters
    /// must never be taken for one.
    /// </summary>
    internal static ResourceBuilder Resource(string process) => ResourceBuilder.CreateEmpty()
        .AddService(
            "sweeps", serviceVersion: ProgramVersion.Text, serviceInstanceId: $"{process}/{Environment.ProcessId}")
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    // Its own method, so that OpenTelemetry is loaded by who needs it alone.
    private static Both Begin(string process, bool metrics, bool traces) => new(
        metrics
            ? Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource(process)).AddMeter(SweepsTelemetry.Name)
                .AddOtlpExporter().Build()
            : null,
        traces
            ? Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource(process)).AddSource(SweepsTelemetry.Name)
                .AddOtlpExporter().Build()
            : null);

    private static bool IsWanted(string signal) =>
        (Variable(Endpoint) ?? Variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) is not null
        && Variable($"OTEL_{signal}_EXPORTER") is null or "otlp";

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private sealed class Both(MeterProvider? metrics, TracerProvider? traces) : IDisposable
    {
        public void Dispose()
        {
            traces?.Dispose();
            metrics?.Dispose();
        }
    }
}

using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;

namespace Sweeps.Silo.Hosting;

/// <summary>
/// Logs: everything to a rolling file, each line with sweep, trial, attempt and silo where it belongs to one; on the
/// console only what a person must know.
/// </summary>
internal static class SiloLogging
{
    private const string Line =
        "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} [{Silo} {Sweep} {Trial} #{Attempt}] {SourceContext}: "
            + "{Message:lj}{NewLine}{Exception}";

    private const int FilesKept = 10;
    private const long FileSizeMax = 20_000_000;

    public static void UseSweepsLogging(this IHostApplicationBuilder builder, SiloSettings settings)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Silo", settings.Name)
            .WriteTo.Console(
                restrictedToMinimumLevel: settings.ConsoleLevel,
                standardErrorFromLevel: LogEventLevel.Verbose,
                formatProvider: CultureInfo.InvariantCulture);
        if (settings.LogFolder is { } folder)
        {
            logger.WriteTo.File(
                Path.Combine(folder, "silo-.log"),
                outputTemplate: Line,
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: FileSizeMax,
                retainedFileCountLimit: FilesKept,
                shared: true,
                formatProvider: CultureInfo.InvariantCulture);
        }

        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(logger.CreateLogger(), dispose: true);
    }
}

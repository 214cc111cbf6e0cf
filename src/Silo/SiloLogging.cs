using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Filters;

namespace Sweeps.Silo;

/// <summary>
/// Logs: everything of ours and what libraries warn of to a rolling file, each line with sweep, trial, attempt and silo
/// where it belongs to one; on the console only what a person must know, and nothing of the inside of a library.
/// </summary>
internal static class SiloLogging
{
    private const string Line =
        "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} [{Silo} {Sweep} {Trial} #{Attempt}] {SourceContext}: "
            + "{Message:lj}{NewLine}{Exception}";

    private const string Ours = nameof(Sweeps);
    private const int FilesKept = 10;
    private const long FileSizeMax = 20_000_000;

    public static void UseSweepsLogging(this IHostApplicationBuilder builder, SiloSettings settings)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Warning()
            .MinimumLevel.Override(Ours, LogEventLevel.Debug)
            // It takes the time since the machine's start for time in which the silo stood still.
            .MinimumLevel.Override("Orleans.Runtime.Watchdog", LogEventLevel.Error)
            // Refused connections are told by us, once and without a stack.
            .MinimumLevel.Override("Orleans.Connections.Security", LogEventLevel.Fatal)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Silo", settings.Name)
            .WriteTo.Logger(console => console
                .Filter.ByIncludingOnly(Matching.FromSource(Ours))
                .WriteTo.Console(
                    restrictedToMinimumLevel: settings.ConsoleLevel,
                    standardErrorFromLevel: LogEventLevel.Verbose,
                    formatProvider: CultureInfo.InvariantCulture));
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

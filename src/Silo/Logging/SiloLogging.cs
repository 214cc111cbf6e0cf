using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Filters;

namespace Sweeps.Silo.Logging;

/// <summary>
/// Logs: everything of ours and what libraries warn of to files that are bounded in size and number, each line with
/// sweep, trial, attempt and silo where it belongs to one; on the console only what a person must know, and nothing of
/// the inside of a library.
/// </summary>
internal static class SiloLogging
{
    private const string Line =
        "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} [{SiloName} {Sweep} {Trial} #{Attempt}] {SourceContext}: "
            + "{Message:lj}{NewLine}{Exception}";

    // As the command line's own lines, which stand between these.
    private const string ConsoleLine = "{UtcTimestamp:yyyy-MM-dd HH:mm:ss}Z {Message:lj}{NewLine}{Exception}";

    private const string Ours = nameof(Sweeps);

    /// <summary>Files kept beside the one that is written.</summary>
    public const int FilesKept = 10;

    public static void UseSweepsLogging(this IHostApplicationBuilder builder, SiloSettings settings)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Warning()
            .MinimumLevel.Override(Ours, LogEventLevel.Debug)
            // It takes the time since the machine's start for time in which the silo stood still.
            .MinimumLevel.Override("Orleans.Runtime.Watchdog", LogEventLevel.Error)
            // It recommends a garbage collector that takes more memory and helps nothing here.
            .MinimumLevel.Override("Orleans.Runtime.Silo", LogEventLevel.Error)
            // Refused connections are told by us, once and without a stack.
            .MinimumLevel.Override("Orleans.Connections.Security", LogEventLevel.Fatal)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("SiloName", settings.Name)
            .WriteTo.Sink(new Gathering(Output(settings), TimeProvider.System));
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(logger.CreateLogger(), dispose: true);
    }

    private static Serilog.Core.Logger Output(SiloSettings settings)
    {
        var output = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Logger(console => Console(
            console.Filter.ByIncludingOnly(Matching.FromSource(Ours)), settings));
        if (settings.LogFolder is { } folder)
            File(output, Path.Combine(folder, "silo-.log"), settings);
        return output.CreateLogger();
    }

    private static LoggerConfiguration Console(LoggerConfiguration console, SiloSettings settings) =>
        settings.LogFormat == LogFormat.Json
            ? console.WriteTo.Console(
                new JsonLines(), settings.ConsoleLevel, standardErrorFromLevel: LogEventLevel.Verbose)
            : console.WriteTo.Console(
                settings.ConsoleLevel,
                ConsoleLine,
                CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose);

    private static void File(LoggerConfiguration output, string path, SiloSettings settings)
    {
        if (settings.LogFormat == LogFormat.Json)
        {
            output.WriteTo.File(
                new JsonLines(),
                path,
                fileSizeLimitBytes: settings.LogFileBytes,
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesKept,
                shared: true);
            return;
        }

        output.WriteTo.File(
            path,
            outputTemplate: Line,
            formatProvider: CultureInfo.InvariantCulture,
            fileSizeLimitBytes: settings.LogFileBytes,
            rollingInterval: RollingInterval.Day,
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: FilesKept,
            shared: true);
    }
}

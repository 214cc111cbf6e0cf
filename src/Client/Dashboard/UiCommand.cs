using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sweeps.Client.Dashboard.Pages;
using Sweeps.Client.Data;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Silo.Health;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;

namespace Sweeps.Client.Dashboard;

/// <summary><c>sweeps ui</c>: the sweeps of a store as live pages in the browser.</summary>
internal static class UiCommand
{
    private const int PortOfDefault = 8180;

    public static Command Create()
    {
        var store = new StoreOption();
        var options = new DashboardOptions();
        var data = new DataOptions();
        var listen = new Option<string?>("--listen")
        {
            Description = "PORT (on this machine alone), ADDRESS:PORT or *:PORT; 0 takes a free port. Other addresses "
                + $"than loopback need a token. Default: {PortOfDefault}, or a free port where that is taken.",
            HelpName = "address:port",
        };
        var open = new Option<bool>("--open") { Description = "Open the pages in the browser." };
        var command = new Command("ui", "Show sweeps, trials and silos as live pages in the browser.")
        {
            store.Option, listen, open, data.DataDir,
        };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var access = options.Access(parsed, Endpoint(listen, parsed.GetValue(listen)), listen.Name);
            var certificate = options.ReadCertificate(parsed);
            await using var opened = access.CanAct
                ? await store.ChangeAsync(parsed, cancellation)
                : await store.LookAsync(parsed);
            var error = parsed.InvocationConfiguration.Error;
            await using var server = await StartAsync(
                opened, access, certificate, error.WriteLine, parsed.GetValue(listen) is null,
                new(data.Sets(parsed), waits: false));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{opened.Address} is shown at {server.Address}; Ctrl-C ends that. "
                    + (access.CanAct
                        ? "Who signs in with the token can steer sweeps."
                        : "Nothing can be changed there."));
            await parsed.InvocationConfiguration.Output.FlushAsync(cancellation);
            if (parsed.GetValue(open))
                BrowserStart.Open(server.Address.ToString(), "--open");
            using var interrupt = new Interrupt();
            await Interrupt.SignalAsync(interrupt.InOrder);
            return 0;
        });
        return command;
    }

    /// <summary>Reads where to listen; null: the default on this machine alone.</summary>
    public static IPEndPoint Endpoint(Option option, string? text)
    {
        if (text is null)
            return new(IPAddress.Loopback, PortOfDefault);
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return new(IPAddress.Loopback, port);
        var all = Socket.OSSupportsIPv6 ? "[::]" : "0.0.0.0";
        var full = text.StartsWith("*:", StringComparison.Ordinal) ? $"{all}{text[1..]}" : text;
        return full.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(full, out var endpoint)
            ? endpoint
            : throw OptionValues.Bad(option, text, "PORT (on loopback), ADDRESS:PORT, or *:PORT for all addresses");
    }

    /// <summary>Starts to serve; where the default port is taken, at a free one.</summary>
    public static async Task<DashboardServer> StartAsync(
        ISweepStore store, DashboardAccess access, HealthCertificate? certificate, Action<string> tell,
        bool isDefault, TestAnswers tests)
    {
        try
        {
            return await DashboardServer.StartAsync(store, access.Endpoint, access, certificate, tell, tests);
        }
        catch (SweepsException) when (isDefault)
        {
            return await DashboardServer.StartAsync(
                store, new(IPAddress.Loopback, 0), access, certificate, tell, tests);
        }
    }
}

/// <summary>The live pages beside a run, as long as it runs.</summary>
internal static class RunPages
{
    /// <summary>Starts them at a free port of this machine, and the browser where there is one to see them.</summary>
    /// <param name="store">The run's store.</param>
    /// <param name="sweep">The run's sweep.</param>
    /// <param name="sets">The run's data.</param>
    /// <param name="error">Takes notes.</param>
    public static async Task<DashboardServer> StartAsync(
        ISweepStore store, string sweep, DataSets sets, TextWriter error)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        var access = new DashboardAccess(endpoint, DashboardOptions.Token(null), []);
        var server = await DashboardServer.StartAsync(
            store, endpoint, access, null, error.WriteLine, new(sets, waits: true));
        var place = new Uri(server.Address, SweepsPage.Link(sweep)).AbsoluteUri;
        await error.WriteLineAsync(
            $"note: shown at {place} while it runs; afterwards 'sweeps ui' shows it"
                + (access.CanAct ? "" : $". To steer it from there, put a token into {DashboardAccess.TokenVariable}"));
        if (HasScreen(error))
            Open(place, error);
        return server;
    }

    // Without a screen some systems start a browser for terminals, in the midst of the progress.
    private static bool HasScreen(TextWriter error) =>
        ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
        && (!OperatingSystem.IsLinux()
            || Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 });

    private static void Open(string place, TextWriter error)
    {
        try
        {
            BrowserStart.Open(place, "--ui");
        }
        catch (SweepsException problem)
        {
            error.WriteLine($"note: {problem.Message}");
        }
    }
}

/// <summary>The options of who may use the pages.</summary>
internal sealed class DashboardOptions
{
    private const string TokenName = "--ui-token";

    private readonly Option<string?> _token = new(TokenName)
    {
        Description = "A file with the token that who steers sweeps from the pages must show. Default: the variable "
            + $"{DashboardAccess.TokenVariable}, else nobody steers.",
        HelpName = "file",
    };

    private readonly Option<string[]> _host = new("--host")
    {
        Description = "A name of this machine by which the pages may be asked for. May be repeated. IP addresses and "
            + "localhost always are.",
        HelpName = "name",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _origin = PageOrigin.Option();

    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "Certificate of the pages, as a PEM file: they then speak HTTPS.",
        HelpName = "file",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Private key of --certificate, as a PEM file. Default: in the same file.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_token, _host, _origin, _certificate, _key])
            command.Options.Add(option);
    }

    /// <summary>Who may look and act.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="endpoint">Where the pages are served.</param>
    /// <param name="option">The option that said so, for errors.</param>
    /// <exception cref="SweepsException">There is no token where one is needed, or it is none.</exception>
    public DashboardAccess Access(ParseResult parsed, IPEndPoint endpoint, string option)
    {
        var access = new DashboardAccess(
            endpoint, Token(parsed.GetValue(_token)), parsed.GetValue(_host) ?? [])
        {
            TokenOption = TokenName,
            Origins = PageOrigin.Of(_origin, parsed.GetValue(_origin)),
        };
        access.Check(option);
        return access;
    }

    /// <summary>The certificate; null: without TLS.</summary>
    public HealthCertificate? ReadCertificate(ParseResult parsed)
    {
        var (certificate, key) = (parsed.GetValue(_certificate), parsed.GetValue(_key));
        if (certificate is null && key is not null)
            throw new SweepsException(ErrorKind.Usage, $"--key {key} is the key of a --certificate: give that too.");
        return certificate is null ? null : new(certificate, key);
    }

    /// <summary>The token of a file, or of the variable; null: there is none.</summary>
    public static AccessToken? Token(string? file)
    {
        if (file is null)
            return AccessToken.Of(
                Environment.GetEnvironmentVariable(DashboardAccess.TokenVariable), DashboardAccess.TokenVariable);
        try
        {
            return AccessToken.Of(File.ReadAllText(file).Trim(), $"{TokenName} {file}")
                ?? throw new SweepsException(ErrorKind.Usage, $"{TokenName} {file}: the file is empty.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"{TokenName} {file}: {error.Message} Name a file that has the token and that this user can read.",
                error);
        }
    }
}

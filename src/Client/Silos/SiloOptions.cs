using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Silo;
using Sweeps.Silo.Cluster;
using Sweeps.Silo.Health;
using Sweeps.Silo.Logging;

namespace Sweeps.Client.Silos;

/// <summary>The options of <c>sweeps silo</c>.</summary>
internal sealed class SiloOptions
{
    private const double SecondsMax = 86_400;

    public StoreOption Store { get; } = new();

    public Option<int?> Slots { get; } = OptionValues.Whole(
        "--slots", 0, RunOptions.SlotsMax,
        "Number of trials to train in parallel (one thread each). Default: the number of cores.");

    public Option<string?> Name { get; } = new("--name")
    {
        Description = "Name of the silo. Default: the machine's name, with a number if it is taken.",
        HelpName = "name",
    };

    public Option<string[]> Sweep { get; } = new("--sweep")
    {
        Description = "Train for this sweep alone. May be repeated. Default: every open sweep of the store.",
        HelpName = "id",
        DefaultValueFactory = _ => [],
    };

    public Option<string?> Health { get; } = new("--health", "--listen")
    {
        Description = "Serve health endpoints over HTTP (/health/live, /health/ready, / as JSON) on PORT (loopback), "
            + $"ADDRESS:PORT or *:PORT. Sweeps are named on loopback, elsewhere to who sends the token of "
            + $"{HealthAccess.TokenVariable}. Default: none.",
        HelpName = "address:port",
    };

    public Option<bool> Ui { get; } = new("--ui")
    {
        Description = "Also show sweeps and silos as live pages under /ui of --listen; nothing can be changed there. "
            + $"On other addresses than loopback they ask for the token of {DashboardAccess.TokenVariable}.",
    };

    public Option<string[]> UiOrigin { get; } = PageOrigin.Option();

    public Option<string?> Certificate { get; } = new("--certificate")
    {
        Description = "Certificate of the health endpoints, as a PEM file: they then speak HTTPS.",
        HelpName = "file",
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "Private key of --certificate, as a PEM file. Default: in the same file.",
        HelpName = "file",
    };

    public Option<string?> Advertise { get; } = new("--advertise")
    {
        Description = "Address at which other silos reach this one. Default: the one that the database sees it at; on "
            + "the database's own machine, loopback if the database listens there alone, else the machine's own.",
        HelpName = "address",
    };

    public Option<string?> SiloPort { get; } = new("--silo-port")
    {
        Description = "Port at which other silos reach this one, or FIRST-LAST to take the first free of them: what a "
            + "firewall has to let through. Default: any free port.",
        HelpName = "port",
    };

    public Option<string?> Lease { get; } = new("--lease")
    {
        Description = "Heartbeat timeout in seconds; after it, other silos take over this silo's trials. "
            + "Must be equal on all silos. Default: 15.",
        HelpName = "seconds",
    };

    public Option<string?> Grace { get; } = new("--grace")
    {
        Description = "Seconds that running epochs may take to finish after SIGTERM or Ctrl-C. Default: 20.",
        HelpName = "seconds",
    };

    public Option<string> LogFormat { get; } = new("--log-format")
    {
        Description = "How log lines are written, on the console and to the files: text, or json (one object a line). "
            + "Default: text.",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    };

    public Option<bool> AllowAssemblies { get; } = new("--allow-assemblies")
    {
        Description = "Train networks of users' own code (.NET assemblies that travel with their sweeps), which then "
            + "runs with all rights of this process. Default: the silo takes no trial of such sweeps.",
    };

    public Option<string?> DataDir { get; } = new DataOptions().DataDir;

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            Store.Option, Slots, Name, Sweep, Health, Ui, UiOrigin, Certificate, Key, Advertise, SiloPort, Lease, Grace,
            LogFormat, AllowAssemblies, DataDir])
            command.Options.Add(option);
    }

    /// <summary>Where health checks are answered; null: nowhere.</summary>
    public IPEndPoint? Endpoint(ParseResult parsed)
    {
        if (parsed.GetValue(Health) is not { } text)
            return null;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return new(IPAddress.Loopback, port);
        // Of IPv6, which takes IPv4's connections too, where the machine has it.
        var all = Socket.OSSupportsIPv6 ? "[::]" : "0.0.0.0";
        var full = text.StartsWith("*:", StringComparison.Ordinal) ? $"{all}{text[1..]}" : text;
        return full.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(full, out var endpoint)
            ? endpoint
            : throw OptionValues.Bad(Health, text, "PORT (on loopback), ADDRESS:PORT, or *:PORT for all addresses");
    }

    /// <summary>Who may look at the pages; null: there are none.</summary>
    public DashboardAccess? ReadPages(ParseResult parsed, IPEndPoint? endpoint)
    {
        var origins = PageOrigin.Of(UiOrigin, parsed.GetValue(UiOrigin));
        if (!parsed.GetValue(Ui))
        {
            return origins.Count == 0 ? null : throw new SweepsException(
                ErrorKind.Usage, $"{PageOrigin.Name} {origins[0]} is for the pages of --ui: give --ui too.");
        }

        if (endpoint is null)
        {
            throw new SweepsException(
                ErrorKind.Usage, "--ui shows pages where the health endpoints are: give --listen too.");
        }

        var access = new DashboardAccess(endpoint, DashboardOptions.Token(null), [], onlyShows: true)
        {
            Origins = origins,
        };
        access.Check("--listen");
        return access;
    }

    /// <summary>The certificate of the health endpoints; null: without TLS.</summary>
    public HealthCertificate? ReadCertificate(ParseResult parsed)
    {
        var (certificate, key) = (parsed.GetValue(Certificate), parsed.GetValue(Key));
        if (certificate is null && key is not null)
            throw new SweepsException(ErrorKind.Usage, $"--key {key} is the key of a --certificate: give that too.");
        if (certificate is not null && parsed.GetValue(Health) is null)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"--certificate {certificate} is for the health endpoints: give --health too.");
        }

        return certificate is null ? null : new(certificate, key);
    }

    /// <summary>The silo's settings; its name is chosen later where none is given.</summary>
    public SiloSettings Settings(ParseResult parsed)
    {
        var defaults = new SiloSettings();
        return defaults with
        {
            Name = parsed.GetValue(Name) ?? defaults.Name,
            Slots = parsed.GetValue(Slots) ?? defaults.Slots,
            Sweeps = parsed.GetValue(Sweep) is { Length: > 0 } sweeps ? sweeps : null,
            Lease = Seconds(parsed, Lease, 1) ?? defaults.Lease,
            DrainGrace = Seconds(parsed, Grace, 0) ?? defaults.DrainGrace,
            Advertised = AdvertisedAddress(parsed),
            Ports = PortRange(parsed),
            LogFormat = Format(parsed),
        };
    }

    private LogFormat Format(ParseResult parsed) => parsed.GetValue(LogFormat) switch
    {
        "text" => Sweeps.Silo.Logging.LogFormat.Text,
        "json" => Sweeps.Silo.Logging.LogFormat.Json,
        var other => throw OptionValues.Bad(LogFormat, other!, "text or json"),
    };

    private SiloPorts PortRange(ParseResult parsed)
    {
        if (parsed.GetValue(SiloPort) is not { } text)
            return default;
        var ends = text.Split('-');
        return ends.Length <= 2 && Port(ends[0]) is { } first && Port(ends[^1]) is { } last && first <= last
            ? new(first, last)
            : throw OptionValues.Bad(SiloPort, text, "PORT or FIRST-LAST, of 1 to 65535, such as 11111 or 11111-11114");
    }

    private static int? Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    private IPAddress? AdvertisedAddress(ParseResult parsed)
    {
        if (parsed.GetValue(Advertise) is not { } text)
            return null;
        return IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any)
            && !address.Equals(IPAddress.IPv6Any)
            ? address
            : throw OptionValues.Bad(Advertise, text, "an IP address that other silos reach, such as 10.0.0.5");
    }

    private static TimeSpan? Seconds(ParseResult parsed, Option<string?> option, double min) =>
        parsed.Number(option, min, SecondsMax) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}

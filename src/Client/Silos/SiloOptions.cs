using System.CommandLine;
using System.Globalization;
using System.Net;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.SweepFile;
using Sweeps.Silo;

namespace Sweeps.Client.Silos;

/// <summary>The options of <c>sweeps silo</c>.</summary>
internal sealed class SiloOptions
{
    private const double SecondsMax = 86_400;

    public StoreOption Store { get; } = new();

    public Option<int?> Slots { get; } = new("--slots")
    {
        Description = "Number of trials to train in parallel (one thread each). Default: the number of cores.",
        HelpName = "n",
    };

    public Option<string?> Name { get; } = new("--name")
    {
        Description = "Name of the silo. Default: the machine's name, with a number if it is taken.",
        HelpName = "name",
    };

    public Option<string?> Listen { get; } = new("--listen")
    {
        Description = "Answer probes over HTTP (/health/live, /health/ready, / as JSON): PORT, ADDRESS:PORT or *:PORT. "
            + "The "
            + "address is also the one that other silos use. Default: no probes.",
        HelpName = "address:port",
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

    public Option<string?> DataDir { get; } = new DataOptions().DataDir;

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Store.Option, Slots, Name, Listen, Lease, Grace, DataDir])
            command.Options.Add(option);
    }

    /// <summary>Where to answer probes; null: nowhere.</summary>
    public IPEndPoint? Endpoint(ParseResult parsed)
    {
        if (parsed.GetValue(Listen) is not { } text)
            return null;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return new(IPAddress.Loopback, port);
        var full = text.StartsWith("*:", StringComparison.Ordinal) ? $"0.0.0.0{text[1..]}" : text;
        return full.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(full, out var endpoint)
            ? endpoint
            : throw OptionValues.Bad(Listen, text, "PORT (on loopback), ADDRESS:PORT, or *:PORT for all addresses");
    }

    /// <summary>How the silo works; its name is chosen later where none is given.</summary>
    public SiloSettings Settings(ParseResult parsed, IPEndPoint? endpoint)
    {
        var defaults = new SiloSettings();
        var isOwn = endpoint is not null && !endpoint.Address.Equals(IPAddress.Any)
            && !IPAddress.IsLoopback(endpoint.Address)
            && !endpoint.Address.Equals(IPAddress.IPv6Any);
        var settings = defaults with
        {
            Name = parsed.GetValue(Name) ?? defaults.Name,
            Slots = parsed.GetValue(Slots) ?? defaults.Slots,
            Lease = Seconds(parsed, Lease, 1) ?? defaults.Lease,
            DrainGrace = Seconds(parsed, Grace, 0) ?? defaults.DrainGrace,
            Advertised = isOwn ? endpoint!.Address : null,
        };
        if (settings.Slots is < 0 or > RunOptions.SlotsMax)
            throw new SweepsException(
                ErrorKind.Usage, $"--slots {settings.Slots}: allowed are 0 to {RunOptions.SlotsMax}.");
        return settings;
    }

    private static TimeSpan? Seconds(ParseResult parsed, Option<string?> option, double min) =>
        parsed.Number(option, min, SecondsMax) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}

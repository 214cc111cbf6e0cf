using System.Net;
using Serilog.Events;
using Sweeps.Core;
using Sweeps.Silo.Cluster;
using Sweeps.Silo.Logging;

namespace Sweeps.Silo;

/// <summary>How a silo works; the defaults suit one process on a machine of its own.</summary>
public sealed record SiloSettings
{
    /// <summary>How long a silo that left or was lost stays in the directory.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>The silo's name, kept over restarts. Default: the machine's name.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Trials trained side by side, each on one thread; 0 and up. Default: the number of cores.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>The sweeps that it trains for and no other; null: every open one of the store.</summary>
    public IReadOnlyList<string>? Sweeps { get; init; }

    /// <summary>
    /// How long the others wait for a heartbeat before the silo counts as lost. Default 15 s, at least 1 s.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the silo says that it lives: a fifth of <see cref="Lease"/>.</summary>
    public TimeSpan HeartbeatInterval => Lease / 5;

    /// <summary>
    /// How long a draining silo waits for running epochs to end before it hands back what it has. Default 20 s.
    /// </summary>
    public TimeSpan DrainGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long the silo looks for the data of a new sweep before it says that it cannot train for it. Default 10 s: a
    /// table comes into the store a moment after its sweep.
    /// </summary>
    public TimeSpan DataPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Work kept at hand beyond the slots, so that very short trials do not wait for the log. Default 100 ms.
    /// </summary>
    public TimeSpan Prefetch { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The share of training time that checkpoints may cost. Default 0.01, in (0, 1].</summary>
    public double CheckpointShare { get; init; } = 0.01;

    /// <summary>Checkpoints of a trial are at least this far apart. Default 2 s.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Folder of the rolling log files; null: no file.</summary>
    public string? LogFolder { get; init; }

    /// <summary>How lines are written, on the console and to the files. Default: for people.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Size at which a log file is closed and the next begun. Default 20 MB; ten of them are kept.</summary>
    public long LogFileBytes { get; init; } = 20_000_000;

    /// <summary>
    /// What the console shows of the log. Default: errors; the command line reports the rest in its own way.
    /// </summary>
    public LogEventLevel ConsoleLevel { get; init; } = LogEventLevel.Error;

    /// <summary>
    /// Address that other silos reach this one at (Orleans over a shared store). Default, null: the one that the
    /// database sees it at, or the machine's own.
    /// </summary>
    public IPAddress? Advertised { get; init; }

    /// <summary>The ports that other silos may reach this one at. Default: any that is free.</summary>
    public SiloPorts Ports { get; init; }

    /// <summary>The public data sets that it has found; null: nobody looked.</summary>
    public IReadOnlyList<string>? Data { get; init; }

    /// <summary>Whether it trains for a sweep.</summary>
    public bool Serves(string sweep) => Sweeps is null || Sweeps.Contains(sweep);

    /// <summary>Checks the settings.</summary>
    /// <exception cref="SweepsException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Name.Length is > 0 and <= 100, nameof(Name), Name, "1 to 100 characters");
        Require(Slots is >= 0 and <= 1024, nameof(Slots), Slots, "0 to 1024");
        Require(Lease >= TimeSpan.FromSeconds(1), nameof(Lease), Lease, "at least 1 s");
        Require(DrainGrace >= TimeSpan.Zero, nameof(DrainGrace), DrainGrace, "0 or more");
        Require(CheckpointShare is > 0 and <= 1, nameof(CheckpointShare), CheckpointShare, "more than 0, at most 1");
    }

    private static void Require(bool holds, string name, object value, string allowed)
    {
        if (!holds)
            throw new SweepsException(ErrorKind.Usage, $"Silo setting {name} is {value}; allowed is {allowed}.");
    }
}

using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Silo;

/// <summary>Who this silo is to the others. A silo that was declared lost goes on under a new incarnation.</summary>
internal sealed class SiloIdentity(string name, SiloNumerics numerics)
{
    private double _speed = numerics.Speed;

    /// <summary>The silo's name, kept over restarts; another one where a living silo has it.</summary>
    public string Name { get; set; } = name;

    /// <summary>Names this start; never used again.</summary>
    public string Incarnation { get; private set; } = NewIncarnation();

    /// <summary>What the silo is listed with: the fingerprints that are measured.</summary>
    public string Fingerprint => numerics.Fingerprint;

    /// <summary>The fingerprints that a sweep compares, as <see cref="SiloNumerics.Of"/>.</summary>
    public string FingerprintFor(NumericsScope scope) => numerics.Of(scope);

    /// <summary>Whether <see cref="Speed"/> is measured, and may still get better.</summary>
    public bool IsCalibrated => numerics.IsCalibrated;

    /// <summary>The silo's speed relative to the reference, by its own calibration.</summary>
    public double Speed => Volatile.Read(ref _speed);

    /// <summary>
    /// Takes a speed for the silo's where it is the highest so far: nothing makes a machine too fast.
    /// </summary>
    public void Offer(double speed)
    {
        if (speed > Speed)
            Volatile.Write(ref _speed, speed);
    }

    /// <summary>Begins a new incarnation: what was given to the old one is not ours any more.</summary>
    public void Renew() => Incarnation = NewIncarnation();

    private static string NewIncarnation() => Guid.NewGuid().ToString("n");
}

/// <summary>Names for silos that were not given one.</summary>
public static class SiloNames
{
    /// <summary>
    /// The machine's name where no living silo has it, else the first free of <c>machine-2</c>, <c>machine-3</c>,
    /// ... Of two processes that ask at the same moment one gets another name when it enters.
    /// </summary>
    public static async Task<string> FreeAsync(
        ISweepStore store, string machine, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var taken = (await store.Silos.ListAsync(cancellation))
            .Where(silo => silo.IsAlive)
            .Select(silo => silo.Name)
            .ToHashSet(StringComparer.Ordinal);
        return taken.Contains(machine)
            ? Enumerable.Range(2, taken.Count).Select(number => $"{machine}-{number}").First(
                name => !taken.Contains(name))
            : machine;
    }
}

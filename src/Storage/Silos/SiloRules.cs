using Sweeps.Core;

namespace Sweeps.Storage;

/// <summary>What every silo directory requires of its arguments.</summary>
internal static class SiloRules
{
    public static void Check(SiloRegistration silo)
    {
        StoreRules.CheckName(silo.Name, "silo name", StoreRules.NameLengthMax);
        StoreRules.CheckName(silo.Incarnation, "silo incarnation", StoreRules.NameLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegative(silo.Slots);
    }

    public static void Check(SiloHeartbeat heartbeat)
    {
        StoreRules.CheckName(heartbeat.Incarnation, "silo incarnation", StoreRules.NameLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegative(heartbeat.Slots);
        ArgumentOutOfRangeException.ThrowIfNegative(heartbeat.ImagesPerSecond);
    }

    public static void CheckSlots(int? slots)
    {
        if (slots is < 0)
            throw new SweepsException(ErrorKind.Usage, $"A silo cannot have {slots} slots; allowed is 0 or more.");
    }

    public static SweepsException AlreadyKnown(string incarnation) =>
        new(ErrorKind.Store, $"The silo incarnation '{incarnation}' is already known; each start of a silo needs a new "
            + "one.");
}

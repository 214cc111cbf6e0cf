namespace Sweeps.Storage;

/// <summary>A silo as a listing shows it. Times are the store's clock.</summary>
/// <param name="Name">The silo's name.</param>
/// <param name="Incarnation">This start of its process.</param>
/// <param name="Host">The machine.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Fingerprint">The numerics fingerprint.</param>
/// <param name="State">Where its life is.</param>
/// <param name="Slots">Number of slots as last reported.</param>
/// <param name="RequestedSlots">The number that an operator asked for; null: none.</param>
/// <param name="Training">What each slot trains, as JSON.</param>
/// <param name="ImagesPerSecond">Samples learned from in a second.</param>
/// <param name="Started">When it entered.</param>
/// <param name="LastSeen">Its last heartbeat.</param>
public sealed record SiloRow(
    string Name,
    string Incarnation,
    string Host,
    string Version,
    string Fingerprint,
    SiloState State,
    int Slots,
    int? RequestedSlots,
    string Training,
    double ImagesPerSecond,
    DateTimeOffset Started,
    DateTimeOffset LastSeen);

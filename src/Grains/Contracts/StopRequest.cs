
namespace Sweeps.Grains.Contracts;

/// <summary>Ends a training.</summary>
/// <param name="Ending">What to report: stopped, released or dropped.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="AtOnce">Do not finish the running epoch.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.StopRequest")]
public sealed record StopRequest(
    [property: Id(0)] AttemptEnding Ending,
    [property: Id(1)] string Reason,
    [property: Id(2)] bool AtOnce);

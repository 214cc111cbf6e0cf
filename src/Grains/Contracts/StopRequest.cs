
namespace Sweeps.Grains.Contracts;

/// <summary>Ends a training.</summary>
/// <param name="Number">The attempt meant; another one is left alone.</param>
/// <param name="Ending">What to report: stopped, released or dropped.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="AtOnce">Do not finish the running epoch.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.StopRequest")]
public sealed record StopRequest(
    [property: Id(0)] int Number,
    [property: Id(1)] AttemptEnding Ending,
    [property: Id(2)] string Reason,
    [property: Id(3)] bool AtOnce);


namespace Sweeps.Grains.Contracts;

/// <summary>
/// What a slot does now.
/// </summary>
/// <param name="Slot">The slot, from 0; -1: the trial waits for one.</param> <param name="Key">The attempt it
/// trains.</param> <param name="Label">The configuration in a few words.</param> <param name="Epoch">The running epoch,
/// from 1; 0: loading.</param> <param name="Epochs">Epochs in all.</param> <param name="Share">The share of the running
/// epoch that is done, in [0, 1].</param> <param name="Metric">Validation metric of the last epoch (training's where
/// there is no validation set); NaN before.</param> <param name="ImagesPerSecond">Samples learned from in a second, of
/// the last epoch.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.TrialActivity")]
public sealed record TrialActivity(
    [property: Id(0)] int Slot,
    [property: Id(1)] AttemptKey Key,
    [property: Id(2)] string Label,
    [property: Id(3)] int Epoch,
    [property: Id(4)] int Epochs,
    [property: Id(5)] double Share,
    [property: Id(6)] double Metric,
    [property: Id(7)] double ImagesPerSecond)
{
    /// <summary>The silo, where several are shown together; otherwise null.</summary>
    [Id(8)]
    public string? Silo { get; init; }
}

namespace Sweeps.Training.Networks;

/// <summary>Where one running statistic lies in its flat buffer.</summary>
/// <param name="Name">Layer number and kind, as in saved models: <c>1.running_mean</c>.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Length">Its floats.</param>
internal sealed record StatisticSlot(string Name, int Offset, int Length);

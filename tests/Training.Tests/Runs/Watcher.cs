using Sweeps.Core.Trainings;

namespace Sweeps.Training.Tests.Runs;

/// <summary>An observer that keeps what it is told and stops where it is asked to.</summary>
internal sealed class Watcher(bool keepCheckpoints = true) : ITrainingObserver
{
    public List<EpochReport> Reports { get; } = [];

    public List<byte[]> Checkpoints { get; } = [];

    public int StopAfter { get; init; } = int.MaxValue;

    public Func<string?> Reason { get; init; } = () => null;

    public string? StopReason => Reason();

    /// <summary>Epochs that the checkpoint held; null: it began from the start.</summary>
    public int? ResumedAt { get; private set; }

    public void Resumed(int epochs) => ResumedAt = epochs;

    public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
    {
        Reports.Add(report);
        if (keepCheckpoints)
            Checkpoints.Add(checkpoint());
        return report.Epoch >= StopAfter ? $"stopped after {report.Epoch}" : null;
    }
}

using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Trainings;

namespace Sweeps.Tests;

/// <summary>
/// A trainer that does nothing but answer: numbers drawn from the request alone, so that the same trial gives the same
/// result wherever and however often it runs. Its epochs can be made to last, to fail or to wait.
/// </summary>
internal sealed class NoOpTrainer : ITrainer
{
    /// <summary>Called before each epoch with the request and the epoch, on the slot's thread.</summary>
    public Action<TrainingRequest, int, CancellationToken>? BeforeEpoch { get; init; }

    /// <summary>How long an epoch claims to have taken: what the distance of checkpoints goes by.</summary>
    public double EpochSeconds { get; init; } = 1e-6;

    /// <summary>Whether it says that it used the threads it was given, which differ by machine.</summary>
    public bool SharesWork { get; init; }

    /// <summary>What trainings that one slot may do side by side have in common; null: none.</summary>
    public Func<TrainingRequest, object?>? Group { get; init; }

    /// <summary>Called before trainings that are done side by side: here, one after another.</summary>
    public Action<IReadOnlyList<TrainingTask>>? Together { get; init; }

    /// <summary>Called before a silo asks for the trials of a sweep.</summary>
    public Func<PlannedData, KeptFileReader, Task>? Preparing { get; init; }

    public Task PrepareAsync(PlannedData data, KeptFileReader kept, CancellationToken cancellation) =>
        Preparing?.Invoke(data, kept) ?? Task.CompletedTask;

    public object? GroupOf(TrainingRequest request) => Group?.Invoke(request);

    public void TrainTogether(IReadOnlyList<TrainingTask> tasks)
    {
        Together?.Invoke(tasks);
        foreach (var task in tasks)
            task.Ended(() => Train(task.Request, task.Observer, task.Checkpoint, task.Cancellation));
    }

    public TrainingResult Train(
        TrainingRequest request, ITrainingObserver observer, ReadOnlyMemory<byte>? checkpoint,
            CancellationToken cancellation)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request}")));
        var epochs = new List<EpochReport>();
        var threads = 1;
        var first = checkpoint is { } state ? int.Parse(Encoding.ASCII.GetString(state.Span)) + 1 : 1;
        if (first > 1)
            observer.Resumed(first - 1);
        for (var epoch = 1; epoch <= request.Hyperparameters.Epochs; epoch++)
        {
            if (epoch >= first)
            {
                if (observer.StopReason is { } stop)
                    return Result(TrainingOutcome.Stopped, stop, epochs, digest, request);
                cancellation.ThrowIfCancellationRequested();
                threads = SharesWork ? Math.Max(threads, observer.Threads) : 1;
                BeforeEpoch?.Invoke(request, epoch, cancellation);
            }

            var report = Report(digest, epoch);
            epochs.Add(report);
            var done = epoch;
            if (epoch >= first && observer.EpochCompleted(
                report, () => Encoding.ASCII.GetBytes($"{done}")) is { } reason)
                return Result(TrainingOutcome.Stopped, reason, epochs, digest, request);
        }

        return Result(TrainingOutcome.Completed, null, epochs, digest, request) with { Threads = threads };
    }

    private EpochReport Report(string digest, int epoch)
    {
        var accuracy = Convert.ToInt32(digest[..6], 16) / (double)0xFFFFFF;
        return new(epoch, 1 - accuracy, accuracy, 1.1 - accuracy, accuracy / (1 + (1.0 / (epoch + 1))), EpochSeconds,
            0, 1e-6, 1);
    }

    private static TrainingResult Result(
        TrainingOutcome outcome, string? reason, List<EpochReport> epochs, string digest, TrainingRequest request) =>
            new()
            {
                Outcome = outcome,
                Reason = reason,
                Epochs = epochs,
                Weights = 7850,
                WeightsDigest = digest,
                TrainSeconds = epochs.Sum(epoch => epoch.TrainSeconds),
                Test = request.Split.Kind == SplitKind.All ? new TestReport(0.1, 0.9, null, 0) : null,
                Model = request.Split.Kind == SplitKind.All ? Encoding.ASCII.GetBytes(digest) : null,
            };
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// A training without the work: its weights are a hash chain over epochs, so that a training resumed from the right
/// checkpoint ends with the same digest as one never stopped, and one resumed from a wrong checkpoint does not.
/// </summary>
internal static class FakeTrainer
{
    public const int EpochsMax = 4;

    public static int Epochs(TrialId trial) => 1 + (int)(Mix(trial, 1) % EpochsMax);

    /// <summary>Seconds of one epoch on a silo of speed 1.</summary>
    public static double EpochSeconds(TrialId trial) => 0.2 + Mix(trial, 2) % 1000 / 400.0;

    public static bool FailsFirst(TrialId trial) => Mix(trial, 3) % 9 == 0;

    public static bool NeedsMemory(TrialId trial) => Mix(trial, 4) % 11 == 0;

    /// <summary>
    /// Letters only: equal errors of several trials pause a sweep, and numbers do not make errors different.
    /// </summary>
    public static string Name(TrialId trial) =>
        string.Concat($"{trial}".Select(letter => char.IsAsciiDigit(letter) ? (char)('a' + letter - '0') : letter));

    public static byte[] Train(TrialId trial, int epoch, ReadOnlySpan<byte> weights)
    {
        Span<byte> input = stackalloc byte[44];
        BinaryPrimitives.WriteInt32LittleEndian(input, trial.Configuration);
        BinaryPrimitives.WriteInt32LittleEndian(input[4..], trial.Fold);
        BinaryPrimitives.WriteInt32LittleEndian(input[8..], epoch);
        weights.CopyTo(input[12..]);
        return SHA256.HashData(input);
    }

    public static TrialResult Result(TrialId trial, int epoch, ReadOnlySpan<byte> weights, double seconds)
    {
        var isOver = epoch == Epochs(trial);
        var metric = BinaryPrimitives.ReadUInt32LittleEndian(weights) / (double)uint.MaxValue;
        var diverged = isOver && Mix(trial, 5) % 17 == 0;
        return new()
        {
            Outcome = diverged ? TrainingOutcome.Diverged
                : isOver ? TrainingOutcome.Completed : TrainingOutcome.Stopped,
            Reason = diverged ? "loss became NaN" : null,
            TrainLoss = diverged ? double.NaN : 1 - metric,
            TrainMetric = metric,
            ValidationLoss = diverged ? double.NaN : 1.1 - metric,
            ValidationMetric = metric,
            Epochs = epoch,
            Weights = 100 + trial.Configuration % 5,
            WeightsDigest = Convert.ToHexStringLower(weights),
            TrainSeconds = seconds,
            CpuSeconds = seconds,
            Samples = 1000,
            Test = trial.IsRefit ? new TestReport(0.1, metric, [3, 1, 0, 4], 2) : null,
        };
    }

    /// <summary>The one right result of a trial, trained as far as it is wanted.</summary>
    public static TrialResult Undisturbed(TrialId trial, int? until)
    {
        var weights = new byte[32];
        var epochs = Math.Min(until ?? EpochsMax, Epochs(trial));
        for (var epoch = 1; epoch <= epochs; epoch++)
            weights = Train(trial, epoch, weights);
        return Result(trial, epochs, weights, 1);
    }

    private static uint Mix(TrialId trial, uint purpose)
    {
        var x = unchecked((uint)(trial.Configuration + 1) * 2654435761u);
        x ^= unchecked((uint)(trial.Fold + 2) * 2246822519u ^ purpose * 3266489917u);
        x ^= x >> 15;
        x = unchecked(x * 2246822519u);
        return x ^ x >> 13;
    }
}

internal sealed class SimulatedSearcher : ISearcher
{
    public int Count => int.MaxValue;

    // A searcher that learns: each batch of eight looks at the first configurations, half as many as came before it.
    public int BarrierOf(int n) => n / 8 * 8 / 2;

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history)
    {
        var best = history.Where(item => item.Score is not null)
            .MaxBy(item => (item.Score!.Value.Mean, -item.Index))?.Values;
        var rate = 0.01 + n + ((best?[Rate]?.Number ?? 0) * 1e-4);
        return new(
            new() { Architecture = "mlp-5", LearningRate = rate, BatchSize = 32, Epochs = FakeTrainer.EpochsMax },
            new([new(Rate, ParameterValue.Of(rate))]));
    }

    private const string Rate = "learning_rate";
}

using Sweeps.Core.Trainings;

namespace Sweeps.Silo;

/// <summary>
/// What this machine's numbers look like: a small fixed training that goes through every kind of kernel. Machines whose
/// digests of its weights are equal give equal results.
/// </summary>
public static class Numerics
{
    private const string Architecture =
        "conv 4 5x5 same relu | max_pool 2 | conv 4 3x3 valid tanh | batch_norm | flatten | dropout 0.25 | dense 17 "
            + "sigmoid | dense";

    private const string Dense = "mlp-33-20";

    /// <summary>
    /// Seconds that the training of <see cref="Calibrate"/> takes where the speed is 1: one core of the machine that
    /// the
    /// first figures of the project were taken on. Nothing depends on the machine, only on the constant staying the
    /// same.
    /// </summary>
    public const double ReferenceSeconds = 0.020;

    private const int RunsMin = 5;
    private const int RunsMax = 20;
    private const int RunsWithoutGain = 3;
    private const double Gain = 0.98;

    /// <summary>Trains it; well under a second once the digits are drawn.</summary>
    /// <param name="trainer">Trains.</param>
    /// <param name="calibrates">Also measure the speed, for silos that share sweeps with others.</param>
    public static SiloNumerics Measure(ITrainer trainer, bool calibrates = false)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var convolutional = Train(trainer, Architecture).WeightsDigest;
        var dense = Train(trainer, Dense).WeightsDigest;
        return new($"{convolutional[..16]}{dense[..16]}", calibrates ? Calibrate(trainer) : 1)
        {
            IsCalibrated = calibrates,
        };
    }

    /// <summary>
    /// The machine's speed relative to the reference: a small training, repeated until it gets no faster. The least
    /// time
    /// of the processor counts, which is not what others on the machine take.
    /// </summary>
    public static double Calibrate(ITrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var best = double.PositiveInfinity;
        var without = 0;
        for (var run = 0; run < RunsMax && (run < RunsMin || without < RunsWithoutGain); run++)
        {
            var seconds = TimeOnce(trainer);
            without = seconds < Gain * best ? 0 : without + 1;
            best = Math.Min(best, seconds);
        }

        return best > 0 ? ReferenceSeconds / best : 1;
    }

    /// <summary>The speed by one repetition, with the error of one.</summary>
    internal static double CalibrateOnce(ITrainer trainer, CancellationToken cancellation) =>
        TimeOnce(trainer, cancellation) is > 0 and var seconds ? ReferenceSeconds / seconds : 0;

    private static double TimeOnce(ITrainer trainer, CancellationToken cancellation = default)
    {
        var result = Train(trainer, Dense, samples: 1000, cancellation);
        var processor = result.Epochs.Sum(epoch => epoch.CpuSeconds);
        return processor > 0 ? processor : result.TrainSeconds;
    }

    private static TrainingResult Train(
        ITrainer trainer, string architecture, int samples = 400, CancellationToken cancellation = default) =>
        trainer.Train(
        new()
        {
            Data = "digits",
            Hyperparameters = new() { Architecture = architecture, LearningRate = 0.01, BatchSize = 50, Epochs = 1 },
            Split = Split.Holdout(0.25),
            Seed = 20240229,
            SampleLimit = samples,
        },
        NoObserver.Instance,
        checkpoint: null,
        cancellation);
}

/// <summary>
/// What a machine's numbers look like: silos that differ in the fingerprint do not give comparable results.
/// </summary>
/// <param name="Fingerprint">Digest of the weights of a small fixed training.</param> <param name="Speed">Speed of that
/// training relative to the reference; 1 where it was not measured.</param>
public sealed record SiloNumerics(string Fingerprint, double Speed = 1)
{
    /// <summary>Whether the speed was measured, and measuring it goes on for a while.</summary>
    public bool IsCalibrated { get; init; }
}

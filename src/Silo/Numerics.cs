using System.Security.Cryptography;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Silo;

/// <summary>
/// What this machine's numbers look like: for each engine small fixed trainings that go through every kind of kernel.
/// Machines whose digests of their weights are equal give equal results.
/// </summary>
public static class Numerics
{
    // batch_norm is no stage of the first set, which requests choose by unless they say another: it trains on libtorch.
    private const string TorchConvolutional =
        "conv 4 5x5 same relu | max_pool 2 | conv 4 3x3 valid tanh | batch_norm | flatten | dropout 0.25 | dense 17 "
            + "sigmoid | dense";

    private const string NativeConvolutional =
        "conv 4 5x5 same relu | max_pool 2 | conv 20 3x3 valid tanh | flatten | dropout 0.25 | dense 17 gelu | dense";

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

    /// <summary>
    /// This machine's numerics. Each engine's is measured when it is first asked for, in well under a second once the
    /// digits are drawn: libtorch is loaded by the first that needs it.
    /// </summary>
    /// <param name="trainer">Trains.</param>
    /// <param name="calibrates">Also measure the speed, for silos that share sweeps with others.</param>
    /// <param name="native">The native engine's, begun by <see cref="BeginNative"/>; null: not begun.</param>
    public static SiloNumerics Measure(ITrainer trainer, bool calibrates = false, Task<string>? native = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        // What still trains beside it would make the machine seem slow.
        if (calibrates && native is not null)
            ((IAsyncResult)native).AsyncWaitHandle.WaitOne();
        return new(
            () => native is null or { IsFaulted: true } ? Native(trainer) : native.GetAwaiter().GetResult(),
            () => Torch(trainer), calibrates ? Calibrate(trainer) : 1)
        {
            IsCalibrated = calibrates,
        };
    }

    /// <summary>Begins to measure the native engine's numerics, beside what a command does before it needs
    /// them.</summary>
    public static Task<string> BeginNative(ITrainer trainer) => Task.Run(() => Native(trainer));

    private static string Native(ITrainer trainer) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        Train(trainer, NativeConvolutional).WeightsDigest + Train(trainer, Dense).WeightsDigest)))[..32];

    // The word that earlier versions had for both engines, so that what they trained on libtorch is known.
    private static string Torch(ITrainer trainer)
    {
        try
        {
            var convolutional = Train(trainer, TorchConvolutional).WeightsDigest;
            return $"{convolutional[..16]}{Train(trainer, Dense).WeightsDigest[..16]}";
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException
            or NotSupportedException or BadImageFormatException)
        {
            throw new SweepsException(
                ErrorKind.Environment,
                "the torch engine cannot be loaded on this machine, and the sweep needs it: "
                    + $"{(error.InnerException ?? error).Message} ('sweeps doctor' says more).",
                error);
        }
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
/// What a machine's numbers look like: silos that differ in a fingerprint do not give comparable results.
/// </summary>
public sealed class SiloNumerics
{
    private readonly Lazy<string>? _native;
    private readonly Lazy<string>? _torch;
    private readonly string? _word;

    /// <summary>One word for all engines.</summary>
    /// <param name="fingerprint">The word.</param>
    /// <param name="speed">As <see cref="Speed"/>.</param>
    public SiloNumerics(string fingerprint, double speed = 1) => (_word, Speed) = (fingerprint, speed);

    // What failed is measured again by the next that asks.
    internal SiloNumerics(Func<string> native, Func<string> torch, double speed) => (_native, _torch, Speed) = (
        new(native, LazyThreadSafetyMode.PublicationOnly), new(torch, LazyThreadSafetyMode.PublicationOnly), speed);

    /// <summary>Speed of a small training relative to the reference; 1 where it was not measured.</summary>
    public double Speed { get; }

    /// <summary>Whether the speed was measured, and measuring it goes on for a while.</summary>
    public bool IsCalibrated { get; init; }

    /// <summary>What is measured so far, at least the native engine's: what a silo is listed with.</summary>
    public string Fingerprint =>
        _word ?? Fingerprints.Text(_native!.Value, _torch!.IsValueCreated ? _torch.Value : null);

    /// <summary>The fingerprints that a sweep compares; measured where they are not yet.</summary>
    /// <exception cref="SweepsException">libtorch is needed and cannot be loaded.</exception>
    public string Of(NumericsScope scope) => _word ?? scope switch
    {
        NumericsScope.Native => Fingerprints.Text(_native!.Value, null),
        NumericsScope.Torch => Fingerprints.Text(null, _torch!.Value),
        NumericsScope.Both => Fingerprints.Text(_native!.Value, _torch!.Value),
        _ => _torch!.Value,
    };
}

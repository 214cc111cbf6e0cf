using Sweeps.Core.Networks;

namespace Sweeps.Core.SweepFile.Preview;

/// <summary>What a trial costs in memory and on disk; estimates from above, to tell megabytes from gigabytes.</summary>
internal static class PreviewCosts
{
    /// <summary>The program, the runtime and libtorch without data: about 250 MB resident.</summary>
    public const long ProcessBytes = 250L << 20;

    /// <summary>Events and results of one trial in the log.</summary>
    public const long TrialLogBytes = 2_000;

    /// <summary>The metrics of one epoch.</summary>
    public const long EpochLogBytes = 200;

    /// <summary>
    /// A sweep beside its trials and its refit, from the submission to the last event, on the machine of
    /// docs/measurements.md: the first trials compile what carries them. It decides on predictions of seconds alone.
    /// </summary>
    public const double SweepSeconds = 0.5;

    /// <summary>A trial in the log: its start, its end, its score.</summary>
    public const double TrialReportSeconds = 0.0005;

    /// <summary>The report of an epoch, on its way to the metrics.</summary>
    public const double EpochReportSeconds = 0.0001;

    /// <summary>Weights, gradients and the two moments of Adam.</summary>
    private const int CopiesWhileTraining = 4;

    /// <summary>Weights and the two moments of Adam.</summary>
    private const int CopiesInCheckpoint = 3;

    /// <summary>Memory of one trial: each activation and its gradient live until the step's end.</summary>
    public static long TrialBytes(NetworkShape plan, int batchSize) =>
        CopiesWhileTraining * plan.ParameterBytes + 2L * batchSize * plan.ActivationBytesPerSample;

    /// <summary>One checkpoint; only running trials have one, and the best model is kept.</summary>
    public static long CheckpointBytes(NetworkShape plan) => CopiesInCheckpoint * plan.ParameterBytes;
}

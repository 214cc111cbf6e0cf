using System.Buffers.Binary;
using System.Security.Cryptography;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>
/// What lies beside a sweep's log, compared with it: the stored models hash to the recorded weights, and each finished
/// trial's curve has the epoch that became its result.
/// </summary>
/// <param name="Models">Number of stored models that agree with the log.</param>
/// <param name="Curves">Number of finished trials that have a curve which does.</param>
/// <param name="Missing">
/// Finished trials without a curve: epochs are no events, and a crash may lose the last ones.
/// </param>
/// <param name="Problems">What differs, a sentence each.</param>
internal sealed record KeptResults(int Models, int Curves, int Missing, IReadOnlyList<string> Problems)
{
    private ILookup<TrialId, MetricRow> Rows { get; init; } = Array.Empty<MetricRow>().ToLookup(_ => default(TrialId));

    /// <summary>Reads and compares everything; what is long gone is no problem, what differs is.</summary>
    public static async Task<KeptResults> OfAsync(
        ISweepStore store, SweepState state, IEnumerable<TrialId> trials, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var models = 0;
        foreach (var artifact in await store.Artifacts.ListAsync(state.Plan.Id, cancellation))
        {
            var trial = new TrialId(artifact.Key.Trial.Configuration, artifact.Key.Trial.Fold);
            if (artifact.Key.Name == ArtifactKey.KeptCheckpoint
                && await LossAsync(store, artifact, cancellation) is { } loss)
            {
                problems.Add($"the checkpoint that trial {trial} keeps {loss}");
            }

            if (artifact.Key.Name != ArtifactKey.Model)
                continue;
            if (await ModelProblemAsync(store, artifact, state.ResultOf(trial), cancellation) is { } problem)
                problems.Add($"the stored model of trial {trial} {problem}");
            else
                models++;
        }

        var rows = (await store.Metrics.ReadAsync(state.Plan.Id, cancellation))
            .ToLookup(row => new TrialId(row.Trial.Configuration, row.Trial.Fold));
        var (curves, missing) = (0, 0);
        foreach (var trial in trials)
        {
            // A training that diverged in its first epoch never had a curve.
            if (state.ResultOf(trial) is not { Epochs: > 0 } result)
                continue;
            if (!rows[trial].Any(row => row.Report.Epoch == result.Epochs))
                missing++;
            else if (rows[trial].Any(row => ResultBits.Of(row.Report).SequenceEqual(ResultBits.Of(result))))
                curves++;
            else
                problems.Add($"no epoch in the curve of trial {trial} has the numbers of its result");
        }

        return new(models, curves, missing, problems) { Rows = rows };
    }

    /// <summary>The stored epochs of a trial, one each.</summary>
    public IReadOnlyList<EpochReport> EpochsOf(TrialId trial) =>
        [.. TrialRecord.Newest(Rows[trial]).Select(row => row.Report)];

    /// <summary>The epochs of a retrained trial that differ from its stored curve; empty: none.</summary>
    public IReadOnlyList<int> Differing(TrialId trial, TrainingResult again) =>
    [
        .. Rows[trial].Where(row => !again.Epochs.Any(
                report => report.Epoch == row.Report.Epoch
                    && ResultBits.Of(report).SequenceEqual(ResultBits.Of(row.Report))))
            .Select(row => row.Report.Epoch)
            .Distinct().Order(),
    ];

    /// <summary>Why a file cannot be read; null: it is as it was written.</summary>
    private static async Task<string?> LossAsync(
        ISweepStore store, ArtifactReference artifact, CancellationToken cancellation)
    {
        try
        {
            await store.Artifacts.ReadAsync(artifact.Digest, cancellation);
            return null;
        }
        catch (SweepsException error)
        {
            return $"is missing or damaged, a longer training would begin from the start: {error.Message}";
        }
    }

    private static async Task<string?> ModelProblemAsync(
        ISweepStore store, ArtifactReference artifact, TrialResult? result, CancellationToken cancellation)
    {
        try
        {
            var digest = WeightsDigest(await store.Artifacts.ReadAsync(artifact.Digest, cancellation));
            return result is null ? "belongs to a trial without a result"
                : digest is null ? "is no safetensors file"
                : digest != result.WeightsDigest
                ? $"has the weights {digest[..16]}..., the log {result.WeightsDigest[..16]}..."
                : null;
        }
        catch (SweepsException error)
        {
            return $"is missing or damaged: {error.Message}";
        }
    }

    /// <summary>SHA-256 of the tensors of a safetensors file; null: it is none.</summary>
    private static string? WeightsDigest(byte[] model)
    {
        if (model.Length < sizeof(long))
            return null;
        var header = BinaryPrimitives.ReadInt64LittleEndian(model);
        return header < 0 || header > model.Length - sizeof(long)
            ? null
            : Convert.ToHexStringLower(SHA256.HashData(model.AsSpan(sizeof(long) + (int)header)));
    }
}

/// <summary>
/// The numbers that retraining must give again, as bits. All NaN are one: a database that was restored from a dump has
/// others than the one that was dumped.
/// </summary>
internal static class ResultBits
{
    public static long[] Of(EpochReport report) =>
        Of(report.TrainLoss, report.TrainMetric, report.ValidationLoss, report.ValidationMetric);

    public static long[] Of(TrialResult result) =>
    [
        .. Of(result.TrainLoss, result.TrainMetric, result.ValidationLoss, result.ValidationMetric),
        .. Of([.. (result.Metrics?.All ?? []).Select(pair => pair.Value)]),
    ];

    /// <param name="test">The result on the test set.</param>
    /// <param name="withMetrics">Those that earlier versions stored have no further metrics.</param>
    public static long[] Of(TestReport? test, bool withMetrics) => test is null ? []
        :
        [
            .. Of(test.Loss, test.Metric),
            .. Of([.. ((withMetrics ? test.Metrics?.All : null) ?? []).Select(pair => pair.Value)]),
        ];

    private static long[] Of(params double[] numbers) =>
        [.. numbers.Select(number => BitConverter.DoubleToInt64Bits(double.IsNaN(number) ? double.NaN : number))];
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sweeps.Core.Trainings;

/// <summary>
/// The names of trainings by what decides their numbers. A course is a training without its end: the weights after each
/// epoch. All trainings of one course have equal epochs, as far as each of them goes; where it ends and which epoch is
/// its result is said by <see cref="WantedOf"/>. Course and end together are the request's digest.
/// </summary>
public static class TrainingCourse
{
    /// <summary>
    /// The rules by which requests become numbers. Whatever changes the numbers of trainings on machines whose
    /// fingerprint stays the same must raise it: results of earlier rules are then not taken over.
    /// </summary>
    public const int Rules = 1;

    /// <summary>What the names of pauses begin with.</summary>
    private const string Rung = "rung ";

    /// <summary>SHA-256, 64 lower-case hexadecimal digits; null: the request does not say which data it means.
    /// </summary>
    /// <param name="canonical">The configuration's text, <see cref="HyperparametersKey.Canonical"/>.</param>
    /// <param name="request">What is trained.</param>
    /// <param name="fingerprint">The numerics of the machine: equal requests give equal bits on equal numerics.</param>
    /// <param name="engine">
    /// The engine, which adds to the name where it is not the one that this network takes by itself, so that what
    /// trains on it by itself and what was told to have one name.
    /// </param>
    public static string? Of(
        string canonical, TrainingRequest request, string fingerprint, EngineChoice engine = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.DataDigest is not { } data)
            return null;
        var split = request.Split;
        var first = split.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $" {split.Count}") : "";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            sweeps course {Rules}
            numerics={JsonSerializer.Serialize(fingerprint, CourseJson.Default.String)}
            {canonical}data={data}
            task={request.Task?.ToString() ?? "data"}
            split={split.Kind} {split.Folds} {split.Fold} {split.Fraction:R} {split.Repeat}{first}
            replicate={request.Replicate}
            seed={request.Seed}
            limit={request.SampleLimit?.ToString(CultureInfo.InvariantCulture) ?? "none"}

            """);
        // What every training of earlier versions had was never said.
        if (request.SampleOrder == SampleOrder.Shared)
            text += "order=shared\n";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text + engine.Text())));
    }

    /// <summary>
    /// Where a training of its course ends, and what is made of it then: <c>20</c>, <c>20 patience 5</c>,
    /// <c>20 best</c>. One that opens the test set or keeps its weights says so, with the names that stand in a model.
    /// </summary>
    /// <param name="request">What is trained.</param>
    /// <param name="classes">The classes' names; null: numbers.</param>
    /// <param name="until">The epoch at which it pauses, <c>rung 3 with validation_f1</c>; null, or not before its end:
    /// it goes to its end.</param>
    public static string WantedOf(TrainingRequest request, IReadOnlyList<string>? classes, int? until = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (until < request.Hyperparameters.Epochs)
        {
            var hyperparameters = request.Hyperparameters with { Epochs = until.Value };
            return Rung + WantedOf(request with { Hyperparameters = hyperparameters }, classes);
        }

        var text = request.Hyperparameters.Epochs.ToString(CultureInfo.InvariantCulture);
        if (request.Patience is { } patience)
            text += string.Create(CultureInfo.InvariantCulture, $" patience {patience}");
        if (request.Score == ScoredEpoch.Best)
            text += " best";
        if (OpensTest(request))
            text += " test";
        if (request.Metrics is { } metrics)
            text += $" with {metrics}";
        if (!request.KeepModel)
            return text;
        var names = JsonSerializer.Serialize(
            (string[])[request.Data, .. classes ?? []], CourseJson.Default.StringArray);
        return $"{text} model {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(names)))[..16]}";
    }

    /// <summary>Whether a request's result has what no epoch's numbers tell.</summary>
    public static bool NeedsMoreThanEpochs(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.KeepModel || OpensTest(request) || request.Metrics is not null;
    }

    /// <summary>
    /// Whether the state that a training left after its last epoch serves another one of its course: what is scored by
    /// its best epoch needs the weights of that, too.
    /// </summary>
    /// <param name="wanted">The end of the training that left it, <see cref="WantedOf"/>.</param>
    /// <param name="request">What is to go on from it.</param>
    public static bool LeavesStateFor(string wanted, TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(request);
        return wanted.Length > 0 && !wanted.StartsWith(Rung, StringComparison.Ordinal)
            && (request.Score == ScoredEpoch.Last || wanted.Split(' ').Contains("best", StringComparer.Ordinal));
    }

    /// <summary>
    /// What all courses of a sweep share, as SHA-256 in 64 lower-case hexadecimal digits: the numerics, the data, the
    /// seed. Sweeps that differ in it have no course in common. Null: the request does not say which data it means.
    /// </summary>
    /// <param name="request">A training of the sweep.</param>
    /// <param name="fingerprint">The numerics of the machine.</param>
    public static string? BasisOf(TrainingRequest request, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.DataDigest is not { } data)
            return null;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            sweeps basis {Rules}
            numerics={JsonSerializer.Serialize(fingerprint, CourseJson.Default.String)}
            data={data}
            task={request.Task?.ToString() ?? "data"}
            seed={request.Seed}
            limit={request.SampleLimit?.ToString(CultureInfo.InvariantCulture) ?? "none"}

            """);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static bool OpensTest(TrainingRequest request) =>
        request.EvaluateTest || request.Split.Kind == SplitKind.All;
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class CourseJson : System.Text.Json.Serialization.JsonSerializerContext;

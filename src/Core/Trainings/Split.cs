using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweeps.Core.Trainings;

/// <summary>Which samples a training learns from and which ones it is judged on. The test set is never part of
/// it.</summary>
[JsonConverter(typeof(SplitJsonConverter))]
public sealed record Split
{
    private Split(SplitKind kind, int folds, int fold, int repeat, double fraction) =>
        (Kind, Folds, Fold, Repeat, Fraction) = (kind, folds, fold, repeat, fraction);

    /// <summary>How the training samples are divided.</summary>
    public SplitKind Kind { get; }

    /// <summary>Number of folds (k) of a k-fold split, at least 2; otherwise 0.</summary>
    public int Folds { get; }

    /// <summary>The fold held out for validation, from 0; otherwise 0.</summary>
    public int Fold { get; }

    /// <summary>Which of several divisions into folds, from 0: each shuffles the samples anew.</summary>
    public int Repeat { get; }

    /// <summary>The share of the samples held out by a hold-out split, in (0, 1); otherwise 0.</summary>
    public double Fraction { get; }

    /// <summary>Samples held out by <see cref="First"/>, at least 1; otherwise 0.</summary>
    public int Count { get; private init; }

    /// <summary>The first <paramref name="count"/> samples, in the order of the data, are the validation set; no seed
    /// moves them.</summary>
    public static Split First(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(SplitKind.First, 0, 0, 0, 0) { Count = count };
    }

    /// <summary>Stratified k-fold: learns from all folds but <paramref name="fold"/>, which is the validation
    /// set.</summary>
    /// <param name="folds">Folds, at least 2.</param>
    /// <param name="fold">From 0.</param>
    /// <param name="repeat">Which division into folds, from 0.</param>
    public static Split KFold(int folds, int fold, int repeat = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(repeat);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, folds);
        return new(SplitKind.KFold, folds, fold, repeat, 0);
    }

    /// <summary>Stratified hold-out: <paramref name="fraction"/> of the samples are the validation set.</summary>
    public static Split Holdout(double fraction)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "A hold-out fraction lies in (0, 1).");
        return new(SplitKind.Holdout, 0, 0, 0, fraction);
    }

    /// <summary>All training samples, no validation set, and the test set opened once at the end: a refit.</summary>
    public static Split All { get; } = new(SplitKind.All, 0, 0, 0, 0);

    /// <inheritdoc />
    public override string ToString() => Kind switch
    {
        SplitKind.KFold => $"fold {Fold + 1} of {Folds}" + (Repeat > 0 ? $", repeat {Repeat + 1}" : ""),
        SplitKind.Holdout => FormattableString.Invariant($"hold-out {Fraction:0.###}"),
        SplitKind.First => FormattableString.Invariant($"hold-out of the first {Count}"),
        _ => "all",
    };
}

/// <summary>How the training samples are divided into learning and validation.</summary>
public enum SplitKind
{
    /// <summary>Stratified k-fold cross-validation: one fold is held out.</summary>
    KFold,

    /// <summary>A stratified share is held out once.</summary>
    Holdout,

    /// <summary>Nothing is held out.</summary>
    All,

    /// <summary>The first samples of the data are held out, as books and lectures do it.</summary>
    First,
}

/// <summary>
/// A split as JSON: <c>"all"</c>, <c>{"folds": 5, "fold": 2}</c>, perhaps with <c>"repeat": 1</c>,
/// <c>{"holdout": 0.1}</c> or <c>{"first": 5000}</c>; reading goes through the same checks as making one.
/// </summary>
internal sealed class SplitJsonConverter : JsonConverter<Split>
{
    public override Split Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        try
        {
            if (root.ValueKind == JsonValueKind.String && root.GetString() == "all")
                return Split.All;
            if (root.TryGetProperty("first", out var first))
                return Split.First(first.GetInt32());
            return root.TryGetProperty("holdout", out var fraction)
                ? Split.Holdout(fraction.GetDouble())
                : Split.KFold(
                    root.GetProperty("folds").GetInt32(), root.GetProperty("fold").GetInt32(),
                    root.TryGetProperty("repeat", out var repeat) ? repeat.GetInt32() : 0);
        }
        catch (Exception error) when (error is not JsonException)
        {
            throw new JsonException($"'{root.GetRawText()}' is no split.", error);
        }
    }

    public override void Write(Utf8JsonWriter writer, Split value, JsonSerializerOptions options)
    {
        if (value.Kind == SplitKind.All)
        {
            writer.WriteStringValue("all");
            return;
        }

        writer.WriteStartObject();
        if (value.Kind == SplitKind.First)
        {
            writer.WriteNumber("first", value.Count);
        }
        else if (value.Kind == SplitKind.Holdout)
        {
            writer.WriteNumber("holdout", value.Fraction);
        }
        else
        {
            writer.WriteNumber("folds", value.Folds);
            writer.WriteNumber("fold", value.Fold);
            if (value.Repeat > 0)
                writer.WriteNumber("repeat", value.Repeat);
        }

        writer.WriteEndObject();
    }
}

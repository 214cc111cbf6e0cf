using System.Globalization;
using System.Text.Json.Serialization;
using Sweeps.Core.Sweeps;
using Sweeps.Storage;

namespace Sweeps.Grains.Contracts;

/// <summary>Names one attempt among all sweeps.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Configuration">The configuration, from 0.</param>
/// <param name="Fold">The fold, from 0; -1: the refit.</param>
/// <param name="Number">The attempt, from 1.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.AttemptKey")]
public sealed record AttemptKey(
    [property: Id(0)] string Sweep,
    [property: Id(1)] int Configuration,
    [property: Id(2)] int Fold,
    [property: Id(3)] int Number)
{
    /// <summary>The attempt within its sweep.</summary>
    [JsonIgnore]
    public AttemptId Attempt => new(new TrialId(Configuration, Fold), Number);

    /// <summary>The trial in the store's rows.</summary>
    [JsonIgnore]
    public TrialKey Trial => new(Sweep, Configuration, Fold);

    /// <summary>
    /// The key of the trial's grain: <c>sweep/configuration/fold/number</c>. The number makes it new to every silo: a
    /// cluster remembers where a grain lived, and would look for the next attempt's on the silo that lost the last one.
    /// </summary>
    [JsonIgnore]
    public string TrialGrainKey => string.Create(
        CultureInfo.InvariantCulture, $"{Sweep}/{Configuration}/{Fold}/{Number}");

    /// <summary>Names an attempt of a sweep.</summary>
    public static AttemptKey Of(string sweep, AttemptId attempt) =>
        new(sweep, attempt.Trial.Configuration, attempt.Trial.Fold, attempt.Number);

    /// <inheritdoc />
    public override string ToString() => $"{Sweep} {Attempt}";
}

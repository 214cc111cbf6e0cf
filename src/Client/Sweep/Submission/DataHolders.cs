using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>Which of the silos that train for a sweep have its data, as far as they said when they started.</summary>
/// <param name="Everywhere">Why all have them; null: each has to.</param>
/// <param name="With">Those that have them.</param>
/// <param name="Without">Those that do not.</param>
/// <param name="Unknown">Those that did not say.</param>
internal sealed record DataHolders(
    string? Everywhere, IReadOnlyList<string> With, IReadOnlyList<string> Without, IReadOnlyList<string> Unknown)
{
    /// <summary>The public data sets of these folders, as a silo says them.</summary>
    public static IReadOnlyList<string> Found(DataFolders folders) =>
        [.. PublicDataSets.All.Where(set => set.Find(folders) is not null).Select(set => set.Name)];

    /// <summary>Of a sweep.</summary>
    public static DataHolders Of(SweepPlan plan, IReadOnlyList<SiloRow> silos)
    {
        var everywhere = (KnownDataSets.Find(plan.Data), plan.Content) switch
        {
            (null, { } content) when content.Files().All(file => file.Travels()) =>
                $"{plan.Data} is in the store, from where every silo takes it",
            ({ } known, _) when PublicDataSets.Find(known.Name) is null => $"every silo draws {plan.Data} itself",
            _ => null,
        };
        if (everywhere is not null)
            return new(everywhere, [.. silos.Select(silo => silo.Name)], [], []);
        return new(
            null,
            Names(silo => silo.Data?.Contains(plan.Data) == true),
            Names(silo => silo.Data is { } data && PublicDataSets.Find(plan.Data) is not null
                && !data.Contains(plan.Data)),
            Names(silo => silo.Data is null || PublicDataSets.Find(plan.Data) is null));

        List<string> Names(Func<SiloRow, bool> which) => [.. silos.Where(which).Select(silo => silo.Name)];
    }

    /// <summary>In a sentence; null: there is no silo.</summary>
    public string? Text(SweepPlan plan)
    {
        if (Everywhere is not null)
            return With.Count > 0 ? $"data           {Everywhere}" : null;
        List<string> parts =
        [
            .. With.Count > 0 ? [$"on {string.Join(", ", With)}"] : Array.Empty<string>(),
            .. Without.Count > 0
                ?
                [
                    $"not on {string.Join(", ", Without)}, which will not train for it "
                        + $"(there: sweeps data get {plan.Data})",
                ]
                : Array.Empty<string>(),
            .. Unknown.Count > 0
                ? [$"not known of {string.Join(", ", Unknown)}; 'sweeps silos' shows who is refused, and why"]
                : Array.Empty<string>(),
        ];
        return parts.Count > 0 ? $"data           {plan.Data} {string.Join("; ", parts)}" : null;
    }
}

using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>What a user is told of the data of a sweep before it runs.</summary>
internal static class DataRemarks
{
    private const int ClassesShown = 5;

    /// <summary>The notes on a named data set.</summary>
    public static IReadOnlyList<string> Of(KnownDataSet known, DataContent? content, DataSets sets)
    {
        if (content is null)
        {
            return [$"data: {known.Name} is not here, so that its digest is not known: silos do not compare their data "
                + "with each other's"];
        }

        return content.IsPublished ? [] : sets.Load(new DataRequest(known.Name)).Notes;
    }

    /// <summary>The notes on a table.</summary>
    public static IReadOnlyList<string> Of(DataSet table, SweepSpecification specification) =>
        [.. table.Notes, .. SmallClasses(table, specification.Folds), .. Large(table.Content)];

    // As scikit-learn warns: some folds are validated without the class.
    private static IEnumerable<string> SmallClasses(DataSet table, int folds)
    {
        if (folds < 2 || table.Classes == 0)
            yield break;
        var counts = DataStatistics.Of(table.Train, table.Classes).ClassCounts;
        var small = counts.Index().Where(pair => pair.Item < folds).OrderBy(pair => pair.Item).ToList();
        if (small.Count == 0)
            yield break;
        var shown = small.Take(ClassesShown).Select(pair => $"'{table.ClassNames[pair.Index]}' ({pair.Item})");
        var more = small.Count > ClassesShown ? $" and {small.Count - ClassesShown} more" : "";
        yield return $"data: {table.Name}: fewer training samples than the {folds} folds in class "
            + $"{string.Join(", ", shown)}{more}: some folds are validated without them. Use fewer folds or add samples";
    }

    private static IEnumerable<string> Large(DataContent content) => content.Files()
        .Where(file => !file.Travels())
        .Select(file => $"data: {file.Name} has {file.Bytes >> 20} MB, more than the {DataFile.TravelsMax >> 20} MB that "
            + "travel with a sweep: every silo needs a file of that name in one of its data folders, and compares it by "
            + "its digest");
}

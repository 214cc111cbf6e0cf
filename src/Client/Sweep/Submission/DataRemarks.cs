using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>What a user is told of the data of a sweep before it runs.</summary>
internal static class DataRemarks
{
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
    public static IReadOnlyList<string> Of(DataSet table) => [.. table.Notes, .. Large(table.Content)];

    private static IEnumerable<string> Large(DataContent content) => content.Files()
        .Where(file => !file.Travels())
        .Select(file => $"data: {file.Name} has {file.Bytes >> 20} MB, more than the {DataFile.TravelsMax >> 20} MB "
            + $"that travel with a sweep: every silo needs {Needed(content)} of that name in one of its data folders, "
            + "and compares it by its digest");

    private static string Needed(DataContent content) =>
        content.Pictures is null ? "a file" : "a folder of pictures or a file";
}

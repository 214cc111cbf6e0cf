using Sweeps.Core.Data;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.Client.Machine;

/// <summary>Which data sets are here.</summary>
internal static class DataCheck
{
    public static IEnumerable<Finding> Run(DataFolders folders)
    {
        foreach (var known in KnownDataSets.All)
        {
            if (PublicDataSets.Find(known.Name) is not { } set)
                yield return new("data", known.Name, "drawn by the program");
            else if (set.Find(folders) is { } folder)
                yield return new("data", known.Name, folder);
            else
                yield return new(
                    "data", known.Name, $"not in {folders}", FindingStatus.Optional, $"sweeps data get {known.Name}");
        }
    }
}

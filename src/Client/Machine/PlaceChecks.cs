using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Store;
using Sweeps.Store.Addresses;
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

/// <summary>Whether the store can be reached.</summary>
internal static class StoreCheck
{
    public static async Task<Finding> RunAsync(StoreAddress address, CancellationToken cancellation)
    {
        if (address.Kind == StoreKind.Sqlite && !File.Exists(address.Path))
            return Place(address);
        try
        {
            await using var store = await StoreFactory.OpenAsync(
                address,
                new() { Access = StoreAccess.ReadOnly, RetryTime = TimeSpan.Zero },
                cancellationToken: cancellation);
            var sweeps = await store.Log.ListAsync(cancellationToken: cancellation);
            return new("store", "store", $"{address}, {sweeps.Count} {(sweeps.Count == 1 ? "sweep" : "sweeps")}");
        }
        catch (SweepsException error)
        {
            return Lacking(error.Message, "as the message says, or choose another --store");
        }
    }

    // Nothing is made here: a look shall leave no trace.
    private static Finding Place(StoreAddress address)
    {
        var folder = Path.GetDirectoryName(address.Path);
        while (folder is not null && !Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        return folder is null
            ? Lacking($"{address} has no folder to be in", "choose another --store")
            : new("store", "store", $"{address} is not there yet: the first 'sweeps run' makes it");
    }

    private static Finding Lacking(string what, string mend) =>
        new("store", "store", what, FindingStatus.Missing, mend);
}

using System.Collections.Concurrent;
using Sweeps.Core;
using Sweeps.Core.Training;

namespace Sweeps.Training.Data;

/// <summary>
/// The data sets of this process: each is loaded once, when first asked for, and shared by all threads from then on. A
/// failed load is not remembered, so that the next request tries again.
/// </summary>
/// <param name="folders">Where to look.</param>
public sealed class DataSets(DataFolders folders)
{
    private readonly ConcurrentDictionary<DataRequest, Lazy<DataSet>> _loaded = [];

    /// <summary>Where data sets are looked for.</summary>
    public DataFolders Folders => folders;

    /// <summary>The data set of a training.</summary>
    /// <exception cref="SweepsException">It is unknown, missing or damaged.</exception>
    public DataSet Load(TrainingRequest request) => Load(DataRequest.Of(request));

    /// <summary>The data set that <paramref name="request"/> names; waits if another thread is loading it.</summary>
    /// <exception cref="SweepsException">It is unknown, missing or damaged.</exception>
    public DataSet Load(DataRequest request)
    {
        var entry = _loaded.GetOrAdd(request, key => new Lazy<DataSet>(() => Read(key)));
        try
        {
            return entry.Value;
        }
        catch
        {
            _loaded.TryRemove(KeyValuePair.Create(request, entry));
            throw;
        }
    }

    private DataSet Read(DataRequest request)
    {
        if (PublicDataSet.Named(request.Data) is { } known)
            return known.Read(folders);
        throw new SweepsException(
            ErrorKind.Data,
            $"Unknown data set '{request.Data}'. Known are {string.Join(", ", PublicDataSet.All.Select(set => set.Name))}.");
    }
}

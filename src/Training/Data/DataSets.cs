using System.Collections.Concurrent;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.Data.Digits;
using Sweeps.Training.Data.Public;

namespace Sweeps.Training.Data;

/// <summary>What decides the content of a data set: equal requests in one process share one data set.</summary>
/// <param name="Data"><c>mnist</c>, <c>fashion-mnist</c>, <c>cifar-10</c>, <c>digits</c>, or a path to a CSV
/// file.</param>
/// <param name="Label">CSV: the label column by name or zero-based index; null: the last column.</param>
/// <param name="Task">CSV: classification or regression; null: decided from the label column.</param>
public sealed record DataRequest(string Data, string? Label = null, TaskKind? Task = null)
{
    /// <summary>
    /// CSV: the file of the test part; null: <c>NAME-test.csv</c> beside <c>NAME.csv</c> if there is one, otherwise a
    /// fifth of the rows.
    /// </summary>
    public string? Test { get; init; }

    /// <summary>CSV: bring each feature to mean 0 and deviation 1, both measured on the training part alone.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>The data of a training.</summary>
    public static DataRequest Of(TrainingRequest request) => new(request.Data, request.Label, request.Task);
}

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
        var entry = _loaded.GetOrAdd(Canonical(request), key => new Lazy<DataSet>(() => Read(key)));
        try
        {
            return entry.Value;
        }
        catch
        {
            _loaded.TryRemove(KeyValuePair.Create(Canonical(request), entry));
            throw;
        }
    }

    private DataRequest Canonical(DataRequest request) =>
        KnownDataSets.Find(request.Data) is { } known
            ? new(known.Name)
            : request with { Data = PathOf(request.Data), Test = request.Test is null ? null : PathOf(request.Test) };

    // A table is named by its path, from here or from a data folder.
    private string PathOf(string data)
    {
        var places = folders.All.Select(folder => Path.Combine(folder.Path, data)).Prepend(Path.GetFullPath(data));
        if (places.FirstOrDefault(File.Exists) is { } path)
            return path;
        if (data.AsSpan().ContainsAny('/', '\\') || Path.HasExtension(data))
            throw new SweepsException(ErrorKind.Data, $"There is no file '{data}', neither here nor in {folders}.");
        throw new SweepsException(
            ErrorKind.Data,
            $"Unknown data set '{data}'{NearestName.Suggest(data, KnownDataSets.Names)} "
            + "(A path to a CSV file will do, too.)");
    }

    private DataSet Read(DataRequest request) => request.Data switch
    {
        DigitsDataSet.Name => DigitsDataSet.Draw(),
        var name when PublicDataSets.Find(name) is { } known => known.Read(folders),
        _ => CsvDataSet.Read(request),
    };
}

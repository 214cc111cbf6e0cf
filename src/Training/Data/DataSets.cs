using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.Data.Digits;
using Sweeps.Training.Data.Pictures;
using Sweeps.Training.Data.Public;
using Sweeps.Training.Own;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Data;

/// <summary>What decides the content of a data set: equal requests in one process share one data set.</summary>
/// <param name="Data"><c>mnist</c>, <c>fashion-mnist</c>, <c>cifar-10</c>, <c>digits</c>, or a path to a CSV
/// file or to a folder of pictures.</param>
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

    /// <summary>CSV: the column, by name or zero-based index, whose equal values stay together in every split; it is no
    /// feature. Null: none.</summary>
    public string? Group { get; init; }

    /// <summary>A folder of pictures: what they are brought to; null: as they are, if they are of one size.</summary>
    public PictureForm? Pictures { get; init; }

    /// <summary>CSV: how its fields become numbers; null: each is one.</summary>
    public TableReading? Reading { get; init; }

    /// <summary>The data of a training.</summary>
    public static DataRequest Of(TrainingRequest request) =>
        new(request.Data, request.Label, request.Task)
        {
            Group = request.Group,
            Pictures = request.Pictures,
            Reading = request.Reading,
        };

    /// <summary>The data of a plan.</summary>
    /// <param name="data">What the plan needs.</param>
    /// <param name="path">Where a table lies; null: by its name.</param>
    public static DataRequest Of(PlannedData data, string? path = null) =>
        new(path ?? data.Data, data.Label, data.Task)
        {
            Group = data.Group,
            Pictures = data.Content?.Pictures,
            Reading = data.Content?.Reading,
        };
}

/// <summary>
/// The data sets of this process: each is loaded once, when first asked for, and shared by all threads from then on. A
/// failed load is not remembered, so that the next request tries again.
/// </summary>
/// <param name="folders">Where to look.</param>
public sealed class DataSets(DataFolders folders)
{
    private static readonly string[] s_packed = [".tar", ".xz", ".gz", ".tgz", ".bz2", ".zst", ".zip"];

    private readonly ConcurrentDictionary<DataRequest, Lazy<DataSet>> _loaded = [];
    private readonly ConcurrentDictionary<(DataRequest Request, string Digest), DataSet> _admitted = [];

    /// <summary>Told now and then how far many files have been read; null: nobody is.</summary>
    public Action<ReadingProgress>? Progress { get; init; }

    /// <summary>The weights that trainings of this process may start with.</summary>
    public KnownWeights Weights { get; } = new();

    /// <summary>Whether trainings of this process may run code that travels with sweeps.</summary>
    public bool RunsAssemblies { get; set; }

    /// <summary>Where data sets are looked for.</summary>
    public DataFolders Folders => folders;

    /// <summary>The data set of a training, with the digest that it asks for.</summary>
    /// <exception cref="SweepsException">It is unknown, missing, damaged or another one.</exception>
    public DataSet Load(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.DataDigest is not { } digest)
            return Load(DataRequest.Of(request));
        if (_admitted.TryGetValue((DataRequest.Of(request), digest), out var admitted))
            return admitted;
        var set = Load(DataRequest.Of(request));
        return set.Digest == digest ? set : throw DataPreparation.Differs(request.Data, set, new() { Digest = digest });
    }

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

    /// <summary>Rows of another table than that of a model, which are read anew each time.</summary>
    /// <inheritdoc cref="TableRows.Read" path="/param"/>
    /// <inheritdoc cref="TableRows.Read" path="/exception"/>
    public TableRows ReadRows(
        string path, TableForm form, IReadOnlyList<string> classes, string? label, bool needsTruth) =>
        TableRows.Read(PathOf(path), form, classes, label, needsTruth);

    /// <summary>
    /// Finds the data of a sweep, compares them, and fetches what is not here; its trainings find them from then on.
    /// </summary>
    /// <exception cref="SweepsException">They are missing, or they are others.</exception>
    public async Task PrepareAsync(PlannedData data, KeptFileReader kept, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        await OwnAssemblies.PrepareAsync(data.Assemblies, RunsAssemblies, kept, cancellation);
        await Weights.PrepareAsync(data.Weights, kept, cancellation);
        await new DataPreparation(this).RunAsync(data, kept, cancellation);
    }

    /// <summary>The data of a plan: those that this process has read, or else by name.</summary>
    /// <exception cref="SweepsException">They are missing, or they are others.</exception>
    public DataSet Load(SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var data = plan.DataNeeded();
        if (data.Content is null)
            return Load(DataRequest.Of(data));
        if (!IsAdmitted(data) && !AdmitLoaded(data))
        {
            var set = Load(DataRequest.Of(data));
            Admit(data, set.Digest == data.Content.Digest
                ? set
                : throw DataPreparation.Differs(set.Source, set, data.Content));
        }

        return _admitted[KeyOf(data)];
    }

    /// <summary>
    /// What is known of a named data set: as it is read here, or where its files are not here, as published. Null:
    /// nothing.
    /// </summary>
    public DataContent? ContentOf(KnownDataSet known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return PublicDataSets.Find(known.Name)?.Find(folders) is null
            ? known.Content
            : Load(new DataRequest(known.Name)).Content;
    }

    /// <summary>Whether the files of a named data set are in one of the folders; one that is drawn always is.</summary>
    public bool IsHere(KnownDataSet known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return PublicDataSets.Find(known.Name) is not { } set || set.Find(folders) is not null;
    }

    /// <summary>The bytes of a table, of pictures or of weights that were read here; null: none of these bytes was.
    /// </summary>
    /// <exception cref="SweepsException">It has changed since.</exception>
    public byte[]? BytesOf(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (Weights.Find(file.Digest) is { } weights)
            return weights.Bytes;
        if (OwnAssemblies.BytesOf(file.Digest) is { } assembly)
            return assembly;
        var paths = Loaded().SelectMany(set => set.Paths).Where(pair => pair.Key == file).Select(pair => pair.Value);
        if (paths.ToList() is not [_, ..] known)
            return null;
        return known.Select(CsvText.BytesOf)
            .FirstOrDefault(bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)) == file.Digest)
            ?? throw new SweepsException(
                ErrorKind.Data, $"'{file.Name}' has changed since it was read a moment ago. Start the sweep again.");
    }

    internal bool IsAdmitted(PlannedData data) => _admitted.ContainsKey(KeyOf(data));

    internal void Admit(PlannedData data, DataSet set) => _admitted[KeyOf(data)] = set;

    /// <summary>Admits a data set that this process has read already, from wherever; false: there is none.</summary>
    internal bool AdmitLoaded(PlannedData data)
    {
        var classes = data.Content!.Classes;
        // Tables whose units differ can be one after scaling: the very file first, whose scaling its models keep.
        var found = Loaded().Where(set => set.Digest == data.Content.Digest
            && (classes is null || classes.SequenceEqual(set.ClassNames, StringComparer.Ordinal)))
            .OrderByDescending(set => set.Paths.Any(pair => pair.Key == data.Content.Table)).FirstOrDefault();
        if (found is not null)
            Admit(data, found);
        return found is not null;
    }

    /// <summary>The next request reads the file anew.</summary>
    internal void Forget(DataRequest request) => _loaded.TryRemove(request, out _);

    private IEnumerable<DataSet> Loaded() => _loaded.Values.Where(entry => entry.IsValueCreated).Select(e => e.Value);

    // Trainings know their data by the digest alone, not by what it took to make them.
    private static (DataRequest Request, string Digest) KeyOf(PlannedData data) =>
        (DataRequest.Of(data) with { Pictures = null, Reading = null }, data.Content!.Digest);

    private DataRequest Canonical(DataRequest request) =>
        KnownDataSets.Find(request.Data) is { } known
            ? new(known.Name)
            : request with { Data = PathOf(request.Data), Test = request.Test is null ? null : PathOf(request.Test) };

    // A table, or a folder of pictures, is named by its path, from here or from a data folder.
    private string PathOf(string data)
    {
        var places = folders.All.Select(folder => Path.Combine(folder.Path, data)).Prepend(Path.GetFullPath(data));
        if (places.FirstOrDefault(place => File.Exists(place) || Directory.Exists(place)) is { } path)
            return Path.TrimEndingDirectorySeparator(path);
        if (data.AsSpan().ContainsAny('/', '\\') || Path.HasExtension(data))
            throw new SweepsException(ErrorKind.Data,
                $"There is no file '{data}' and no such folder, neither here nor in {folders}. A sweep that began with "
                    + "it resumes on the store's copy: sweeps resume ID ('sweeps list' shows the ids).");
        throw new SweepsException(
            ErrorKind.Data,
            $"Unknown data set '{data}'{NearestName.Suggest(data, KnownDataSets.Names)} "
            + "(A path to a CSV file or to a folder of pictures will do, too.)");
    }

    private DataSet Read(DataRequest request) => request.Data switch
    {
        DigitsDataSet.Name => DigitsDataSet.Read(folders),
        var name when PublicDataSets.Find(name) is { } known => known.Read(folders),
        var path when Directory.Exists(path) => ReadPictures(request),
        var path when Path.GetExtension(path) == PicturePack.Extension =>
            PicturePack.Read(path, Path.GetFileNameWithoutExtension(path)),
        var path when s_packed.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) =>
            throw Packed(path),
        var path when PictureFolder.IsPicture(path) => throw new SweepsException(
            ErrorKind.Data,
            $"'{path}' is a single picture. Data are the folder that has a sub-folder of pictures a class; 'sweeps "
                + "predict' asks a model about a picture."),
        _ when request.Pictures is not null => throw new SweepsException(
            ErrorKind.Data, $"'{request.Data}' is a file; size and color are for folders of pictures."),
        _ => CsvDataSet.Read(request),
    };

    private DataSet ReadPictures(DataRequest request) =>
        request is { Label: null, Group: null, Test: null, Reading: null, Task: null or TaskKind.Classification }
            ? new PictureDataSet(folders, Progress).Read(request.Data, request.Pictures)
            : throw new SweepsException(
                ErrorKind.Data,
                $"'{request.Data}' is a folder of pictures, whose sub-folders are the classes; label, group, test, "
                    + "task and how fields become numbers are for CSV files.");

    private static SweepsException Packed(string path)
    {
        var folder = Path.GetFileName(path).Split('.')[0];
        var unpack = Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase)
            ? $"unzip {path} -d {folder}"
            : $"mkdir {folder} && tar -xf {path} -C {folder}";
        return new(
            ErrorKind.Data,
            $"'{path}' is packed. Unpack it and name the folder (for pictures: the one that has a sub-folder a class, "
                + $"or train and test): {unpack}");
    }
}

using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Networks;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.SavedModels;

/// <summary>The model that a command line names, and the samples to show it.</summary>
internal sealed class ModelSource
{
    private static readonly string[] s_parts = ["test", "training"];

    private readonly StoreOption _store = new();
    private readonly DataOptions _dataOptions = new();

    private readonly Argument<string> _model = new("model")
    {
        Description = $"A file ({ModelFiles.WeightsFile}), a folder with one, or a sweep's id: its best model.",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Data set, or a path to a CSV file or to a folder of pictures. Default: what the model was "
            + "trained on. Of another table all rows are asked, scaled as the model learned.",
        HelpName = "data",
    };

    private readonly Option<string?> _part = OptionValues.Choice(
        "--part", "Part of the data set: test or training. Default: test.", s_parts);

    private readonly Option<string?> _assembly = OwnCode.Assembly();

    /// <summary>Adds the argument and all options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_model);
        foreach (var option in (Option[])[_data, _part, _assembly, _store.Option])
            command.Options.Add(option);
        _dataOptions.AddTo(command);
    }

    private string PartName(ParseResult parsed) => parsed.GetValue(_part) ?? s_parts[0];

    /// <summary>Whether the command line names samples of a data set.</summary>
    public bool NamesData(ParseResult parsed) =>
        parsed.GetValue(_data) is not null || parsed.GetValue(_part) is not null;

    /// <summary>Reads the model.</summary>
    /// <exception cref="SweepsException">There is none by that name, or it is damaged.</exception>
    public async Task<OpenedModel> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OwnCode.Take(_assembly, parsed);
        var name = parsed.GetRequiredValue(_model);
        var path = Directory.Exists(name) ? Path.Combine(name, ModelFiles.WeightsFile) : name;
        if (OnnxWeights.IsNamed(path))
            throw new SweepsException(
                ErrorKind.Usage,
                $"'{path}' is an ONNX file, of which weights are read alone: train a network that begins with them "
                    + $"(--initial-weights {path}) and ask that one.");
        if (File.Exists(path))
        {
            await ModelName.TellChoiceAsync(name, _store, parsed);
            return new(SavedModel.Read(await ReadFileAsync(path, cancellation), $"'{path}'"), null);
        }

        if (ModelName.IsPath(name))
            throw new SweepsException(ErrorKind.Usage, $"There is no model '{path}'. {Ways}");
        try
        {
            return await OfSweepAsync(parsed, name, cancellation);
        }
        catch (SweepsException error) when (Directory.Exists(name) && ModelName.IsUnknown(error))
        {
            throw new SweepsException(
                ErrorKind.Usage, $"There is no model '{path}', and no sweep '{name}': {error.Message} {Ways}", error);
        }
    }

    /// <summary>The samples that are meant, checked against the model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="needsTruth">Whether rows of another table must have a label that the model knows.</param>
    /// <param name="note">Takes what a person should know.</param>
    /// <param name="cancellation">Cancels fetching a table from the store.</param>
    /// <exception cref="SweepsException">The data are missing, or do not fit.</exception>
    public async Task<AskedData> LoadAsync(
        ParseResult parsed, OpenedModel model, bool needsTruth, Action<string> note, CancellationToken cancellation)
    {
        var sets = _dataOptions.Sets(parsed);
        if (parsed.GetValue(_data) is { } name && KnownDataSets.Find(name) is null && !Directory.Exists(name)
            && model.Model.ReadTable() is { } form && !IsOwn(sets, RequestOf(parsed, model.Model), model.Model, form))
            return OfRows(Rows(parsed, model.Model, form, name, needsTruth, note));
        var data = parsed.GetValue(_data) is null && model.Plan is { } plan
            ? await OfPlanAsync(parsed, sets, plan, cancellation)
            : sets.Load(RequestOf(parsed, model.Model));
        Check(model.Model, data, note);
        return new(data, PartName(parsed) == s_parts[0] ? data.Test : data.Train, PartName(parsed), null);
    }

    /// <summary>Rows of a file that a model of a table is asked about.</summary>
    /// <exception cref="SweepsException">The model holds no table's columns, or the rows do not fit.</exception>
    public TableRows RowsOf(ParseResult parsed, SavedModel model, string path, Action<string> note) =>
        Rows(parsed, model, model.ReadTable() ?? throw new SweepsException(ErrorKind.Data, NoTable(model)), path,
            needsTruth: false, note);

    private TableRows Rows(
        ParseResult parsed, SavedModel model, TableForm form, string path, bool needsTruth, Action<string> note)
    {
        Option[] others =
        [
            _part, _dataOptions.Test, _dataOptions.Group, _dataOptions.Task, _dataOptions.Size, _dataOptions.Color,
            .. _dataOptions.Reading.OfModel,
        ];
        if (Array.Find(others, option => parsed.GetResult(option) is { Implicit: false }) is { } option)
            throw new SweepsException(
                ErrorKind.Usage,
                $"{option.Name} has no effect on {path}: it is another table than the model's, of which all rows are "
                    + "asked; leave it out.");
        var rows = _dataOptions.Sets(parsed).ReadRows(
            path, form with { Reading = _dataOptions.Reading.ReadLike(parsed, form.Reading) }, model.Classes,
            parsed.GetValue(_dataOptions.Label), needsTruth);
        note($"{rows.Name}: {Figures.Count(rows.Part.Count, "row")}, {(form.IsPixels ? "read" : "scaled")} as those of "
            + $"{model.Data}, which the model was trained on");
        foreach (var line in rows.Notes)
            note(line);
        return rows;
    }

    private static AskedData OfRows(TableRows rows)
    {
        // Nothing of them was learned from: all are what a test part is.
        var data = new DataSet(rows.Name, rows.Shape, [], rows.Part, rows.Part);
        return new(data, rows.Part, "all", rows);
    }

    // A table that cannot be divided is none that was learned from. One of other units may have the digest, as that is
    // of what it becomes.
    private static bool IsOwn(DataSets sets, DataRequest request, SavedModel model, TableForm form)
    {
        try
        {
            var set = sets.Load(request);
            return set.Digest == model.Metadata.GetValueOrDefault("data_digest")
                && set.Table?.Columns.SequenceEqual(form.Columns) == true;
        }
        catch (SweepsException error) when (error.Kind == ErrorKind.Data)
        {
            return false;
        }
    }

    private static string NoTable(SavedModel model) =>
        model.ReadNetwork().Input.IsFlat
            ? $"The model {model.Source} was saved by a version that did not keep the names and the scaling of its "
                + $"table's columns, so that it can be asked about {model.Data} alone. Train it again ('sweeps train "
                + "--save', or the sweep) to ask about other rows."
            : "The model takes pictures, not rows of a table.";

    // Pictures are brought to the form that the model takes; of a table, columns and task are the model's.
    private DataRequest RequestOf(ParseResult parsed, SavedModel model)
    {
        // The file says the folder's name; where it lies, it does not.
        if (parsed.GetValue(_data) is null && model is { Pictures: not null, Data: { } folder })
            throw new SweepsException(
                ErrorKind.Usage,
                $"The model {model.Source} was trained on a folder of pictures called '{Quote.Short(folder)}'; say "
                    + "where it, or another with the same classes, lies: --data FOLDER.");
        var request = _dataOptions.Request(parsed, parsed.GetValue(_data) ?? model.Data ?? throw new SweepsException(
            ErrorKind.Usage, $"{model.Source} does not say its data; name them with --data."));
        if (model.ReadTable() is { } table && KnownDataSets.Find(request.Data) is null
            && !Directory.Exists(request.Data))
        {
            request = request with
            {
                Label = request.Label ?? (table.Reading?.Outputs is null ? table.NameOf(TableRole.Label) : null),
                Group = request.Group ?? table.NameOf(TableRole.Group),
                Task = request.Task ?? model.Task,
                Reading = request.Reading is { Outputs: null } said && request.Label is null && table.Reading is { } own
                    ? said with
                    {
                        Targets = own.Targets,
                        Labels = own.Labels,
                        LabelSeparator = said.LabelSeparator ?? own.LabelSeparator,
                    }
                    : request.Reading ?? table.Reading,
            };
        }

        return request.Pictures is null && model.Pictures is { } form ? request with { Pictures = form } : request;
    }

    private const string Ways =
        "Name a file that 'sweeps train --save FOLDER' or 'sweeps run' wrote, its folder, or a sweep ('sweeps list').";

    private async Task<OpenedModel> OfSweepAsync(ParseResult parsed, string id, CancellationToken cancellation)
    {
        await using var store = await _store.LookAsync(parsed);
        var state = (await SweepView.OpenAsync(store, id, cancellation: cancellation)).State;
        var bytes = await ResultFiles.ModelOfAsync(state, store) ?? throw new SweepsException(
            ErrorKind.Sweep,
            $"Sweep '{id}' has no model yet: the refit at its end trains it (refit: true in the file).");
        return new(SavedModel.Read(bytes, $"of sweep '{id}'"), state.Plan);
    }

    private async Task<DataSet> OfPlanAsync(
        ParseResult parsed, DataSets sets, SweepPlan plan, CancellationToken cancellation)
    {
        await using var store = await _store.LookAsync(parsed);
        await sets.PrepareAsync(
            plan.DataNeeded().WithoutCode(), new SweepFiles(store, plan.Id).ReadAsync, cancellation);
        return sets.Load(plan);
    }

    private static void Check(SavedModel model, DataSet data, Action<string> note)
    {
        foreach (var line in data.Notes)
            note(line);
        var input = string.Join('x', data.InputShape);
        if (model.Metadata.GetValueOrDefault("input") is { } wanted && wanted != input)
            throw new SweepsException(
                ErrorKind.Data, $"The model takes samples of {wanted}, those of {data.Name} are {input}.");
        if (model.Task != data.Task || (data.Task == TaskKind.Classification && data.Classes != model.Classes.Count))
            throw new SweepsException(
                ErrorKind.Data,
                $"The model {Says(model.Task, model.Classes.Count)}, {data.Name} {Asks(data.Task, data.Classes)}.");
        if (!data.LabelNames.SequenceEqual(model.Labels))
            throw new SweepsException(
                ErrorKind.Data,
                $"The labels of {data.Name} ({Names(data.LabelNames)}) are not the model's ({Names(model.Labels)}).");
        if (!data.TargetNames.SequenceEqual(model.Targets))
            throw new SweepsException(
                ErrorKind.Data,
                $"The targets of {data.Name} ({Targets(data.TargetNames)}) are not the model's ("
                    + $"{Targets(model.Targets)}).");
        if (!data.ClassNames.SequenceEqual(model.Classes))
            throw new SweepsException(
                ErrorKind.Data,
                $"The classes of {data.Name} ({Names(data.ClassNames)}) are not the model's ({Names(model.Classes)}).");
        if (!model.Metadata.TryGetValue("data_digest", out var digest) || digest == data.Digest)
            return;
        var other = $"the model was trained on {model.Data}, SHA-256 {digest[..Math.Min(12, digest.Length)]}...";
        if (!data.Train.IsBytes)
            throw new SweepsException(
                ErrorKind.Data,
                model.ReadTable() is null
                    ? $"These are other data: {other}. {NoTable(model)} Is it that very table? Then name --label, "
                        + "--group, --task and --test as for the training."
                    : $"These are other data: {other}. Name --test and --group as for the training, or the file with "
                        + "--data to ask about all its rows.");
        note($"these are other data: {other}");
    }

    private static string Targets(IReadOnlyList<string> names) => names.Count == 0 ? "one" : Names(names);

    private static string Names(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(12)) + (classes.Count > 12 ? ", ..." : "");

    private static string Says(TaskKind task, int classes) => task switch
    {
        TaskKind.Classification => $"names one of {classes} classes",
        TaskKind.MultiLabel => "tells several labels",
        _ => "gives a number",
    };

    private static string Asks(TaskKind task, int classes) => task switch
    {
        TaskKind.Classification => $"has {classes} classes",
        TaskKind.MultiLabel => "has several labels",
        _ => "asks for a number",
    };

    internal static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            RegularFile.Check(path);
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Usage, $"'{path}' cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>A name that may be a file's, a folder's or a sweep's: the first of them that has a model is meant.
/// </summary>
internal static class ModelName
{
    /// <summary>Whether it is no sweep's, whatever there is.</summary>
    public static bool IsPath(string name) => name.AsSpan().IndexOfAny('/', '\\', '.') >= 0;

    /// <summary>Whether a sweep was asked for that is not there, or in a store that is not.</summary>
    public static bool IsUnknown(SweepsException error) =>
        error.Kind == ErrorKind.Usage || error is StoreException { Reason: StoreReason.Missing };

    /// <summary>Says that a file or folder was taken where a sweep has the same name.</summary>
    public static async Task TellChoiceAsync(string name, StoreOption option, ParseResult parsed)
    {
        if (IsPath(name))
            return;
        try
        {
            await using var store = await option.LookAsync(parsed);
            if (await store.Log.FindAsync(name) is not null)
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"note: the model is that of '{Path.GetFullPath(name)}', not of the sweep '{name}' in "
                        + $"{store.Address}; for the sweep's run the command in another folder, with --store");
        }
        catch (SweepsException)
        {
            // Without a store there is no choice to tell of.
        }
    }
}

/// <summary>Samples that a model is asked about.</summary>
/// <param name="Data">The data set; of rows of another table, all are both its parts.</param>
/// <param name="Part">The part that is meant.</param>
/// <param name="PartName">Its name: <c>test</c>, <c>training</c>, or <c>all</c> rows of another table.</param>
/// <param name="Rows">Rows of another table; null: samples of the model's own data, or of pictures.</param>
internal sealed record AskedData(DataSet Data, DataPart Part, string PartName, TableRows? Rows);

/// <summary>A model, and the plan of the sweep that it is of; null: it came as a file.</summary>
internal sealed record OpenedModel(SavedModel Model, SweepPlan? Plan);

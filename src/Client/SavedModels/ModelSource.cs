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
using Sweeps.Training.Data;
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
            + "trained on.",
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

    /// <summary>The words of the part of the data set that is meant.</summary>
    public string PartName(ParseResult parsed) => parsed.GetValue(_part) ?? s_parts[0];

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
        if (File.Exists(path))
            return new(SavedModel.Read(await ReadFileAsync(path, cancellation), $"'{path}'"), null);
        if (Directory.Exists(name) || name.AsSpan().IndexOfAny('/', '\\', '.') >= 0)
            throw new SweepsException(ErrorKind.Usage, $"There is no model '{path}'. {Ways}");
        return await OfSweepAsync(parsed, name, cancellation);
    }

    /// <summary>The data set whose samples are meant, checked against the model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="note">Takes what a person should know.</param>
    /// <param name="cancellation">Cancels fetching a table from the store.</param>
    /// <exception cref="SweepsException">The data are missing, or do not fit.</exception>
    public async Task<DataSet> LoadAsync(
        ParseResult parsed, OpenedModel model, Action<string> note, CancellationToken cancellation)
    {
        var sets = _dataOptions.Sets(parsed);
        var data = parsed.GetValue(_data) is null && model.Plan is { } plan
            ? await OfPlanAsync(parsed, sets, plan, cancellation)
            : sets.Load(RequestOf(parsed, model.Model));
        Check(model.Model, data, note);
        return data;
    }

    /// <summary>The samples of the part that is meant.</summary>
    public DataPart PartOf(ParseResult parsed, DataSet data) =>
        PartName(parsed) == s_parts[0] ? data.Test : data.Train;

    // Pictures are brought to the form that the model takes.
    private DataRequest RequestOf(ParseResult parsed, SavedModel model)
    {
        var request = _dataOptions.Request(parsed, parsed.GetValue(_data) ?? model.Data ?? throw new SweepsException(
            ErrorKind.Usage, $"{model.Source} does not say its data; name them with --data."));
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
        if (!data.ClassNames.SequenceEqual(model.Classes))
            throw new SweepsException(
                ErrorKind.Data,
                $"The classes of {data.Name} ({Names(data.ClassNames)}) are not the model's ({Names(model.Classes)}).");
        if (!model.Metadata.TryGetValue("data_digest", out var digest) || digest == data.Digest)
            return;
        var other = $"the model was trained on {model.Data}, SHA-256 {digest[..Math.Min(12, digest.Length)]}...";
        // A table's features are scaled by the training part of that very table, which the model does not hold.
        if (!data.Train.IsBytes)
            throw new SweepsException(
                ErrorKind.Data,
                $"These are other data: {other}. Its inputs are scaled by that table; name it with --data, and "
                    + "--label, --group, --task and --test as for the training.");
        note($"these are other data: {other}");
    }

    private static string Names(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(12)) + (classes.Count > 12 ? ", ..." : "");

    private static string Says(TaskKind task, int classes) =>
        task == TaskKind.Classification ? $"names one of {classes} classes" : "gives a number";

    private static string Asks(TaskKind task, int classes) =>
        task == TaskKind.Classification ? $"has {classes} classes" : "asks for a number";

    internal static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Usage, $"'{path}' cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>A model, and the plan of the sweep that it is of; null: it came as a file.</summary>
internal sealed record OpenedModel(SavedModel Model, SweepPlan? Plan);

using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Plots;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.SavedModels;

/// <summary><c>sweeps predict MODEL</c>: what a saved model says of pictures, rows of a table, or samples.</summary>
internal static class PredictCommand
{
    private const int TopDefault = 3;
    private const int SamplesMax = 1_000;
    private const int ColumnsNamed = 8;

    public static Command Create()
    {
        var source = new ModelSource();
        var files = new Argument<string[]>("file")
        {
            Description = "Pictures (PNG, JPEG, BMP, GIF), or for a model of a table one CSV file of rows, with or "
                + "without a label column. Default: samples of the data set, see --index.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var index = new Option<string?>("--index")
        {
            Description = "Samples of the data set, from 0: 7, or 0..9, or 3,14,15. Default: 0; of another table all.",
            HelpName = "samples",
        };
        var top = OptionValues.Whole(
            "--top", 1, 1_000, $"Show this many of the most probable classes or labels. Default: {TopDefault}.");
        var invert = new Option<bool?>("--invert")
        {
            Description = "Exchange dark and light of pictures: true or false. Default: where their border is light "
                + "and the model takes grey ones; never for a model that learned from a folder of pictures.",
            HelpName = "bool",
        };
        var csv = new Option<string?>("--csv")
        {
            Description = "Write every sample with its true value, where it is known, its predicted value and the "
                + "model's outputs.",
            HelpName = "file",
        };
        var picture = SampleDrawing.CreateOption("the samples");
        var json = JsonOption.Create();
        var command = new Command(
            "predict", "Ask a saved model what pictures, rows of a table, or samples of a data set, are.");
        source.AddTo(command);
        command.Arguments.Add(files);
        foreach (var option in (Option[])[index, top, invert, csv, picture, json])
            command.Options.Add(option);
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, new(source, files, index, top, invert, csv, picture, json), cancellation));
        return command;
    }

    private sealed record Options(
        ModelSource Source, Argument<string[]> Files, Option<string?> Index, Option<int?> Top, Option<bool?> Invert,
        Option<string?> Csv, Option<string?> Picture, Option<bool> Json);

    private static async Task<int> RunAsync(ParseResult parsed, Options options, CancellationToken cancellation)
    {
        var (csv, isJson) = (parsed.GetValue(options.Csv), parsed.GetValue(options.Json));
        if (csv is not null)
            OutputPlace.CheckFile(options.Csv, csv);
        SampleDrawing.CheckFile(options.Picture, parsed);
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var notes = new List<string>();
        var opened = await options.Source.OpenAsync(parsed, cancellation);
        using var network = new LoadedNetwork(opened.Model);
        var asked = await AskedAsync(parsed, options, opened, network, notes, cancellation);
        SampleDrawing.CheckSamples(options.Picture, parsed, opened.Model, asked.Shape);
        if (asked.Indices.Length > SamplesMax && csv is null && !isJson)
            throw new SweepsException(
                ErrorKind.Usage,
                $"{asked.Indices.Length:N0} predictions are too many to look at, {SamplesMax:N0} at most; --csv FILE "
                    + "writes all of them, and so does --json.");
        foreach (var note in notes)
            await error.WriteLineAsync($"note: {note}");
        var prediction = new Prediction(
            opened.Model, asked, network.Ask(asked.Part, asked.Indices, cancellation),
            parsed.GetValue(options.Top) ?? TopDefault);
        if (isJson)
            Screen.WriteJson(output, prediction.Json(notes));
        else
            prediction.Write(output, all: csv is null);
        await WriteFilesAsync(
            prediction, csv, parsed.GetValue(options.Picture), isJson ? error : output,
            note => error.WriteLine($"note: {note}"));
        return 0;
    }

    private static async Task<Asked> AskedAsync(
        ParseResult parsed, Options options, OpenedModel opened, LoadedNetwork network, List<string> notes,
        CancellationToken cancellation)
    {
        var paths = parsed.GetValue(options.Files) ?? [];
        var (index, invert) = (parsed.GetValue(options.Index), parsed.GetValue(options.Invert));
        if (paths.Length > 0 && (index is not null || options.Source.NamesData(parsed)))
            throw new SweepsException(
                ErrorKind.Usage, "Name files, or samples of a data set (--index, --data, --part); not both.");
        if (paths.Length > 0 && !network.Shape.Input.IsFlat && !AsksRows(opened.Model, paths))
            return Pictures(opened.Model, network, paths, Inverts(invert, opened.Model));
        if (opened.Model.ReadTable() is { } form && Array.Find(paths, IsPicture) is { } picture)
            throw new SweepsException(
                ErrorKind.Usage,
                !network.Shape.Input.IsFlat ? $"'{picture}' is a picture, and '{paths[0]}' is none: name pictures, or "
                    + "one CSV file; not both."
                : $"'{picture}' is a picture, and the model takes rows of a table: name one CSV file with the columns "
                    + $"{Named([.. form.Features.Select(column => column.Name)])}.");
        if (invert is not null)
            notes.Add($"--invert has no effect on {(paths.Length > 0 ? "rows of a table" : "samples of a data set")}");
        return paths.Length > 0
            ? OfRows(options.Source.RowsOf(parsed, opened.Model, OnlyOne(paths), notes.Add), null)
            : await SamplesAsync(options.Source, parsed, opened, index, notes, cancellation);
    }

    // A model of a table of pixels takes pictures, too.
    private static bool AsksRows(SavedModel model, string[] paths) =>
        model.ReadTable() is not null && !IsPicture(paths[0]);

    private static bool IsPicture(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG" or ".BMP" or ".GIF" or ".TGA";

    private static string Named(IReadOnlyList<string> columns) => columns.Count <= ColumnsNamed
        ? string.Join(", ", columns.Select(Quote.Short))
        : $"{Named([.. columns.Take(ColumnsNamed)])} and {columns.Count - ColumnsNamed} more";

    private static async Task WriteFilesAsync(
        Prediction prediction, string? csv, string? picture, TextWriter output, Action<string> note)
    {
        if (csv is not null)
        {
            var written = new WrittenFile(csv, File.Exists(csv));
            await File.WriteAllTextAsync(csv, prediction.Csv());
            await output.WriteLineAsync(written.ToString());
        }

        if (picture is not null)
            await output.WriteLineAsync((await prediction.DrawAsync(picture, note)).ToString());
    }

    // The pictures of a folder were learned from as they are.
    private static bool? Inverts(bool? asked, SavedModel model) => asked ?? (model.Pictures is null ? null : false);

    private static Asked Pictures(SavedModel model, LoadedNetwork network, string[] paths, bool? inverts)
    {
        int[] shape = [network.Shape.Input.Channels, network.Shape.Input.Height, network.Shape.Input.Width];
        if (shape[0] is not (1 or 3))
            throw new SweepsException(
                ErrorKind.Usage, $"The model takes {shape[0]} channels; pictures have 1 or 3.");
        var pictures = PictureFile.ReadAll(paths, shape, inverts);
        var bytes = pictures.SelectMany(picture => picture.Bytes).ToArray();
        // What they are is not known: the labels are not looked at.
        var (count, pixels, labels) = (pictures.Count, bytes.Length / pictures.Count, model.Labels.Count);
        var part = model.Task switch
        {
            TaskKind.Classification => DataPart.OfBytes(bytes, new int[count], pixels),
            TaskKind.MultiLabel => DataPart.OfBytes(bytes, new float[count * labels], pixels, labels).AsLabels(),
            _ => throw new SweepsException(
                ErrorKind.Usage, "The model predicts a number of a table's row, not of pictures."),
        };
        return new(part, [.. Enumerable.Range(0, pictures.Count)], shape, new object?[pictures.Count])
        {
            Keys = paths,
            Names = [.. paths.Zip(pictures, (path, picture) => $"{path}: {picture.Note}")],
        };
    }

    private static string OnlyOne(string[] paths) => paths.Length == 1
        ? paths[0]
        : throw new SweepsException(
            ErrorKind.Usage, "The model takes rows of a table; name one CSV file at a time, not several files.");

    private static async Task<Asked> SamplesAsync(
        ModelSource source, ParseResult parsed, OpenedModel opened, string? text, List<string> notes,
        CancellationToken cancellation)
    {
        var (data, part, partName, rows) = await source.LoadAsync(
            parsed, opened, needsTruth: false, notes.Add, cancellation);
        if (rows is not null)
            return OfRows(rows, text);
        var indices = Indices(text ?? "0", part.Count);
        return new(part, indices, data.InputShape, [.. indices.Select(index => part.Labels.Length > 0
            ? opened.Model.Classes[part.Labels[index]]
            : part.Outputs > 1 ? part.Targets.Slice(index * part.Outputs, part.Outputs).ToArray()
            : (object?)part.Targets[index])])
        {
            Keys = Numbers(indices),
            Names = [.. indices.Select(index => $"sample {index} of {data.Name}, {partName} part")],
        };
    }

    private static Asked OfRows(TableRows rows, string? text)
    {
        int[] indices = text is null ? [.. Enumerable.Range(0, rows.Part.Count)] : Indices(text, rows.Part.Count);
        return new(rows.Part, indices, rows.Shape, [.. indices.Select(index => rows.Truth[index])])
        {
            Keys = Numbers(indices),
            Names = [.. indices.Select(index => $"row {index} of {rows.Name} (line {rows.Lines[index]})")],
        };
    }

    private static IReadOnlyList<string> Numbers(int[] indices) =>
        [.. indices.Select(index => index.ToString(CultureInfo.InvariantCulture))];

    private static int[] Indices(string text, int count)
    {
        var indices = new List<int>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = item.Split("..");
            if (ends.Length > 2 || !TryRead(ends[0], out var first) || !TryRead(ends[^1], out var last) || last < first)
                throw Bad($"'{text}' is not allowed; allowed are a number, 0..9 or 3,14,15");
            if (last >= count)
                throw Bad($"there is no sample {last}; the samples go from 0 to {count - 1}");
            if (indices.Count + (last - first) >= SamplesMax)
                throw Bad($"{SamplesMax:N0} samples at most; 'sweeps evaluate --csv FILE' writes all of them");
            indices.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return [.. indices];

        static bool TryRead(string word, out int number) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static SweepsException Bad(string why) => new(ErrorKind.Usage, $"--index: {why}.");
}

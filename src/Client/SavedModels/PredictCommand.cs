using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.SavedModels;

/// <summary><c>sweeps predict MODEL</c>: what a saved model says of pictures, or of samples of a data set.</summary>
internal static class PredictCommand
{
    private const int TopDefault = 3;
    private const int SamplesMax = 1_000;

    public static Command Create()
    {
        var source = new ModelSource();
        var files = new Argument<string[]>("picture")
        {
            Description = "Pictures (PNG, JPEG, BMP, GIF). Default: samples of the data set, see --index.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var index = new Option<string?>("--index")
        {
            Description = "Samples of the data set, from 0: 7, or 0..9, or 3,14,15. Default: 0.",
            HelpName = "samples",
        };
        var top = OptionValues.Whole(
            "--top", 1, 1_000, $"Show this many of the most probable classes. Default: {TopDefault}.");
        var invert = new Option<bool?>("--invert")
        {
            Description = "Exchange dark and light of pictures: true or false. Default: where their border is light "
                + "and the model takes grey ones; never for a model that learned from a folder of pictures.",
            HelpName = "bool",
        };
        var json = JsonOption.Create();
        var command = new Command("predict", "Ask a saved model what pictures, or samples of a data set, are.");
        source.AddTo(command);
        command.Arguments.Add(files);
        foreach (var option in (Option[])[index, top, invert, json])
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var paths = parsed.GetValue(files) ?? [];
            if (paths.Length > 0 && (parsed.GetValue(index) is not null || source.NamesData(parsed)))
                throw new SweepsException(
                    ErrorKind.Usage, "Name pictures, or samples of a data set (--index, --data, --part); not both.");
            var notes = new List<string>();
            var opened = await source.OpenAsync(parsed, cancellation);
            using var network = new LoadedNetwork(opened.Model);
            var asked = paths.Length > 0
                ? Pictures(opened.Model, network, paths, Inverts(parsed.GetValue(invert), opened.Model))
                : await SamplesAsync(source, parsed, opened, parsed.GetValue(index) ?? "0", notes, cancellation);
            if (paths.Length == 0 && parsed.GetValue(invert) is not null)
                notes.Add("--invert has no effect on samples of a data set");
            foreach (var note in notes)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {note}");
            var prediction = new Prediction(
                opened.Model, asked, network.Ask(asked.Part, asked.Indices, cancellation),
                parsed.GetValue(top) ?? TopDefault);
            if (parsed.GetValue(json))
                Screen.WriteJson(parsed.InvocationConfiguration.Output, prediction.Json(notes));
            else
                prediction.Write(parsed.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }

    // The pictures of a folder were learned from as they are.
    private static bool? Inverts(bool? asked, SavedModel model) => asked ?? (model.Pictures is null ? null : false);

    private static Asked Pictures(SavedModel model, LoadedNetwork network, string[] paths, bool? inverts)
    {
        if (network.Shape.Input.IsFlat)
            throw new SweepsException(
                ErrorKind.Usage,
                $"The model takes rows of {network.Shape.Input.Size} numbers, not pictures; ask for samples of its "
                    + "data set with --index.");
        int[] shape = [network.Shape.Input.Channels, network.Shape.Input.Height, network.Shape.Input.Width];
        if (shape[0] is not (1 or 3))
            throw new SweepsException(
                ErrorKind.Usage, $"The model takes {shape[0]} channels; pictures have 1 or 3.");
        var pictures = paths.Select(path => PictureFile.Read(path, shape, inverts)).ToList();
        var bytes = pictures.SelectMany(picture => picture.Bytes).ToArray();
        // What they are is not known: the labels are not looked at.
        var part = model.Task == Core.Trainings.TaskKind.Classification
            ? DataPart.OfBytes(bytes, new int[pictures.Count], bytes.Length / pictures.Count)
            : throw new SweepsException(
                ErrorKind.Usage, "The model predicts a number of a table's row, not of pictures.");
        return new(part, [.. Enumerable.Range(0, pictures.Count)], shape, HasTruth: false)
        {
            Names = [.. paths.Zip(pictures, (path, picture) => $"{path}: {picture.Note}")],
        };
    }

    private static async Task<Asked> SamplesAsync(
        ModelSource source, ParseResult parsed, OpenedModel opened, string text, List<string> notes,
        CancellationToken cancellation)
    {
        var data = await source.LoadAsync(parsed, opened, notes.Add, cancellation);
        var part = source.PartOf(parsed, data);
        var indices = Indices(text, part.Count);
        return new(part, indices, data.InputShape, HasTruth: true)
        {
            Names = [.. indices.Select(index => $"sample {index} of {data.Name}, {source.PartName(parsed)} part")],
        };
    }

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

/// <summary>Samples whose predictions are asked for.</summary>
/// <param name="Part">Where they are.</param>
/// <param name="Indices">Which.</param>
/// <param name="Shape">The shape of one.</param>
/// <param name="HasTruth">Whether their labels or targets are known.</param>
internal sealed record Asked(DataPart Part, int[] Indices, IReadOnlyList<int> Shape, bool HasTruth)
{
    /// <summary>What each is called.</summary>
    public required IReadOnlyList<string> Names { get; init; }
}

/// <summary>What a model says of them.</summary>
internal sealed class Prediction(SavedModel model, Asked asked, ModelAnswers answers, int top)
{
    private const int BarWidth = 40;
    private const int NameWidth = 20;

    public object Json(IReadOnlyList<string> notes) => new
    {
        predictions = asked.Indices.Select((index, row) => new
        {
            name = asked.Names[row],
            predicted = model.Classes.Count > 0
                ? (object)model.Classes[answers.ClassOf(row)]
                : (double)answers.Of(row)[0],
            truth = !asked.HasTruth ? null
                : model.Classes.Count > 0 ? model.Classes[asked.Part.Labels[index]] : (object)asked.Part.Targets[index],
            probabilities = model.Classes.Count > 0
                ? model.Classes.Zip(answers.Of(row).ToArray())
                    .ToDictionary(pair => pair.First, pair => (double)pair.Second)
                : null,
        }),
        notes,
    };

    public void Write(TextWriter output)
    {
        var console = Screen.On(output);
        for (var row = 0; row < asked.Indices.Length; row++)
        {
            output.WriteLine(asked.Names[row]);
            if (asked.Part.IsBytes)
                SamplePictures.Write(console, [asked.Part.BytesOf(asked.Indices[row]).ToArray()], asked.Shape);
            if (model.Classes.Count > 0)
                WriteClasses(output, console, row);
            else
                output.WriteLine(
                    $"  predicted {Figures.Metric(answers.Of(row)[0])}, true "
                        + Figures.Metric(asked.Part.Targets[asked.Indices[row]]));
            if (row + 1 < asked.Indices.Length)
                output.WriteLine();
        }

        if (asked.HasTruth && model.Classes.Count > 0 && asked.Indices.Length > 1)
        {
            var right = asked.Indices.Index()
                .Count(pair => asked.Part.Labels[pair.Item] == answers.ClassOf(pair.Index));
            output.WriteLine($"\n{right} of {asked.Indices.Length} right");
        }
    }

    private void WriteClasses(TextWriter output, IAnsiConsole console, int row)
    {
        var values = answers.Of(row).ToArray();
        var bar = console.Profile.Capabilities.Unicode && console.Profile.Capabilities.Ansi ? '\u2588' : '#';
        var verdict = !asked.HasTruth ? ""
            : asked.Part.Labels[asked.Indices[row]] == answers.ClassOf(row) ? ": right"
            : $": wrong, it is {Name(asked.Part.Labels[asked.Indices[row]])}";
        output.WriteLine($"  predicted {Name(answers.ClassOf(row))}{verdict}");
        // Outputs of mean squared error are no probabilities: they may be negative.
        foreach (var label in Enumerable.Range(0, values.Length).OrderByDescending(label => values[label]).Take(top))
        {
            var length = (int)Math.Round(BarWidth * Math.Clamp(values[label], 0, 1));
            var name = Name(label);
            name = name.Length > NameWidth ? name[..NameWidth] : name;
            output.WriteLine(
                $"  {name.PadRight(Math.Min(NameWidth, model.Classes.Max(word => word.Length)))} "
                    + $"{Figures.Metric(values[label]),8}  {new string(bar, length)}".TrimEnd());
        }
    }

    private string Name(int label) => VisibleWriter.Text(model.Classes[label]);
}

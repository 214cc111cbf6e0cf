using System.Globalization;
using System.Text;
using Spectre.Console;
using Sweeps.Client.Plots;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.SavedModels;

/// <summary>Samples whose predictions are asked for.</summary>
/// <param name="Part">Where they are.</param>
/// <param name="Indices">Which.</param>
/// <param name="Shape">The shape of one.</param>
/// <param name="Truth">For each the name of its class, or its target (float); null: it is not known.</param>
internal sealed record Asked(
    DataPart Part, int[] Indices, IReadOnlyList<int> Shape, IReadOnlyList<object?> Truth)
{
    /// <summary>What a script knows each by: its number, or its file.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>What each is called.</summary>
    public required IReadOnlyList<string> Names { get; init; }
}

/// <summary>What a model says of them.</summary>
internal sealed class Prediction(SavedModel model, Asked asked, ModelAnswers answers, int top)
{
    private const int BarWidth = 40;
    private const int NameWidth = 20;
    private const int FirstShown = 10;

    public object Json(IReadOnlyList<string> notes) => new
    {
        predictions = asked.Indices.Select((_, row) => new
        {
            name = asked.Names[row],
            predicted = model.Classes.Count > 0
                ? (object)model.Classes[answers.ClassOf(row)]
                : model.Labels.Count > 0 ? LabelsOf(answers.Of(row))
                : model.Targets.Count > 0 ? Named(model.Targets, answers.Of(row)) : (double)answers.Of(row)[0],
            truth = asked.Truth[row] is not float[] several ? asked.Truth[row]
                : model.Labels.Count > 0 ? LabelsOf(several) : Named(model.Targets, several),
            probabilities = model.Task == TaskKind.Regression ? null
                : Named(model.Labels.Count > 0 ? model.Labels : model.Classes, answers.Of(row)),
        }),
        notes,
    };

    /// <summary>A row a sample, RFC 4180, with the columns of <c>sweeps evaluate --csv</c>.</summary>
    public string Csv()
    {
        if (model.Targets.Count > 0 || model.Labels.Count > 0)
            return OutputsCsv.Of(model, asked.Keys, answers, row => (float[]?)asked.Truth[row]);
        var text = new StringBuilder("sample,true,predicted");
        foreach (var name in model.Classes)
            text.Append(',').Append(CsvField.Of(name));
        text.Append('\n');
        for (var row = 0; row < asked.Indices.Length; row++)
        {
            var values = answers.Of(row);
            text.Append(CsvField.Of(asked.Keys[row])).Append(',')
                .Append(CsvField.Of(string.Create(CultureInfo.InvariantCulture, $"{asked.Truth[row]}"))).Append(',');
            if (model.Classes.Count == 0)
                text.Append(CultureInfo.InvariantCulture, $"{values[0]:R}");
            else
                text.Append(CsvField.Of(model.Classes[answers.ClassOf(row)]));
            for (var label = 0; label < model.Classes.Count; label++)
                text.Append(CultureInfo.InvariantCulture, $",{values[label]:R}");
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Samples that are pictures, with what the model says of them.</summary>
    public Task<WrittenFile> DrawAsync(string file, Action<string> note) => SampleDrawing.WriteAsync(
        file,
        asked.Indices.Length == 1 ? asked.Names[0] : Figures.Count(asked.Indices.Length, "sample"),
        [.. asked.Indices.Select((index, row) => new DrawnSample(
            asked.Part.BytesOf(index).ToArray(), Path.GetFileName(asked.Keys[row]), model.Classes[answers.ClassOf(row)],
            answers.Of(row)[answers.ClassOf(row)], (string?)asked.Truth[row]))],
        asked.Shape, note);

    /// <summary>For people.</summary>
    /// <param name="output">Where.</param>
    /// <param name="all">Whether all are shown; otherwise the first few, as a file has the others.</param>
    public void Write(TextWriter output, bool all)
    {
        var console = Screen.On(output);
        var shown = all ? asked.Indices.Length : Math.Min(FirstShown, asked.Indices.Length);
        for (var row = 0; row < shown; row++)
        {
            output.WriteLine(asked.Names[row]);
            if (asked.Part.IsBytes)
                SamplePictures.Write(console, [asked.Part.BytesOf(asked.Indices[row]).ToArray()], asked.Shape);
            if (model.Classes.Count > 0)
                WriteClasses(output, console, row);
            else if (model.Labels.Count > 0)
                WriteLabels(output, console, row);
            else if (model.Targets.Count > 0)
                WriteTargets(output, row);
            else
                output.WriteLine($"  predicted {Figures.Metric(answers.Of(row)[0])}"
                    + (asked.Truth[row] is float truth ? $", true {Figures.Metric(truth)}" : ""));
            if (row + 1 < shown)
                output.WriteLine();
        }

        if (shown < asked.Indices.Length)
            output.WriteLine($"\nand {Figures.Count(asked.Indices.Length - shown)} more in the file");
        WriteScore(output);
    }

    private void WriteScore(TextWriter output)
    {
        int[] known = [.. Enumerable.Range(0, asked.Truth.Count).Where(row => asked.Truth[row] is not null)];
        if (known.Length == 0 || asked.Indices.Length < 2)
            return;
        if (model.Classes.Count > 0)
            output.WriteLine($"\n{known.Count(IsRight)} of {known.Length} right");
        else if (model.Labels.Count > 0)
            output.WriteLine($"\n{known.Count(IsExact)} of {known.Length} right in all labels; "
                + $"{Figures.Metric(known.Average(ShareRight))} of all labels right");
        else
            output.WriteLine($"\nmean absolute error {Figures.Metric(known.Average(ErrorOf))}"
                + (model.Targets.Count > 0 ? $" over {model.Targets.Count} targets" : ""));
    }

    private double ErrorOf(int row) => asked.Truth[row] is float[] several
        ? several.Zip(answers.Of(row).ToArray(), (truth, value) => Math.Abs((double)value - truth)).Average()
        : Math.Abs((double)answers.Of(row)[0] - (float)asked.Truth[row]!);

    private static Dictionary<string, double> Named(IReadOnlyList<string> names, ReadOnlySpan<float> values) =>
        names.Zip(values.ToArray()).ToDictionary(pair => pair.First, pair => (double)pair.Second);

    private string[] LabelsOf(ReadOnlySpan<float> values)
    {
        var there = values.ToArray();
        return [.. model.Labels.Where((_, label) => LabelReport.IsThere(there[label]))];
    }

    private double ShareRight(int row) => ((float[])asked.Truth[row]!).Zip(answers.Of(row).ToArray())
        .Average(pair => LabelReport.IsThere(pair.First) == LabelReport.IsThere(pair.Second) ? 1.0 : 0);

    private bool IsExact(int row) => ShareRight(row) == 1;

    private void WriteLabels(TextWriter output, IAnsiConsole console, int row)
    {
        var (values, truth) = (answers.Of(row).ToArray(), (float[]?)asked.Truth[row]);
        output.WriteLine($"  predicted {LabelPage.Listed(model.Labels, label => LabelReport.IsThere(values[label]))}"
            + (truth is null ? "" : IsExact(row) ? ": right"
                : $"; it has {LabelPage.Listed(model.Labels, label => LabelReport.IsThere(truth[label]))}"));
        WriteBars(output, console, model.Labels, values);
    }

    private void WriteTargets(TextWriter output, int row)
    {
        var truth = (float[]?)asked.Truth[row];
        var values = answers.Of(row);
        for (var target = 0; target < values.Length; target++)
        {
            output.WriteLine($"  predicted {VisibleWriter.Text(model.Targets[target])} {Figures.Metric(values[target])}"
                + (truth is null ? "" : $", true {Figures.Metric(truth[target])}"));
        }
    }

    private bool IsRight(int row) => model.Classes[answers.ClassOf(row)].Equals(asked.Truth[row]);

    private void WriteClasses(TextWriter output, IAnsiConsole console, int row)
    {
        var verdict = asked.Truth[row] is not string truth ? ""
            : IsRight(row) ? ": right" : $": wrong, it is {VisibleWriter.Text(truth)}";
        output.WriteLine($"  predicted {VisibleWriter.Text(model.Classes[answers.ClassOf(row)])}{verdict}");
        WriteBars(output, console, model.Classes, answers.Of(row).ToArray());
    }

    // The most probable ones.
    private void WriteBars(TextWriter output, IAnsiConsole console, IReadOnlyList<string> names, float[] values)
    {
        var bar = console.Profile.Capabilities.Unicode && console.Profile.Capabilities.Ansi ? '\u2588' : '#';
        // Outputs of mean squared error are no probabilities: they may be negative.
        foreach (var label in Enumerable.Range(0, values.Length).OrderByDescending(label => values[label]).Take(top))
        {
            var length = (int)Math.Round(BarWidth * Math.Clamp(values[label], 0, 1));
            var name = VisibleWriter.Text(names[label]);
            name = name.Length > NameWidth ? name[..NameWidth] : name;
            output.WriteLine(
                $"  {name.PadRight(Math.Min(NameWidth, names.Max(word => word.Length)))} "
                    + $"{Figures.Metric(values[label]),8}  {new string(bar, length)}".TrimEnd());
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text;
using Sweeps.Client.Plots;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.SavedModels;

/// <summary><c>sweeps evaluate MODEL</c>: what a saved model gets right and wrong on a data set.</summary>
internal static class EvaluateCommand
{
    private const int WrongDefault = 5;

    public static Command Create()
    {
        var source = new ModelSource();
        var roc = new Option<string?>("--roc")
        {
            Description = "Draw the ROC curve of this class against all others, or of this label.",
            HelpName = "class",
        };
        var wrong = OptionValues.Whole(
            "--wrong", 0, 1_000, $"Show this many of the misclassified, the surest first. Default: {WrongDefault}.");
        var csv = new Option<string?>("--csv")
        {
            Description = "Write every sample with its true and predicted value and the model's outputs.",
            HelpName = "file",
        };
        var picture = SampleDrawing.CreateOption("the surest mistakes, as many as --wrong says,");
        var json = JsonOption.Create();
        var command = new Command(
            "evaluate",
            "Evaluate a saved model: loss, accuracy, precision, recall, F1, ROC AUC, confusion matrix, mistakes.");
        source.AddTo(command);
        foreach (var option in (Option[])[roc, wrong, csv, picture, json])
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(csv) is { } place)
                OutputPlace.CheckFile(csv, place);
            SampleDrawing.CheckFile(picture, parsed);
            var error = parsed.InvocationConfiguration.Error;
            var notes = new List<string>();
            var opened = await source.OpenAsync(parsed, cancellation);
            var shape = opened.Model.ReadNetwork();
            var (data, part, partName, _) = await source.LoadAsync(
                parsed, opened, needsTruth: true, notes.Add, cancellation);
            if (part.Count == 0)
                throw new SweepsException(ErrorKind.Data, $"{data.Name} has no {partName} samples.");
            SampleDrawing.CheckSamples(picture, parsed, opened.Model, data.InputShape);
            var label = RocClass(parsed.GetValue(roc), opened.Model);
            foreach (var note in notes)
                await error.WriteLineAsync($"note: {note}");
            var evaluation = new Evaluation(
                opened.Model, shape, data, partName, part,
                await Task.Run(() => LoadedNetwork.AskAll(opened.Model, part, cancellation), cancellation));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                Screen.WriteJson(output, evaluation.Json(notes, label, parsed.GetValue(wrong) ?? WrongDefault));
            else
                new EvaluationPage(evaluation, output).Write(label, parsed.GetValue(wrong) ?? WrongDefault);
            if (parsed.GetValue(csv) is { } path)
            {
                var written = new WrittenFile(path, File.Exists(path));
                await File.WriteAllTextAsync(path, evaluation.Csv(), cancellation);
                await (parsed.GetValue(json) ? error : output).WriteLineAsync(written.ToString());
            }

            if (parsed.GetValue(picture) is { } drawing)
                await (parsed.GetValue(json) ? error : output).WriteLineAsync(await DrawAsync(
                    drawing, evaluation, parsed.GetValue(wrong) ?? WrongDefault,
                    note => error.WriteLine($"note: {note}")));
            return 0;
        });
        return command;
    }

    private static async Task<string> DrawAsync(
        string file, Evaluation evaluation, int wrong, Action<string> note)
    {
        int[] mistakes = [.. evaluation.Report!.Wrong()];
        var shown = Math.Min(wrong, mistakes.Length);
        var model = evaluation.Model;
        var samples = mistakes.Take(shown).Select(sample =>
        {
            var named = evaluation.Answers.ClassOf(sample);
            return new DrawnSample(
                evaluation.Part.BytesOf(sample).ToArray(), $"{sample}", model.Classes[named],
                evaluation.Answers.Of(sample)[named], model.Classes[evaluation.Part.Labels[sample]]);
        });
        if (shown == 0)
            return $"{file} is not written: there are no mistakes to draw{(wrong == 0 ? " with --wrong 0" : "")}";
        var title = $"The surest {Figures.Count(Math.Min(shown, SampleDrawing.SamplesMax))} of "
            + $"{Figures.Count(mistakes.Length, "mistake")} in {Figures.Count(evaluation.Part.Count)} "
            + $"{evaluation.PartName} samples of {evaluation.Data.Name}";
        return (await SampleDrawing.WriteAsync(file, title, [.. samples], evaluation.Data.InputShape, note)).ToString();
    }

    private static int? RocClass(string? name, SavedModel model)
    {
        if (name is null)
            return null;
        var (what, names) = model.Labels.Count > 0 ? ("label", model.Labels) : ("class", model.Classes);
        var label = names.ToList().IndexOf(name);
        if (label >= 0)
            return label;
        var those = names.Count > 0
            ? $"the model's are {string.Join(", ", names)}"
            : "the model predicts a number and has no classes";
        throw new SweepsException(
            ErrorKind.Usage,
            $"--roc: there is no {what} '{name}'{NearestName.Suggest(name, [.. names])} {those}.");
    }
}

/// <summary>A model on the samples of one part of a data set.</summary>
internal sealed record Evaluation(
    SavedModel Model,
    Core.Networks.NetworkShape Shape,
    DataSet Data,
    string PartName,
    DataPart Part,
    ModelAnswers Answers)
{
    /// <summary>Per class; null without classes.</summary>
    public ClassReport? Report { get; } =
        Part.Task == TaskKind.Classification ? new(Part.Labels, Answers) : null;

    /// <summary>Per label; null where there are not several.</summary>
    public LabelReport? Labels { get; } =
        Part.Task == TaskKind.MultiLabel ? new(Part.Targets, Answers) : null;

    /// <summary>Of regression, a score a target; null for classes and labels.</summary>
    public TargetScore[]? Scores { get; } = Part.Task == TaskKind.Regression
        ? TargetScore.Of(Part.Targets.ToArray(), Answers.Values, Answers.Columns) : null;

    /// <summary>One object, the numbers as they are.</summary>
    public object Json(IReadOnlyList<string> notes, int? roc, int wrong) => new
    {
        model = Model.Metadata,
        data = Data.Name,
        part = PartName,
        samples = Part.Count,
        loss = Answers.Loss,
        accuracy = Scores is null ? Answers.Metric : (double?)null,
        exact_match = Labels?.ExactMatch,
        mean_absolute_error = Scores is null ? (double?)null : Answers.Metric,
        root_mean_squared_error = Scores is { Length: 1 } ? RootMeanSquaredError() : (double?)null,
        mean_squared_error = Scores is { Length: > 1 } ? TargetScore.Mean(Scores).SquaredError : (double?)null,
        r2 = Scores is null ? (double?)null : TargetScore.Mean(Scores).R2,
        targets = Scores is { Length: > 1 }
            ? Scores.Select((score, target) => TargetDocument.Of(Model.Targets[target], score)) : null,
        macro_f1 = Report?.Macro(score => score.F1) ?? Macro(score => score.F1),
        macro_precision = Macro(score => score.Precision),
        macro_recall = Macro(score => score.Recall),
        macro_roc_auc = Report?.Macro(score => score.RocAuc) ?? Macro(score => score.RocAuc),
        labels = Labels?.Scores.Select((score, label) => LabelDocument.Of(Model.Labels[label], score)),
        classes = Report?.Classes.Select((score, label) => new
        {
            name = Model.Classes[label],
            score.Samples,
            score.Precision,
            score.Recall,
            f1 = score.F1,
            roc_auc = score.RocAuc,
        }),
        confusion = Report?.Confusion.Chunk(Answers.Columns),
        roc = roc is { } label ? RocCurve(label).Select(point => new[]
        {
            point.FalsePositives, point.TruePositives,
        }) : null,
        wrong = Report?.Wrong().Take(wrong).Select(sample => new
        {
            sample,
            truth = Model.Classes[Part.Labels[sample]],
            predicted = Model.Classes[Answers.ClassOf(sample)],
            probability = (double)Answers.Of(sample)[Answers.ClassOf(sample)],
        }),
        notes,
    };

    /// <summary>The ROC curve of a class or label.</summary>
    public IReadOnlyList<(double FalsePositives, double TruePositives)> RocCurve(int label) =>
        Labels?.RocCurve(label) ?? Report!.RocCurve(label);

    private double? Macro(Func<LabelScore, double> number) =>
        Labels is null ? null : LabelScore.Macro(Labels.Scores, number);

    /// <summary>A row a sample, RFC 4180.</summary>
    public string Csv()
    {
        if (Answers.Columns > 1 && Report is null)
            return OutputsCsv.Of(
                Model, [.. Enumerable.Range(0, Part.Count).Select(sample => $"{sample}")], Answers,
                sample => Part.Targets.Slice(sample * Answers.Columns, Answers.Columns).ToArray());
        var text = new StringBuilder("sample,true,predicted");
        foreach (var name in Model.Classes)
            text.Append(',').Append(CsvField.Of(name));
        text.Append('\n');
        for (var sample = 0; sample < Part.Count; sample++)
        {
            var answers = Answers.Of(sample);
            text.Append(sample).Append(',');
            if (Report is null)
                text.Append(CultureInfo.InvariantCulture, $"{Part.Targets[sample]:R},{answers[0]:R}");
            else
                text.Append(CsvField.Of(Model.Classes[Part.Labels[sample]])).Append(',')
                    .Append(CsvField.Of(Model.Classes[Answers.ClassOf(sample)]));
            for (var label = 0; Report is not null && label < answers.Length; label++)
                text.Append(CultureInfo.InvariantCulture, $",{answers[label]:R}");
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Regression of one target: the root of the mean squared difference between prediction and target.
    /// </summary>
    public double RootMeanSquaredError() => Math.Sqrt(Scores![0].SquaredError);
}

/// <summary>What is predicted of several targets or labels, a row a sample, RFC 4180.</summary>
internal static class OutputsCsv
{
    /// <summary>Writes it: true and predicted value of each target; of each label whether it is there, whether the
    /// model says so, and its probability.</summary>
    /// <param name="model">Whose answers they are.</param>
    /// <param name="keys">What each sample is known by.</param>
    /// <param name="answers">The predictions.</param>
    /// <param name="truth">The true values of a sample; null: they are not known.</param>
    public static string Of(
        SavedModel model, IReadOnlyList<string> keys, ModelAnswers answers, Func<int, float[]?> truth)
    {
        var isLabels = model.Labels.Count > 0;
        var targets = isLabels ? model.Labels : model.Targets;
        var text = new StringBuilder("sample");
        foreach (var name in targets)
        {
            text.Append(',').Append(CsvField.Of($"true {name}")).Append(',').Append(CsvField.Of($"predicted {name}"));
            if (isLabels)
                text.Append(',').Append(CsvField.Of($"probability of {name}"));
        }

        text.Append('\n');
        for (var sample = 0; sample < keys.Count; sample++)
        {
            text.Append(CsvField.Of(keys[sample]));
            var known = truth(sample);
            var values = answers.Of(sample);
            for (var target = 0; target < targets.Count; target++)
            {
                text.Append(CultureInfo.InvariantCulture, $",{known?[target]:R}");
                if (isLabels)
                    text.Append(LabelReport.IsThere(values[target]) ? ",1" : ",0");
                text.Append(CultureInfo.InvariantCulture, $",{values[target]:R}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}

using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Training.Data;

namespace Sweeps.Client.Data;

/// <summary><c>sweeps data show NAME</c>: sizes, classes, balance and a few samples.</summary>
internal static class DataShowCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name")
        {
            Description = "A data set's name, or a path to a CSV file or to a folder of pictures.",
        };
        var json = JsonOption.Create();
        var options = new DataOptions();
        var command = new Command("show", "Show a data set: sizes, classes, class balance and sample images.")
        {
            name, json,
        };
        options.AddTo(command);
        var changed = new ChangedSamples();
        changed.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            // The numbers of a table are shown as the file has them.
            var request = options.Request(parsed, parsed.GetRequiredValue(name)) with { Standardize = false };
            var data = options.Sets(parsed).Load(request);
            foreach (var note in data.Notes)
                parsed.InvocationConfiguration.Error.WriteLine($"note: {note}");
            var changes = changed.Read(parsed, data);
            if (parsed.GetValue(json))
                Screen.WriteJson(output, Json(data));
            else
                new DataPage(data, output, Screen.On(output)).Write();
            if (changes is not null && !parsed.GetValue(json))
                ChangedSamples.Write(data, changes, output, Screen.On(output));
        });
        return command;
    }

    private static object Json(DataSet data) => new
    {
        name = data.Name,
        source = data.Source,
        task = ConfigurationText.Word(data.Task),
        input_shape = data.InputShape,
        features = data.FeatureNames,
        columns = data.Table?.Columns.Select(column => new
        {
            name = column.Name,
            role = column.Role.ToString().ToLowerInvariant(),
            levels = column.Levels,
            fill = (object?)column.FillText ?? column.Fill,
        }),
        classes = data.Classes,
        class_names = data.ClassNames,
        labels = data.LabelNames.Count > 0 ? data.LabelNames : null,
        targets = data.TargetNames.Count > 0 ? data.TargetNames : null,
        train = Json(data.Train, data.Classes),
        test = Json(data.Test, data.Classes),
        digest = data.Digest,
        published = data.IsPublished,
        notes = data.Notes,
    };

    private static object Json(DataPart part, int classes)
    {
        var statistics = DataStatistics.Of(part, classes);
        return new
        {
            samples = part.Count,
            class_counts = statistics.ClassCounts,
            mean = statistics.Mean,
            deviation = statistics.Deviation,
        };
    }
}

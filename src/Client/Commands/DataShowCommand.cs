using System.CommandLine;
using System.Text.Json;
using Sweeps.Training.Data;

namespace Sweeps.Client.Commands;

/// <summary><c>sweeps data show NAME</c>: sizes, classes, balance and a few samples.</summary>
internal static class DataShowCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "A data set's name, or a path to a CSV file." };
        var json = new Option<bool>("--json") { Description = "One JSON object on stdout, and nothing else there." };
        var options = new DataOptions();
        var command = new Command("show", "Show a data set: sizes, classes, balance and a few samples.") { name, json };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            // The numbers of a table are shown as the file has them.
            var request = options.Request(parsed, parsed.GetRequiredValue(name)) with { Standardize = false };
            var data = new DataSets(options.Folders(parsed)).Load(request);
            if (parsed.GetValue(json))
                output.WriteLine(Json(data));
            else
                new DataPage(data, output, DataTerminal.ColorsOf(output)).Write();
        });
        return command;
    }

    private static string Json(DataSet data)
    {
        var train = DataStatistics.Of(data.Train, data.Classes);
        var test = DataStatistics.Of(data.Test, data.Classes);
        return JsonSerializer.Serialize(new
        {
            name = data.Name,
            source = data.Source,
#pragma warning disable CA1308 // lower case is the JSON's form of the task's name, not a normalisation
            task = data.Task.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
            input_shape = data.InputShape,
            features = data.FeatureNames,
            classes = data.Classes,
            class_names = data.ClassNames,
            train = new { samples = data.Train.Count, class_counts = train.ClassCounts, mean = train.Mean, deviation = train.Deviation },
            test = new { samples = data.Test.Count, class_counts = test.ClassCounts, mean = test.Mean, deviation = test.Deviation },
            digest = data.Digest,
        });
    }
}

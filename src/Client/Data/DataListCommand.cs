using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.Client.Data;

/// <summary><c>sweeps data</c>: get, show and list data sets.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Get, show and list data sets.")
    {
        DataGetCommand.Create(),
        DataShowCommand.Create(),
        DataListCommand.Create(),
    };
}

/// <summary><c>sweeps data list</c>: which data sets are here, and where.</summary>
internal static class DataListCommand
{
    public static Command Create()
    {
        var options = new DataOptions();
        var json = new Option<bool>("--json") { Description = "One JSON object on stdout." };
        var command = new Command("list", "List the data sets that have names, and where they are.")
        {
            options.DataDir,
            json,
        };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var folders = options.Folders(parsed);
            if (parsed.GetValue(json))
                Screen.WriteJson(output, Json(folders));
            else
                Write(folders, output);
        });
        return command;
    }

    private static void Write(DataFolders folders, TextWriter output)
    {
        foreach (var known in KnownDataSets.All)
        {
            var samples = string.Create(
                CultureInfo.InvariantCulture, $"{known.TrainingSamples:N0} + {known.TestSamples:N0}");
            output.WriteLine($"{known.Name,-14} {samples,15}  {known.Input,-9}  {Where(known.Name, folders)}");
        }

        output.WriteLine();
        output.WriteLine("Looked in:");
        foreach (var folder in folders.All)
        {
            var state = Directory.Exists(folder.Path) ? "" : ", does not exist";
            output.WriteLine($"  {folder.Path}  ({folder.Origin}{state})");
        }
    }

    private static string Where(string name, DataFolders folders) => PublicDataSets.Find(name) is { } set
        ? set.Find(folders) ?? $"not here: sweeps data get {name}"
        : "drawn by the program";

    private static object Json(DataFolders folders) => new
    {
        data_sets = KnownDataSets.All.Select(known => new
        {
            name = known.Name,
            training_samples = known.TrainingSamples,
            test_samples = known.TestSamples,
            available = PublicDataSets.Find(known.Name) is not { } set || set.Find(folders) is not null,
            folder = PublicDataSets.Find(known.Name)?.Find(folders),
        }),
        folders = folders.All.Select(folder => new { path = folder.Path, origin = folder.Origin }),
    };
}

using System.CommandLine;
using Sweeps.Core;
using Sweeps.Core.Data;
using Sweeps.Core.Specs;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.Client.Data;

/// <summary><c>sweeps data get NAME...</c>: downloads public data sets.</summary>
internal static class DataGetCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name")
        {
            Description = $"One or more of {string.Join(", ", PublicDataSets.All.Select(set => set.Name))}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var options = new DataOptions();
        var command = new Command("get", "Download data sets from their public homes; continues what was cut short.")
        {
            names,
            options.DataDir,
        };
        command.SetAction((parsed, cancellation) => GetAsync(
            parsed.GetRequiredValue(names),
            options.Folders(parsed),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    private static async Task<int> GetAsync(
        string[] names, DataFolders folders, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var sets = names.Select(Find).ToList();
        using var http = Downloader.CreateClient();
        foreach (var set in sets)
        {
            if (set is null)
            {
                await output.WriteLineAsync("digits: drawn by the program, there is nothing to get.");
                continue;
            }

            var downloader = new Downloader(http, new DataProgress(error, redrawn: !Console.IsErrorRedirected));
            var folder = await downloader.GetAsync(set, folders, cancellation);
            await output.WriteLineAsync($"{set.Name}: {folder}");
        }

        return 0;
    }

    private static PublicDataSet? Find(string name)
    {
        var known = KnownDataSets.Find(name)
            ?? throw new SweepsException(
                ErrorKind.Usage,
                $"There is no public data set '{name}'{NearestName.Suggest(name, KnownDataSets.Names)}");
        return PublicDataSets.Find(known.Name);
    }
}

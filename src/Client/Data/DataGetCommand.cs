using System.CommandLine;
using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Trainings;
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

/// <summary>Shows a download: a line that is redrawn on a terminal, a line a file elsewhere.</summary>
internal sealed class DataProgress(TextWriter output, bool redrawn) : IProgress<DownloadProgress>
{
    private const int BarWidth = 30;
    private (string File, long Tenths) _shown;

    public void Report(DownloadProgress value)
    {
        var done = value.Bytes >= value.Total;
        var tenths = value.Total == 0 ? 1000 : value.Bytes * 1000 / value.Total;
        if (_shown == (value.File, tenths) || (!redrawn && !done))
            return;
        _shown = (value.File, tenths);
        var amount = string.Create(
            CultureInfo.InvariantCulture,
            $"{tenths / 10.0,5:0.0} %  {value.Bytes / 1e6:0.0} of {value.Total / 1e6:0.0} MB");
        var text = $"{value.File,-28} {Bar(tenths)} {amount}  {value.Mirror}";
        output.Write(redrawn ? $"\r{text}\u001b[K{(done ? "\n" : "")}" : text + "\n");
        output.Flush();
    }

    private static string Bar(long tenths)
    {
        var full = (int)(tenths * BarWidth / 1000);
        return "[" + new string('#', full) + new string('.', BarWidth - full) + "]";
    }
}

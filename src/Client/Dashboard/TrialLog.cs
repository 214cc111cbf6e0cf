using System.Text;
using System.Text.Json;
using Sweeps.Core.Log;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// What silos of this machine logged about a trial: lines of the files beside the store. The store itself has no log
/// lines: what decides anything is an event, and silos of other machines write their own files.
/// </summary>
/// <param name="folder">Where the files are; it need not be there.</param>
internal sealed class TrialLog(string folder)
{
    /// <summary>Lines kept, the newest ones.</summary>
    public const int LinesMost = 200;

    /// <summary>Bytes read, from the ends of the newest files.</summary>
    public const int BytesMost = 16 << 20;

    private const int LineMost = 600;

    /// <summary>Where the files are.</summary>
    public string Folder => folder;

    /// <summary>
    /// The lines about a trial, oldest first, or that the files cannot be read; empty: there are none among what is
    /// read.
    /// </summary>
    public IReadOnlyList<string> Read(string sweep, TrialId trial)
    {
        try
        {
            var left = (long)BytesMost;
            var found = new List<string>();
            var files = Directory.Exists(folder)
                ? new DirectoryInfo(folder).GetFiles("*.log").OrderByDescending(file => file.LastWriteTimeUtc)
                    .ThenByDescending(file => file.Name, StringComparer.Ordinal)
                : Enumerable.Empty<FileInfo>();
            foreach (var file in files)
            {
                if (left <= 0 || found.Count >= LinesMost)
                    break;
                var length = Math.Min(left, file.Length);
                found.InsertRange(0, Of(Tail(file.FullName, length), sweep, trial));
                left -= length;
            }

            return found.Count > LinesMost ? found[^LinesMost..] : found;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [$"The log files cannot be read: {error.Message}"];
        }
    }

    /// <summary>The lines about a trial among those of a file; what stands under one (a stack) goes with it.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> lines, string sweep, TrialId trial)
    {
        var (scope, name) = ($" {sweep} {trial} #", $"{sweep} {trial}#");
        var isWanted = false;
        foreach (var line in lines)
        {
            var text = line;
            if (line.StartsWith('{'))
            {
                text = OfJson(line, sweep, trial.ToString());
                isWanted = text is not null || line.Contains(name, StringComparison.Ordinal);
            }
            else if (line.Length > 4 && char.IsAsciiDigit(line[0]) && line[4] == '-')
                isWanted = line.Contains(scope, StringComparison.Ordinal)
                    || line.Contains($" {name}", StringComparison.Ordinal);
            if (isWanted)
                yield return Show(text ?? line);
        }
    }

    private static string Show(string line) => line.Length > LineMost ? $"{line[..LineMost]}..." : line;

    private static string? OfJson(string line, string sweep, string trial)
    {
        // Most lines are of others: only what may be meant is read.
        if (!line.Contains($"\"{trial}\"", StringComparison.Ordinal))
            return null;
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            string? Text(string key) => root.TryGetProperty(key, out var value) ? value.GetString() : null;
            return Text("sweep") == sweep && Text("trial") == trial
                ? $"{Text("time")} {Text("level")} [{Text("silo")} #{Text("attempt")}] {Text("message")} "
                    + Text("error")
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The first line may be cut, and is left out then.
    private static IEnumerable<string> Tail(string file, long length)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(Math.Max(0, stream.Length - length), SeekOrigin.Begin);
        var isCut = stream.Position > 0;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (!isCut)
                yield return line;
            isCut = false;
        }
    }
}

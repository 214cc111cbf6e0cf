using System.Net;
using System.Reflection;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;

namespace Sweeps.Client.Report;

/// <summary>
/// The report of a sweep as one HTML file that needs nothing else: style, scripts and plotly.js (MIT licence) are in
/// it, and the numbers as one JSON object, which the script lays out.
/// </summary>
internal static class ReportPage
{
    /// <summary>The file among a sweep's results.</summary>
    public const string FileName = "report.html";

    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);

    /// <summary>The page's text.</summary>
    public static string Html(SweepReport report)
    {
        var parts = new Dictionary<string, string>
        {
            ["title"] = WebUtility.HtmlEncode(report.Title),
            ["style"] = Resource("page.css"),
            ["plotly"] = Resource("plotly.js"),
            // No name or reason in it may end its element.
            ["data"] = Screen.Json(report).Replace("<", "\\u003c", StringComparison.Ordinal),
            ["script"] = Resource("page.js"),
        };
        var page = Resource("page.html").Split("{{");
        return page[0] + string.Concat(page.Skip(1).Select(piece =>
        {
            var end = piece.IndexOf("}}", StringComparison.Ordinal);
            return parts[piece[..end]] + piece[(end + 2)..];
        }));
    }

    /// <summary>
    /// Writes the page at the end of a run: the test set is looked at only where that takes no more than a moment.
    /// </summary>
    /// <param name="standings">The sweep.</param>
    /// <param name="history">Its attempts.</param>
    /// <param name="store">Where it is.</param>
    /// <param name="folder">Its results.</param>
    /// <param name="sets">The data; null: they are not here, and the page does without the test set.</param>
    public static async Task<WrittenFile> WriteAsync(
        Standings standings, TrialHistory history, ISweepStore store, string folder, DataSets? sets)
    {
        var report = await SweepReport.OfAsync(
            standings, history, store, folder, (plan, _) => Task.FromResult(Load(sets, plan)), s_moment);
        return await WriteAsync(Path.Combine(folder, FileName), report);
    }

    /// <summary>Writes the page into a file, whose folder is made if need be.</summary>
    /// <exception cref="SweepsException">It cannot be written.</exception>
    public static async Task<WrittenFile> WriteAsync(string file, SweepReport report)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            Directory.CreateDirectory(folder);
            return await ResultFiles.WriteAsync(
                folder, Path.GetFileName(file), System.Text.Encoding.UTF8.GetBytes(Html(report)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The report cannot be written to '{file}': {error.Message} Name another file with "
                    + "'sweeps report ID --output FILE'.",
                error);
        }
    }

    private static DataSet Load(DataSets? sets, SweepPlan plan) => sets?.Load(plan) ?? throw new SweepsException(
        ErrorKind.Data, $"this command reads no data; 'sweeps report {plan.Id}' does, where they are.");

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Report.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

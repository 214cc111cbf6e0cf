using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Data;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;

namespace Sweeps.Client.Plots;

/// <summary><c>sweeps plot ID KIND</c>: a picture of a sweep as a file, for slides and papers.</summary>
internal static class PlotCommand
{
    private const int SideMin = 100;
    private const int SideMax = 10_000;
    private const string All = "all";

    private sealed record Options(
        Argument<string> Id, Argument<string?> Kind, Option<string?> Output, Option<string?> Size, Option<int?> Dpi,
        Option<int?> Configuration, StoreOption Store, DataOptions Data, Option<bool> Json);

    public static Command Create()
    {
        var options = new Options(
            SweepArgument.Create(),
            new("kind")
            {
                Description = "Which picture; 'all': each of them. Without it, the pictures that there are.",
                Arity = ArgumentArity.ZeroOrOne,
            },
            new("--output")
            {
                Description = "The file, which ends in .png, .svg or .pdf; with 'all' a folder. Default: KIND.png, or "
                    + "the folder plots, among the sweep's results.",
                HelpName = "file",
            },
            new("--size")
            {
                Description = "Width and height in points of 1/96 inch, as in 720x480. Default: what it needs.",
                HelpName = "WxH",
            },
            OptionValues.Whole(
                "--dpi", 36, 1200, $"Pixels an inch of a PNG. Default: {PictureSize.DefaultDpi}."),
            OptionValues.Whole(
                "--configuration", 0, int.MaxValue, "Whose learning curves 'curves' shows. Default: the best one's."),
            new(), new(), JsonOption.Create());
        var command = new Command("plot", "Write a sweep's charts as pictures (PNG, SVG, PDF) for slides and papers.")
        {
            options.Id, options.Kind, options.Output, options.Size, options.Dpi, options.Configuration,
            options.Store.Option, options.Data.DataDir, options.Json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, options, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Options options, CancellationToken cancellation)
    {
        var (kind, place) = (parsed.GetValue(options.Kind), parsed.GetValue(options.Output));
        if (kind is null && place is not null)
            throw new SweepsException(
                ErrorKind.Usage, "--output: name a picture too, or 'all'; without one they are only listed.");
        if (place is not null && kind == All)
        {
            // A folder of such a name would be a surprise.
            if (PictureSize.HasEnding(place) && !Directory.Exists(place))
                throw OptionValues.Bad(
                    options.Output, place, "a folder with 'all', which writes a file for each picture");
            OutputPlace.CheckFolder(options.Output, place);
        }
        else if (place is not null)
        {
            PictureSize.CheckEnding(options.Output, place);
            OutputPlace.CheckFile(options.Output, place);
        }

        var size = SizeOf(parsed, options);
        await using var store = await options.Store.LookAsync(parsed);
        var id = parsed.GetRequiredValue(options.Id);
        var folder = ResultFiles.FolderOf(store.Address, id);
        var pictures = await PicturesAsync(parsed, options, store, folder, needsTestSet: kind == All, cancellation);
        if (kind is null)
        {
            List(parsed, options, pictures);
            return 0;
        }

        var chosen = kind == All ? pictures : [Find(pictures, kind, id)];
        // The test set is read only for a picture that shows it.
        if (kind != All && chosen[0].NeedsTestSet)
            chosen = [Find(
                await PicturesAsync(parsed, options, store, folder, needsTestSet: true, cancellation), kind, id)];
        var files = new List<WrittenFile>();
        if (kind == All && place is null)
            Directory.CreateDirectory(Path.Combine(folder, "plots"));
        else
            Directory.CreateDirectory(kind == All ? place! : folder);
        foreach (var picture in chosen)
        {
            var file = kind == All
                ? Path.Combine(place ?? Path.Combine(folder, "plots"), $"{FileName(picture.Name)}.png")
                : place ?? Path.Combine(folder, $"{FileName(picture.Name)}.png");
            files.Add(await WriteAsync(
                file, picture.Panels(), size, note => parsed.InvocationConfiguration.Error.WriteLine(
                    $"note: {picture.Name}: {note}")));
        }

        Say(parsed, options, files);
        return 0;
    }

    /// <summary>Draws charts side by side into a file.</summary>
    /// <param name="file">By its ending PNG, SVG or PDF.</param>
    /// <param name="panels">At least one.</param>
    /// <param name="size">As the user wants it.</param>
    /// <param name="note">Takes what the picture lacks.</param>
    public static Task<WrittenFile> WriteAsync(
        string file, IReadOnlyList<Chart> panels, PictureSize size, Action<string> note)
    {
        var width = size.Width ?? (panels.Count > 1 ? 560 * panels.Count : panels[0].Width);
        var height = size.Height ?? panels.Max(panel => panel.Height);
        foreach (var left in panels.Select(panel => panel.Note).OfType<string>().Distinct())
            note(left);
        return ChartFile.WriteAsync(file, width, height, size.Dpi, canvas =>
        {
            var font = PictureFonts.Known.For(panels.SelectMany(panel => panel.Words), out var missing);
            if (missing.Length > 0)
                note($"no font here has the letters '{missing}', which are drawn as boxes; install one that has them");
            ChartDrawing.Draw(canvas, panels, width, height, font);
        });
    }

    private static async Task<IReadOnlyList<SweepPicture>> PicturesAsync(
        ParseResult parsed, Options options, ISweepStore store, string folder, bool needsTestSet,
        CancellationToken cancellation)
    {
        var sets = new DataSets(options.Data.Folders(parsed));
        var id = parsed.GetRequiredValue(options.Id);
        var configuration = parsed.GetValue(options.Configuration);
        var report = await SweepReport.ReadAsync(
            store, id, folder,
            needsTestSet ? (plan, token) => ReportCommand.LoadAsync(store, sets, plan, token) : NotReadAsync,
            curvesOf: configuration, cancellation: cancellation);
        if (configuration is { } index && report.Curves.All(curves => curves.Configuration != index))
            throw new SweepsException(
                ErrorKind.Usage,
                $"--configuration: there are no epochs of configuration {index}; 'sweeps show {id}' lists "
                    + "the configurations.");
        foreach (var note in needsTestSet ? report.Notes : [])
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {note}");
        var pictures = SweepCharts.Of(report, configuration);
        if (report.Costs.WhyNone is { } why && parsed.GetValue(options.Kind)?.Equals(
            SweepCharts.Time, StringComparison.OrdinalIgnoreCase) == true)
            throw new SweepsException(
                ErrorKind.Usage,
                $"There is no picture of '{report.Title}' by training time: {why}. "
                    + $"'sweeps plot {id} weights' draws it by size; times to compare come with "
                    + "sample_order: own, in a sweep of its own.");
        return needsTestSet
            ? [.. pictures.Where(picture => !picture.NeedsTestSet || report.Model is { HasTestSet: true })]
            : pictures;
    }

    private static Task<DataSet> NotReadAsync(SweepPlan plan, CancellationToken cancellation) =>
        throw new SweepsException(ErrorKind.Data, "the test set is not read for this picture.");

    private static SweepPicture Find(IReadOnlyList<SweepPicture> pictures, string kind, string id) =>
        pictures.FirstOrDefault(picture => picture.Name.Equals(kind, StringComparison.OrdinalIgnoreCase))
        ?? throw new SweepsException(
            ErrorKind.Usage,
            $"Sweep '{id}' has no picture '{Quote.Short(kind)}'"
                + $"{NearestName.Suggest(kind, [.. pictures.Select(picture => picture.Name), All])}"
                + $" ('sweeps plot {id}' lists them).");

    private static PictureSize SizeOf(ParseResult parsed, Options options)
    {
        var dpi = parsed.GetValue(options.Dpi) ?? PictureSize.DefaultDpi;
        if (parsed.GetValue(options.Size) is not { } text)
            return new(Dpi: dpi);
        var sides = text.Split('x', 'X');
        return sides is [var width, var height] && Side(width) is { } across && Side(height) is { } up
            ? new(across, up, dpi)
            : throw OptionValues.Bad(
                options.Size, text, $"a width and a height from {SideMin} to {SideMax}, such as 720x480");
    }

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
            && side is >= SideMin and <= SideMax ? side : null;

    // A size of a network may have any letters.
    private static string FileName(string name) =>
        string.Concat(name.Select(letter => Path.GetInvalidFileNameChars().Contains(letter) ? '-' : letter));

    private static void List(ParseResult parsed, Options options, IReadOnlyList<SweepPicture> pictures)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(options.Json))
        {
            Screen.WriteJson(output, new
            {
                pictures = pictures.Select(picture => new { picture.Name, picture.About }),
            });
            return;
        }

        if (pictures.Count == 0)
            output.WriteLine("This sweep has no results yet, and so no pictures.");
        var table = Screen.Table(("picture", false), ("what it shows", false));
        foreach (var picture in pictures)
            table.AddRow(Spectre.Console.Markup.Escape(picture.Name), Spectre.Console.Markup.Escape(picture.About));
        Screen.On(output).Write(table);
    }

    private static void Say(ParseResult parsed, Options options, List<WrittenFile> files)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(options.Json))
            Screen.WriteJson(output, new { files = files.Select(file => new { file.Path, file.Replaced }) });
        else
            files.ForEach(file => output.WriteLine(file.ToString()));
    }
}

using System.CommandLine;
using System.Runtime.InteropServices;
using Sweeps.Client.Plots;
using Sweeps.Client.SavedModels;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;
using Sweeps.Training.Runs;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Networks;

/// <summary><c>sweeps train</c>: trains one network and evaluates it on the test set.</summary>
internal static class TrainCommand
{
    private const string HistoryPicture = "history.png";

    public static Command Create()
    {
        var options = new TrainOptions();
        var save = new Option<string?>("--save")
        {
            Description = $"Folder to write {ModelFiles.WeightsFile}, {ModelFiles.DescriptionFile} and "
                + $"{HistoryPicture} to.",
            HelpName = "folder",
        };
        var json = JsonOption.Create();
        var command = new Command(
            "train", "Train one network and evaluate it on the test set. Ctrl-C stops and reports what was reached.");
        options.AddTo(command);
        command.Options.Add(save);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(save) is { } place)
                OutputPlace.CheckFolder(save, place);
            var notes = new List<string>();
            var request = options.Read(parsed, notes);
            var threads = options.Threads(parsed);
            var output = parsed.InvocationConfiguration.Output;
            var error = parsed.InvocationConfiguration.Error;
            var sets = options.Data.Sets(parsed);
            var data = sets.Load(request);
            notes.AddRange(data.Notes);
            if (options.Weights(parsed) is { } named)
                request = await WithWeightsAsync(request, named, data, options, parsed, sets, notes);
            var outline = Outline(request, sets);
            notes.AddRange(TrainOutlinePage.Notes(request, outline, data.Train.Count));
            foreach (var note in notes)
                error.WriteLine($"note: {note}");
            var (lines, bar) = (parsed.GetValue(json) ? null : output, Console.IsErrorRedirected ? null : error);
            var display = new TrainDisplay(request, data.Task, lines, bar, TimeProvider.System)
            {
                Threads = threads,
            };
            if (lines is not null)
                lines.WriteLine(string.Join(Environment.NewLine, TrainOutlinePage.Lines(request, outline)));
            var result = Train(request, sets, display);
            if (parsed.GetValue(save) is { } folder)
            {
                var description = TrainReport.Json(request, result, data, notes, indented: true);
                var history = TrainHistory.Csv(result, data.Task);
                var written = parsed.GetValue(json) ? error : output;
                Save(folder, result.Model!, description, history, written);
                await DrawAsync(folder, request, result, data.Task, written, error);
            }

            output.WriteLine(parsed.GetValue(json)
                ? TrainReport.Json(request, result, data, notes)
                : TrainReport.Text(result, data));
            if (display.Interrupted)
                return Interrupt.ExitCode;
            return result.Outcome == TrainingOutcome.Diverged ? (int)ErrorKind.Sweep : 0;
        });
        return command;
    }

    private static TrainingOutline Outline(TrainingRequest request, DataSets sets)
    {
        try
        {
            return TrainingOutline.Of(request, sets);
        }
        catch (TrainingException error)
        {
            throw new SweepsException(KindOf(error.Kind), error.Message, error);
        }
    }

    private static async Task<TrainingRequest> WithWeightsAsync(
        TrainingRequest request, NamedWeights named, DataSet data, TrainOptions options, ParseResult parsed,
        DataSets sets, List<string> notes)
    {
        var weights = await WeightsReader.ReadAsync(
            named, Environment.CurrentDirectory, options.Store, parsed, sets.Weights);
        var configuration = request.Hyperparameters with { InitialWeights = new(named.Name, weights.Digest) };
        notes.Add(WeightsReader.Account(
            configuration, DataChecks.SizeOf(data), configuration.SizedArchitecture(), sets.Weights));
        return request with { Hyperparameters = configuration };
    }

    private static void Save(string folder, byte[] model, string description, string history, TextWriter output)
    {
        WrittenFile[] files =
        [
            .. new[] { ModelFiles.WeightsFile, ModelFiles.DescriptionFile, TrainHistory.FileName }
                .Select(name => Path.Combine(folder, name)).Select(path => new WrittenFile(path, File.Exists(path))),
        ];
        ModelFiles.Save(folder, model, description);
        ModelFiles.SaveText(folder, TrainHistory.FileName, history);
        foreach (var file in files)
            output.WriteLine(file);
    }

    // The model is saved whether its history can be drawn or not.
    private static async Task DrawAsync(
        string folder, TrainingRequest request, TrainingResult result, TaskKind task, TextWriter output,
        TextWriter error)
    {
        if (result.Epochs.Count == 0)
            return;
        var title = $"{ShortText.Of(request.Hyperparameters.Architecture)} on {ShortText.Of(request.Data)}";
        try
        {
            var file = await PlotCommand.WriteAsync(
                Path.Combine(folder, HistoryPicture), ModelCharts.HistoryOf(title, result.Epochs, task), new(),
                note => error.WriteLine($"note: {HistoryPicture}: {note}"));
            await output.WriteLineAsync(file.ToString());
        }
        catch (SweepsException problem)
        {
            await error.WriteLineAsync($"note: {HistoryPicture} is not written: {problem.Message}");
        }
    }

    private static TrainingResult Train(TrainingRequest request, DataSets sets, TrainDisplay display)
    {
        // The first signal stops the training and reports what was reached; the second ends the process.
        void Interrupt(PosixSignalContext context)
        {
            // A terminal that is closed says it twice: its shell does, and the system.
            context.Cancel = !display.Interrupted || context.Signal == PosixSignal.SIGHUP;
            display.Interrupted = true;
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
        try
        {
            return new Trainer(sets).Train(request, display, null, CancellationToken.None);
        }
        catch (TrainingException error)
        {
            throw new SweepsException(KindOf(error.Kind), error.Message, error);
        }
        finally
        {
            display.ClearBar();
        }
    }

    private static ErrorKind KindOf(TrainingFailure failure) => failure switch
    {
        TrainingFailure.Data => ErrorKind.Data,
        TrainingFailure.Network => ErrorKind.Usage,
        TrainingFailure.OutOfMemory => ErrorKind.Environment,
        _ => ErrorKind.Unexpected,
    };
}

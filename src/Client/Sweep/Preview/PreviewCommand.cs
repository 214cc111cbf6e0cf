using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Store.Contract;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Preview;

/// <summary><c>sweeps preview FILE</c>: size and predicted cost of a sweep before it is run.</summary>
internal static class PreviewCommand
{
    private const int BatchSizes = 4;
    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The sweep file, YAML or JSON." };
        var options = new RunOptions();
        var command = new Command(
            "preview", "Count a sweep's trials and weights, and predict its time, memory and disk.")
        {
            file, options.Store.Option, options.Slots, options.Seed, options.Set, options.NoReuse, options.DataDir,
            options.Json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var sets = DataOptions.Sets(parsed, DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
            var read = await SweepSubmission.ReadAsync(parsed, parsed.GetRequiredValue(file), options, sets);
            var plan = read.Plan(SweepId.Of(read.NameOf(null)).Text, sets);
            var slots = options.SlotsOf(parsed, read.Specification);
            var forecast = new SweepForecast(read.Specification, plan, sets);
            await TellKnownAsync(parsed, options, plan, forecast.Preview, sets, cancellation);
            var page = new PreviewPage(read.Specification, plan, forecast);
            page.Predict(Measure(forecast, slots), slots);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(options.Json))
                Screen.WriteJson(output, page.Json(read.Notes));
            else
                page.Write(Screen.On(output));
            return 0;
        });
        return command;
    }

    /// <summary>Tells the preview what the store has; nothing where there is none yet.</summary>
    private static async Task TellKnownAsync(
        ParseResult parsed,
        RunOptions options,
        SweepPlan plan,
        SweepPreview preview,
        DataSets sets,
        CancellationToken cancellation)
    {
        if (!plan.Reuse)
            return;
        try
        {
            await using var store = await options.Store.LookAsync(parsed);
            var fingerprint = Numerics.Measure(new Trainer(sets)).Of(plan.Numerics);
            await KnownInStore.TellAsync(store, plan, preview, fingerprint, cancellation);
        }
        catch (StoreException error)
        {
            if (error.Reason is not (StoreReason.Missing or StoreReason.OtherVersion))
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"note: what the store has is not counted, since it cannot be asked: {error.Message}");
        }
    }

    private static StepTimes Measure(SweepForecast forecast, int slots)
    {
        try
        {
            return forecast.Measure(slots, s_each, BatchSizes, s_limit);
        }
        catch (TrainingException error)
        {
            var kind = error.Kind == TrainingFailure.Data ? ErrorKind.Data : ErrorKind.Usage;
            throw new SweepsException(kind, error.Message, error);
        }
    }
}

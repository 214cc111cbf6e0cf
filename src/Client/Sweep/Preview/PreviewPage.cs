using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>What <c>sweeps preview</c> prints.</summary>
internal sealed class PreviewPage(SweepSpecification specification, SweepPlan plan, SweepForecast forecast)
{
    private SweepPrediction _prediction = null!;

    private SweepPreview Preview => forecast.Preview;

    /// <summary>Predicts from measured steps.</summary>
    public void Predict(StepTimes times, int slots) => _prediction = Preview.Predict(times, slots);

    public void Write(IAnsiConsole console)
    {
        var each = specification.Folds > 0 ? $"{specification.Folds} folds" : "one hold-out split";
        console.MarkupLine($"[bold]{Markup.Escape(plan.Name ?? plan.Id)}[/]");
        console.WriteLine(
            $"trials         {Figures.Count(Preview.Configurations, "configuration")} on {each}: "
            + $"{Figures.Count(Preview.Trials)} trials, {EpochsText()}"
            + (specification.Refit ? ", then a refit of the best" : string.Empty));
        console.WriteLine($"search         {SweepVocabulary.SearchOf(specification)}");
        console.WriteLine(
            $"data           {plan.Data}: each trial trains on {Figures.Count(Preview.LearnedSamples)} samples "
            + $"and is validated on {Figures.Count(Preview.ValidatedSamples)}");
        var table = Screen.Table(
            ("architecture", false), ("weights", true), ("configurations", true), ("batch", true), ("ms/step", true),
            ("images/s per slot", true));
        foreach (var architecture in Preview.Architectures)
            AddRows(table, architecture);
        console.Write(table);
        WritePrediction(console);
    }

    private string EpochsText() => specification.Schedule switch
    {
        null => $"{Figures.Count(Preview.Epochs)} epochs",
        { Method: HalvingMethod.Race } race => $"at most {Figures.Count(Preview.Epochs)} epochs: "
            + $"a race, first compared after {race.MinFolds} folds",
        var schedule => $"{Figures.Count(Preview.Epochs)} epochs of {Figures.Count(Preview.EpochsInFull)} with the "
            + $"schedule {schedule.Method.ToString().ToLowerInvariant()}",
    };

    /// <summary>The preview for programs.</summary>
    public object Json(IReadOnlyList<string> notes) => new
    {
        id = plan.Id,
        name = plan.Name ?? plan.Id,
        search = SweepVocabulary.SearchOf(specification),
        data = plan.Data,
        Preview.Configurations,
        folds = specification.Folds,
        Preview.Trials,
        Preview.Epochs,
        epochs_in_full = specification.Schedule is null ? (long?)null : Preview.EpochsInFull,
        specification.Refit,
        Preview.LearnedSamples,
        Preview.ValidatedSamples,
        architectures = Preview.Architectures.Select(architecture => new
        {
            architecture.Name,
            architecture = architecture.Text,
            architecture.Weights,
            architecture.Configurations,
            architecture.BatchSizes,
            steps = StepsOf(architecture).Select(step => new
            {
                step.BatchSize,
                step.Seconds,
                images_per_second = step.BatchSize / step.Seconds,
            }),
        }),
        prediction = _prediction,
        notes,
    };

    private void AddRows(FittedTable table, PreviewedArchitecture architecture)
    {
        var isFirst = true;
        foreach (var step in StepsOf(architecture))
        {
            string[] head = isFirst
                ? [architecture.Name, Figures.Count(architecture.Weights), Figures.Count(architecture.Configurations)]
                : ["", "", ""];
            string[] figures =
            [
                $"{step.BatchSize}", Figures.Seconds(1000 * step.Seconds), Figures.Count(step.BatchSize / step.Seconds),
            ];
            table.AddRow([.. head.Concat(figures).Select(Markup.Escape)]);
            isFirst = false;
        }
    }

    private IEnumerable<StepTime> StepsOf(PreviewedArchitecture architecture) => forecast.Measured
        .Where(step => step.Architecture == architecture.Text)
        .OrderBy(step => step.BatchSize);

    private void WritePrediction(IAnsiConsole console)
    {
        var slots = _prediction.Slots == 1 ? "1 slot" : $"{_prediction.Slots} slots";
        var refit = specification.Refit
            ? $", including at most {Figures.Wait(TimeSpan.FromSeconds(_prediction.RefitSeconds))} for the refit"
            : string.Empty;
        console.WriteLine(
            $"time           {Figures.Wait(TimeSpan.FromSeconds(_prediction.WallSeconds))} with {slots}{refit}; "
            + $"{Figures.Wait(TimeSpan.FromSeconds(_prediction.TrainSeconds))} of training in total");
        console.WriteLine($"memory         at most {ByteSize.Text(_prediction.MemoryBytes)}");
        console.WriteLine($"disk           at most {ByteSize.Text(_prediction.DiskBytes)}");
    }
}

using Spectre.Console;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>What <c>sweeps preview</c> prints.</summary>
internal sealed class PreviewPage(SweepSpecification specification, SweepPlan plan, SweepForecast forecast)
{
    private const int RowsShown = 40;

    private SweepPrediction _prediction = null!;

    private SweepPreview Preview => forecast.Preview;

    /// <summary>Predicts from measured steps.</summary>
    public void Predict(StepTimes times, int slots) => _prediction = Preview.Predict(times, slots);

    public void Write(IAnsiConsole console)
    {
        var each = plan.TrialsText();
        console.MarkupLine($"[bold]{Markup.Escape(plan.Title())}[/]");
        console.WriteLine(
            $"trials         {Figures.Count(Preview.Configurations, "configuration")} on {each}: "
            + $"{Figures.Count(Preview.Trials)} trials, {EpochsText()}"
            + (specification.Refit
                ? $", then a refit of the {(specification.Choose == FinalChoice.Best ? "best" : "chosen one")}"
                : string.Empty));
        console.WriteLine($"search         {SweepVocabulary.SearchOf(specification)}");
        WriteObjectives(console);
        console.WriteLine(
            $"data           {plan.Data}: each trial trains on {Figures.Count(Preview.LearnedSamples)} samples "
            + $"and is validated on {Figures.Count(Preview.ValidatedSamples)}");
        if (ReuseText() is { } reuse)
            console.WriteLine($"reuse          {reuse}");
        WriteNetworks(console);
        WritePrediction(console);
    }

    /// <summary>What a network costs, from the least to the most of those that are tried.</summary>
    private void WriteObjectives(IAnsiConsole console)
    {
        if (!plan.HasSeveralObjectives)
            return;
        console.WriteLine("objectives     " + string.Join(", ", plan.AllObjectives().Select(metric => metric.IsCost
            ? $"{FrontPage.Title(metric)} ({Range(metric)})"
            : FrontPage.Title(metric))));

        string Range(SweepMetric metric)
        {
            var costs = Preview.Architectures.Select(network => CostOf(network, metric)).ToList();
            return $"{Figures.Count(costs.Min())} to {Figures.Count(costs.Max())}";
        }
    }

    private static long CostOf(PreviewedArchitecture network, SweepMetric metric) =>
        metric.Name == SweepMetric.Weights ? network.Weights : network.MultiplyAdds;

    private bool HasMultiplyAdds => plan.AllObjectives().Any(metric => metric.Name == SweepMetric.MultiplyAdds);

    private string EpochsText() => specification.Schedule switch
    {
        null when Preview.Epochs < Preview.EpochsInFull =>
            $"{Figures.Count(Preview.Epochs)} epochs of {Figures.Count(Preview.EpochsInFull)}",
        null => $"{Figures.Count(Preview.Epochs)} epochs",
        { Method: ScheduleMethod.Race } race => $"at most {Figures.Count(Preview.Epochs)} epochs: "
            + $"a race, first compared after {race.MinFolds} folds",
        { Order: RungOrder.Index } inOrder => $"about {Figures.Count(Preview.Epochs)} epochs of "
            + $"{Figures.Count(Preview.EpochsInFull)} with the schedule {inOrder.Method.ToString().ToLowerInvariant()} "
            + "in index order",
        var schedule => $"{Figures.Count(Preview.Epochs)} epochs of {Figures.Count(Preview.EpochsInFull)} with the "
            + $"schedule {schedule.Method.ToString().ToLowerInvariant()}",
    };

    /// <summary>Why slots will have nothing to do for a part of the time.</summary>
    private IEnumerable<string> IdleSlots()
    {
        var slots = _prediction.Slots;
        if (specification.MostAtOnce is { } most && most < slots)
            yield return $"at most {Figures.Count(most, "trial")} at once: the search waits for scores ('lag')";
        if (specification is { Learns: true, Schedule.Order: RungOrder.Bracket })
            yield return "some idle: each group is chosen when the one before it is decided";
        else if (Preview.LastTrials is { } last && last < slots)
            yield return $"some idle at the end of a group: its last step has {Figures.Count(last, "trial")}";
    }

    /// <summary>What is not trained, and why; null: all is.</summary>
    private string? ReuseText()
    {
        if (!specification.Reuse)
            return "off: what the store has is trained again";
        if (plan is { Schedule: not null, EpochsDiffer: true })
            return "beside a schedule, configurations that differ in their epochs alone are each trained on their own";
        var trials = Figures.Count(Preview.Trials);
        var texts = new List<string>();
        if (Preview.Known.Count > 0)
            texts.Add($"{Figures.Count(Preview.Known.Count)} of {trials} trials are known in this store");
        if (Preview.Begun.Count > 0)
            texts.Add($"{Figures.Count(Preview.Begun.Count)} of {trials} go on from kept checkpoints");
        if (Preview.Unread > 0)
            texts.Add($"{Figures.Count(Preview.Unread, "result")} of the store cannot be read (damaged, or of another "
                + "version) and will be passed over");
        if (Preview.ReadOff > 0)
            texts.Add($"{Figures.Count(Preview.ReadOff)} of {trials} are read off longer trainings, from which they "
                + "differ in their epochs alone");
        return texts.Count > 0 ? string.Join("; ", texts) : null;
    }

    /// <summary>The preview for programs.</summary>
    public object Json(IReadOnlyList<string> notes) => new
    {
        id = plan.Id,
        name = plan.Title(),
        search = SweepVocabulary.SearchOf(specification),
        data = plan.Data,
        objectives = plan.HasSeveralObjectives ? plan.AllObjectives().Select(metric => metric.Name) : null,
        Preview.Configurations,
        folds = specification.Folds,
        repeats = specification.Repeats > 1 ? specification.Repeats : (int?)null,
        seeds = specification.Seeds > 1 ? specification.Seeds : (int?)null,
        Preview.Trials,
        Preview.Epochs,
        epochs_in_full = specification.Schedule is null && Preview.Epochs == Preview.EpochsInFull
            ? (long?)null
            : Preview.EpochsInFull,
        known = Preview.Known.Count,
        begun = Preview.Begun.Count,
        unread = Preview.Unread > 0 ? Preview.Unread : (int?)null,
        read_off = Preview.ReadOff,
        specification.Refit,
        Preview.LearnedSamples,
        Preview.ValidatedSamples,
        architectures = Preview.Architectures.Select(architecture => new
        {
            architecture.Name,
            architecture = architecture.Text,
            sizes = architecture.Sizes,
            architecture.Weights,
            multiply_adds = HasMultiplyAdds ? architecture.MultiplyAdds : (long?)null,
            architecture.Configurations,
            architecture.BatchSizes,
            steps = StepsOf(architecture).Select(step => new
            {
                step.BatchSize,
                step.Seconds,
                images_per_second = step.BatchSize / step.Seconds,
                estimated = step.IsEstimated ? true : (bool?)null,
            }),
        }),
        prediction = _prediction,
        idle_slots = IdleSlots().ToList() is [_, ..] why ? why : null,
        notes,
    };

    /// <summary>The networks, with a column for each size that is searched.</summary>
    private void WriteNetworks(IAnsiConsole console)
    {
        var sizes = Preview.Architectures.SelectMany(a => a.Sizes?.Values ?? []).Select(size => size.Key).Distinct()
            .ToList();
        var table = Screen.Table(
        [
            ("architecture", false), .. sizes.Select(name => (name, true)), ("weights", true),
            .. HasMultiplyAdds ? [("multiply-adds", true)] : ((string, bool)[])[], ("configurations", true),
            ("batch", true), ("ms/step", true), ("images/s per slot", true),
        ]).Optional(sizes.Count == 0
            ? []
            : ["images/s per slot", "configurations", "batch", .. sizes.AsEnumerable().Reverse()]);
        var rows = Preview.Architectures.OrderBy(a => a.Sizes is null ? 0 : a.Weights)
            .SelectMany(architecture => RowsOf(architecture, sizes)).ToList();
        foreach (var row in rows.Take(RowsShown))
            table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
        if (rows.Count > RowsShown)
            console.WriteLine($"  and {rows.Count - RowsShown} more rows, in --json; "
                + $"{Figures.Count(Preview.Architectures.Max(a => a.Weights))} weights at most");
        if (forecast.Steps.Any(step => step.IsEstimated))
            console.WriteLine("  ~ estimated from the times of other sizes");
    }

    private IEnumerable<string[]> RowsOf(PreviewedArchitecture architecture, List<string> sizes)
    {
        var isFirst = true;
        foreach (var step in StepsOf(architecture))
        {
            string[] head =
            [
                architecture.Name, .. sizes.Select(name => $"{architecture.Sizes?[name]}"),
                Figures.Count(architecture.Weights),
                .. HasMultiplyAdds ? [Figures.Count(architecture.MultiplyAdds)] : (string[])[],
                Figures.Count(architecture.Configurations),
            ];
            var about = step.IsEstimated ? "~" : "";
            yield return
            [
                .. head.Select(cell => isFirst ? cell : ""),
                $"{step.BatchSize}", about + Figures.Seconds(1000 * step.Seconds),
                about + Figures.Count(step.BatchSize / step.Seconds),
            ];
            isFirst = false;
        }
    }

    private IEnumerable<StepTime> StepsOf(PreviewedArchitecture architecture) => forecast.Steps
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
        foreach (var why in IdleSlots())
            console.WriteLine($"slots          {why}");
        console.WriteLine($"memory         at most {ByteSize.Text(_prediction.MemoryBytes)}");
        console.WriteLine($"disk           at most {ByteSize.Text(_prediction.DiskBytes)}");
    }
}

using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Dashboard.Pages;

/// <summary>What the log tells of one trial.</summary>
/// <param name="State">Where it stands, in a word.</param>
/// <param name="Split">Its fold in words.</param>
/// <param name="Settings">Names and values: its configuration and its result.</param>
/// <param name="Attempts">Its attempts, oldest first.</param>
internal sealed record TrialFacts(
    string State, string Split, IReadOnlyList<(string Name, string Value)> Settings,
    IReadOnlyList<TrialAttempt> Attempts)
{
    /// <summary>What it trains with, by its name in words, where it is set; by itself, where it is not; null: nothing.
    /// </summary>
    public (string Text, bool IsDefault)? ValueOf(string name)
    {
        foreach (var (known, value) in Settings)
        {
            if (known == name)
                return (value, false);
        }

        return ConfigurationText.DefaultOf(name.Replace(' ', '_'), Hyperparameters, Task) is { } text
            ? (text, true) : null;
    }

    private Hyperparameters Hyperparameters { get; init; } = null!;

    private TaskKind Task { get; init; }

    /// <summary>Whether it can be stopped: the sweep goes on, and it has not ended.</summary>
    public bool CanStop { get; private init; }

    /// <summary>Of one trial; null: there is none of that name so far.</summary>
    public static TrialFacts? Of(SweepState state, TrialHistory history, TrialId trial)
    {
        if (!state.Contains(trial))
            return null;
        var point = state.HyperparametersOf(trial.Configuration);
        var names = ArchitectureNames.Of(state.Plan);
        var settings = new List<(string, string)> { ("architecture", names.Full(point.Architecture)) };
        settings.AddRange(SearchedParameters.Settings(point, names).Where(parameter => parameter.Key != "architecture")
            .Select(parameter => (parameter.Key.Replace('_', ' '), SearchedParameters.Text(parameter.Value))));
        string Where(string sweep) => sweep == state.Plan.Id ? "this sweep" : $"sweep {sweep}";
        if (state.SourceOf(trial) is { } source)
            settings.Add(("reused", $"not trained: the result of trial {source.Trial} of {Where(source.Sweep)}"));
        else if (state.BeginningOf(trial) is { } beginning)
            settings.Add(("continued", $"from the {Figures.Ordinal(beginning.Epochs)} epoch of trial "
                + $"{beginning.Source} of {Where(beginning.Sweep)}, which kept its checkpoint"));
        if (state.ResultOf(trial) is { } result)
        {
            settings.Add(("result", ConfigurationText.Word(result.Outcome).Replace('_', ' ')
                + (result.Reason is { } why ? $": {why}" : "")));
            var quality = state.Plan.Task.Quality();
            // What the sweep is ranked by, where the two that every training has are not that.
            if (state.Plan.Metric.IsAsked)
                settings.Add((state.Plan.Metric.Name.Replace('_', ' '),
                    Figures.Metric(TrialLine.MetricOf(state.Plan, result))));
            settings.Add(("validation", $"{quality} {Figures.Metric(result.ValidationMetric)}, loss "
                + Figures.Metric(result.ValidationLoss)));
            settings.Add(("training", $"{quality} {Figures.Metric(result.TrainMetric)}, loss "
                + Figures.Metric(result.TrainLoss)));
            if (result.BestEpoch > 0)
                settings.Add(("scored", $"epoch {result.BestEpoch} of {result.Epochs}"));
            if (result.Test is { } test)
                settings.Add(("test", $"{quality} {Figures.Metric(test.Metric)}, loss {Figures.Metric(test.Loss)}"));
            settings.Add(("weights", Figures.Count(result.Weights)));
            settings.Add(("time", TrialRecord.TimeOf(result)));
            if (result.Engine != EngineKind.Auto)
                settings.Add(("engine", ConfigurationText.Word(result.Engine)));
            settings.Add(("digest", result.WeightsDigest));
        }
        else if (state.NoteOf(trial) is { } note)
        {
            settings.Add(("note", $"{note.Kind}: {note.Message}"));
        }

        return new(
            ConfigurationText.Word(state.StatusOf(trial)), state.Plan.SplitText(trial), settings, history.Of(trial))
        {
            Hyperparameters = point,
            Task = state.Plan.Task,
            CanStop = !state.IsOver
                && state.StatusOf(trial) is TrialStatus.Pending or TrialStatus.Running or TrialStatus.Paused,
        };
    }
}

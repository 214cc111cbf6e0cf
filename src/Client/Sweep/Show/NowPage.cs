using Spectre.Console;
using Sweeps.Client.Silos;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.State;

namespace Sweeps.Client.Sweep.Show;

/// <summary>The current state of a sweep: summary, running trials and problems.</summary>
/// <param name="state">The sweep.</param>
/// <param name="now">The time by the store's clock.</param>
/// <param name="silos">Whether live silos train for it.</param>
/// <param name="console">The output.</param>
internal sealed class NowPage(SweepState state, DateTimeOffset now, SweepSilos silos, IAnsiConsole console)
{
    private const int RowsShown = 20;

    /// <summary>Living silos that it refuses, where it has no other.</summary>
    public IReadOnlyList<SiloRefusal> Refusals { get; init; } = [];

    public void Write()
    {
        var plan = state.Plan;
        var held = plan.HoldoutFirst > 0
            ? $"hold-out of the first {Figures.Count(plan.HoldoutFirst)}"
            : $"hold-out {Figures.Parameter(plan.HoldoutFraction)}";
        var split = plan.Folds > 0 ? plan.TrialsText() : held
            + (plan.Seeds > 1 ? $" x {plan.Seeds} seeds" : "");
        console.MarkupLine(
            $"[bold]{Markup.Escape(plan.Title())}[/]  {Markup.Escape(Status)}"
            + Markup.Escape(state.Reason is { } reason ? $": {reason}" : string.Empty));
        console.WriteLine($"data           {plan.Data}, {split}, seed {plan.Seed}");
        console.WriteLine(
            $"trials         {Figures.Count(state.Totals.Done)} of {Figures.Count(state.Totals.Planned)} done, "
            + $"{Figures.Count(state.Configurations, "configuration")}, {state.Totals.Running} running, "
            + $"{state.Totals.Failed} failed");
        foreach (var text in SiloRefusal.Texts(state.Status == SweepStatus.Running ? Refusals : []))
            console.WriteLine($"not trained    {text}");
        WriteRunning();
        WriteNotes();
    }

    private string Status => state switch
    {
        { Status: not SweepStatus.Running } => ConfigurationText.Word(state.Status),
        _ when silos == SweepSilos.Live => ConfigurationText.Word(state.Status),
        { Sequence: > 1 } when silos == SweepSilos.Lost =>
            "lost: its silos did not leave in order, and their lease is over; start one with: sweeps silo, "
                + $"or train it here: sweeps resume {state.Plan.Id}",
        { Sequence: > 1 } => $"interrupted; resume with: sweeps resume {state.Plan.Id}",
        _ => $"waits for a silo; start one with: sweeps silo, or train it here: sweeps resume {state.Plan.Id}",
    };

    private void WriteRunning()
    {
        if (state.Totals.Running == 0)
            return;
        var table = Screen.Table(("running", false), ("attempt", true), ("silo", false), ("since", true));
        foreach (var running in state.Running.OrderBy(running => running.Attempt.Trial).Take(RowsShown))
        {
            table.AddRow(
                running.Attempt.Trial.ToString(), $"{running.Attempt.Number}", Markup.Escape(running.Silo.Name),
                Figures.Wait(now - running.StartedAt));
        }

        console.Write(table);
        More(state.Totals.Running);
    }

    private void WriteNotes()
    {
        var notes = state.Notes.ToList();
        if (notes.Count == 0)
            return;
        var table = Screen.Table(
            ("trial", false), ("state", false), ("attempt", true), ("problem", false), ("reason", false));
        foreach (var (trial, note) in notes.OrderByDescending(pair => state.StatusOf(pair.Key) == TrialStatus.Failed)
            .Take(RowsShown))
        {
            string[] cells =
            [
                trial.ToString(), ConfigurationText.Word(state.StatusOf(trial)), $"{note.Attempt}", note.Kind,
                note.Message,
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
        More(notes.Count);
    }

    private void More(int count)
    {
        if (count > RowsShown)
            console.WriteLine($"  and {count - RowsShown} more");
    }
}

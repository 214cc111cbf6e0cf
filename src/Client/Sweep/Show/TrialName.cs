using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Sweeps;

namespace Sweeps.Client.Sweep.Show;

/// <summary>Finds the trial that a user means.</summary>
internal static class TrialName
{
    /// <summary>
    /// Reads <c>3/0</c> (configuration 3, fold 0), <c>3/refit</c>, <c>refit</c>, or a number in the order of work.
    /// </summary>
    /// <exception cref="SweepsException">There is no such trial.</exception>
    public static TrialId Find(SweepState state, string text)
    {
        var folds = state.Plan.TrialsPerConfiguration;
        if (!TrialId.TryParse(text, out var trial))
        {
            if (text == "refit" && state.RefitTrial is { } refit)
                return refit;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw Unknown(state, text);
            trial = new(number / folds, number % folds);
        }

        return state.Contains(trial) ? trial : throw Unknown(state, text);
    }

    private static SweepsException Unknown(SweepState state, string text)
    {
        var last = new TrialId(Math.Max(0, state.Proposed - 1), state.Plan.TrialsPerConfiguration - 1);
        var refit = state.RefitTrial is { } trial ? $", and {trial}" : string.Empty;
        return new(
            ErrorKind.Usage,
            state.Proposed == 0
                ? $"--trial '{text}': no trial of '{state.Plan.Id}' was begun yet."
                : $"--trial '{text}': the trials of '{state.Plan.Id}' so far are 0/0 to {last} "
                    + $"(configuration/fold, each from 0){refit}.");
    }
}

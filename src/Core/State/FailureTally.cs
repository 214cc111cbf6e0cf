using System.Collections.Immutable;
using Sweeps.Core.Sweeps;
using Sweeps.Core.Training;

namespace Sweeps.Core.Scheduling;

/// <summary>
/// Counts how many different trials met the same error since the sweep was last resumed. Numbers in a message do not
/// make it another error. Bounded: the newest <see cref="MaxErrors"/> errors, and of each as many trials as are
/// needed to pause.
/// </summary>
internal sealed class FailureTally
{
    private const int MaxErrors = 32;
    private const int MaxTrials = 16;
    private const int MaxLength = 200;

    private readonly ImmutableList<Entry> _entries;

    private FailureTally(ImmutableList<Entry> entries) => _entries = entries;

    public static FailureTally Empty { get; } = new([]);

    /// <summary>The tally with one more failure.</summary>
    public FailureTally Add(TrialId trial, TrainingFailure kind, string message)
    {
        var text = Normalise(message);
        var index = _entries.FindIndex(entry => entry.Kind == kind && entry.Text == text);
        if (index < 0)
        {
            var kept = _entries.Count < MaxErrors ? _entries : _entries.RemoveAt(0);
            return new(kept.Add(new(kind, text, [trial])));
        }

        var found = _entries[index];
        return found.Trials.Count >= MaxTrials || found.Trials.Contains(trial)
            ? this
            : new(_entries.SetItem(index, found with { Trials = found.Trials.Add(trial) }));
    }

    /// <summary>Number of different trials that met this error.</summary>
    public int Count(TrainingFailure kind, string message)
    {
        var text = Normalise(message);
        return _entries.Find(entry => entry.Kind == kind && entry.Text == text)?.Trials.Count ?? 0;
    }

    private static string Normalise(string message)
    {
        var text = new System.Text.StringBuilder(Math.Min(message.Length, MaxLength));
        foreach (var letter in message)
        {
            if (letter == '\n' || text.Length == MaxLength)
                break;
            if (!char.IsAsciiDigit(letter))
                text.Append(letter);
            else if (text.Length == 0 || text[^1] != '#')
                text.Append('#');
        }

        return text.ToString().Trim();
    }

    private sealed record Entry(TrainingFailure Kind, string Text, ImmutableHashSet<TrialId> Trials);
}

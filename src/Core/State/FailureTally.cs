using System.Collections.Immutable;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

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

    /// <summary>
    /// Whether equal failures of several trials speak against the sweep and not the trial. Lack of memory does not.
    /// </summary>
    public static bool Counts(TrainingFailure kind) => kind != TrainingFailure.OutOfMemory;

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

    /// <summary>Writes all of it.</summary>
    public void Save(SnapshotWriter writer) => writer.WriteAll(_entries, entry =>
    {
        writer.Write(entry.Kind);
        writer.Write(entry.Text);
        writer.WriteAll(entry.Trials, writer.Write);
    });

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static FailureTally Load(SnapshotReader reader) => new([.. reader.ReadList(() => new Entry(
        reader.Read<TrainingFailure>(), reader.ReadText()!, [.. reader.ReadList(reader.Read<TrialId>)]))]);

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

/// <summary>Counts the silos that died or hung with a trial, to find the trial that kills them.</summary>
internal static class Strikes
{
    /// <summary>
    /// The strikes after one more. A trial that got an epoch further since the last strike did not kill that silo at
    /// the same place, so its count starts anew: else a long trial on machines that are often switched off would be
    /// suspected.
    /// </summary>
    public static int After(in TrialCell cell, int epoch) =>
        cell.Strikes > 0 && epoch > cell.StrikeEpoch ? 1 : Math.Min(cell.Strikes + 1, byte.MaxValue);
}

/// <summary>The kinds of failure in words.</summary>
internal static class FailureWords
{
    public static string Of(TrainingFailure kind) => kind switch
    {
        TrainingFailure.Data => "data error",
        TrainingFailure.Network => "network error",
        TrainingFailure.OutOfMemory => "out of memory",
        _ => "error",
    };
}

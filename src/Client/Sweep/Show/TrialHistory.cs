using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;

namespace Sweeps.Client.Sweep.Show;

/// <summary>One attempt of a trial, from the log.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Silo">The silo's name.</param>
/// <param name="Started">When it was assigned.</param>
/// <param name="Ended">Null: it is running.</param>
/// <param name="End">How it ended, in words.</param>
/// <param name="Reason">Null where the end needs none.</param>
/// <param name="Exclusive">Whether it ran alone on its silo, after running out of memory beside others.</param>
internal sealed record TrialAttempt(
    int Number, string Silo, DateTimeOffset Started, DateTimeOffset? Ended, string End, string? Reason, bool Exclusive)
{
    /// <summary>Why it began from the start and not from the checkpoint before it; null: it did not have to.</summary>
    public string? CheckpointLoss { get; init; }

    /// <summary>All that there is to say of it; empty: nothing.</summary>
    public string Remark => string.Join(
        "; ",
        ((string?[])[CheckpointLoss is null ? null : $"began from the start: {CheckpointLoss}", Reason])
            .Where(text => !string.IsNullOrEmpty(text)));
}

/// <summary>The attempts of every trial, from the log: the state keeps only the newest.</summary>
internal sealed class TrialHistory
{
    private Dictionary<TrialId, List<TrialAttempt>> _attempts = [];

    public void Add(SweepEvent @event)
    {
        switch (@event)
        {
            case TrialStarted started:
                Begin(started);
                break;
            case AttemptEvent ended:
                Change(ended.Trial, attempt => End(attempt, ended));
                break;
            case CheckpointLost lost:
                Change(lost.Trial, attempt => attempt with { CheckpointLoss = lost.Reason });
                break;
            case TrialSetAside aside:
                Change(aside.Trial, attempt => attempt with { End = "set aside", Reason = aside.Reason });
                break;
            case TrialStopped stopped:
                Change(stopped.Trial, attempt => attempt.Ended is null
                    ? attempt with { Ended = stopped.At, End = "stopped by the user", Reason = stopped.Reason }
                    : attempt);
                break;
            case SweepCancelled cancelled:
                foreach (var trial in _attempts.Keys.Where(trial => _attempts[trial][^1].Ended is null).ToList())
                    Change(trial, attempt => attempt with { Ended = cancelled.At, End = "cancelled" });
                break;
        }
    }

    /// <summary>A trial's attempts, oldest first; empty before the first.</summary>
    public IReadOnlyList<TrialAttempt> Of(TrialId trial) => _attempts.GetValueOrDefault(trial) ?? [];

    /// <summary>Writes all of it.</summary>
    public void Save(SnapshotWriter writer) => writer.WriteAll(_attempts, pair =>
    {
        writer.Write(pair.Key);
        writer.WriteAll(pair.Value, attempt =>
        {
            writer.Write((attempt.Number, attempt.Started, attempt.Ended, attempt.Exclusive));
            writer.Write(attempt.Silo);
            writer.Write(attempt.End);
            writer.Write(attempt.Reason);
            writer.Write(attempt.CheckpointLoss);
        });
    });

    /// <summary>What <see cref="Save"/> wrote.</summary>
    public static TrialHistory Load(SnapshotReader reader)
    {
        var loaded = new TrialHistory();
        reader.ReadAll(() => loaded._attempts.Add(reader.Read<TrialId>(), reader.ReadList(() =>
        {
            var (number, started, ended, exclusive) = reader.Read<(int, DateTimeOffset, DateTimeOffset?, bool)>();
            var silo = reader.ReadText()!;
            return new TrialAttempt(
                number, silo, started, ended, reader.ReadText()!, reader.ReadText(), exclusive)
            {
                CheckpointLoss = reader.ReadText(),
            };
        })));
        return loaded;
    }

    /// <summary>Takes another's attempts in place of its own; the other is not used again.</summary>
    public void Take(TrialHistory other) => _attempts = other._attempts;

    private void Begin(TrialStarted started)
    {
        if (!_attempts.TryGetValue(started.Trial, out var list))
            _attempts.Add(started.Trial, list = []);
        list.Add(new(started.Attempt, started.Silo.Name, started.At, null, "running", null, started.Exclusive));
    }

    private void Change(TrialId trial, Func<TrialAttempt, TrialAttempt> change)
    {
        if (_attempts.TryGetValue(trial, out var list) && list.Count > 0)
            list[^1] = change(list[^1]);
    }

    private static TrialAttempt End(TrialAttempt attempt, AttemptEvent @event)
    {
        var (end, reason) = @event switch
        {
            TrialCompleted { Result: var result } => (Words(result.Outcome), result.Reason),
            RungReached reached => ($"rung at epoch {reached.Result.Epochs}", null),
            AttemptReleased released => ("released", released.Reason),
            AttemptExpired { Detail: var detail } expired => (Words(expired.Reason), detail),
            TrialFailed { WillRetry: true } failed => ($"{Words(failed.Kind)}, retried", failed.Message),
            TrialFailed failed => ($"failed: {Words(failed.Kind)}", failed.Message),
            _ => ("ended", null),
        };
        return attempt with { Ended = @event.At, End = end, Reason = reason };
    }

    private static string Words<T>(T value)
        where T : struct, Enum => ConfigurationText.Word(value).Replace('_', ' ');
}

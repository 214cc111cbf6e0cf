using System.Diagnostics;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// A sweep as it grows: its log is read once and then read on, and what pages show of it is worked out once for all of
/// them. What takes long on a large sweep is worked out again only after several times as long.
/// </summary>
internal sealed class FollowedSweep(ISweepStore store, string id) : IDisposable
{
    private const int WaitFactor = 4;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_opening = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_wanted = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(20);

    // One at a time changes or reads the state.
    private readonly SemaphoreSlim _one = new(1);
    private readonly Worked<RankingView> _ranking = new();
    private readonly Worked<TrialsView> _trials = new();
    private readonly Lock _lock = new();
    private TrialHistory _history = new();
    private Task _reading = Task.CompletedTask;
    private long _change = -1;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SweepView? _view;

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>When somebody last asked for it, in ticks of the machine.</summary>
    public long Asked { get; private set; } = Environment.TickCount64;

    /// <summary>How long nobody has asked for it.</summary>
    public TimeSpan Idle => TimeSpan.FromMilliseconds(Environment.TickCount64 - Asked);

    /// <summary>Whether a page shows it now.</summary>
    public bool IsWanted => Idle < s_wanted;

    /// <summary>Whether its log was read.</summary>
    public bool IsRead => _first.Task.IsCompleted;

    /// <summary>Where it stands; null: not read yet, or there is no such sweep.</summary>
    public SweepHead? Head { get; private set; }

    /// <summary>Why it cannot be read; null: it can, or was not tried yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>Events read so far, also while a long log is being read.</summary>
    public long EventsRead => _view?.State.Sequence ?? 0;

    /// <summary>Says that a page shows it.</summary>
    public void Ask() => Asked = Environment.TickCount64;

    /// <summary>Ends it; one that is only forgotten holds nothing that needs it.</summary>
    public void Dispose() => _one.Dispose();

    /// <summary>Waits until it was read once, at most so long.</summary>
    public Task FirstAsync(TimeSpan most) => Task.WhenAny(_first.Task, Task.Delay(most));

    /// <summary>Reads what was written up to a change, unless it was read before; once for all who ask.</summary>
    /// <param name="change">Counts what the store's feed told.</param>
    public Task CatchUpAsync(long change)
    {
        lock (_lock)
        {
            if (!_reading.IsCompleted || _change >= change)
                return _reading;
            _change = change;
            return _reading = ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_view is null)
            {
                _history = new();
                _view = new(store, id) { History = _history };
            }

            var isNew = await _view.ReadAsync();
            if (_view.State.Sequence == 0)
                Problem = $"There is no sweep '{id}' in this store.";
            else if (isNew || Head is null)
                (Head, Problem) = (await Task.Run(() => SweepHead.Of(_view.State)), null);
            _first.TrySetResult();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Problem = error.Message;
            // What was read of it may be half an event list: begin again.
            (_view, _change) = (null, -1);
            _first.TrySetResult();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Looks at the state while nothing changes it.</summary>
    /// <returns>Null: there is no state yet.</returns>
    public async Task<T?> LookAsync<T>(Func<SweepState, TrialHistory, T?> look)
        where T : class
    {
        await _one.WaitAsync();
        try
        {
            return _view is { State.Sequence: > 0 } view ? await Task.Run(() => look(view.State, _history)) : null;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Its configurations, best first; null: not read yet.</summary>
    public Task<RankingView?> RankingAsync() => _ranking.GetAsync(this, (state, _) => RankingView.Of(state));

    /// <summary>The same, of no fewer events than these; what was read later is in it, too.</summary>
    public Task<RankingView?> RankingAsync(long sequence, CancellationToken cancellation) =>
        _ranking.GetAsync(this, (state, _) => RankingView.Of(state), sequence, cancellation);

    /// <summary>All its trials; null: not read yet.</summary>
    public Task<TrialsView?> TrialsAsync() => _trials.GetAsync(this, TrialsView.Of);

    /// <summary>What is being worked out, if that takes no more than a moment; null: it comes later.</summary>
    /// <param name="working">The work.</param>
    /// <param name="shown">What the page shows meanwhile; null: nothing, and it waits longer.</param>
    public static async Task<T?> SoonAsync<T>(Task<T?> working, T? shown)
        where T : class
    {
        var most = Task.Delay(shown is null ? s_opening : s_moment);
        return await Task.WhenAny(working, most) == working ? await working ?? shown : shown;
    }

    /// <summary>Something that is worked out of the state, once for all who ask.</summary>
    private sealed class Worked<T>
        where T : class
    {
        private readonly Lock _lock = new();
        private Task<T?> _working = Task.FromResult<T?>(null);
        private long _sequence = -1;
        private long _ended;
        private TimeSpan _took;

        public Task<T?> GetAsync(FollowedSweep sweep, Func<SweepState, TrialHistory, T> work)
        {
            lock (_lock)
            {
                var isNew = _sequence != sweep.Head?.Sequence && sweep.Head is not null;
                if (_working.IsCompleted && isNew && Stopwatch.GetElapsedTime(_ended) >= WaitFactor * _took)
                    _working = WorkAsync(sweep, work);
                return _working;
            }
        }

        /// <summary>Waits for its turn where what was worked out last is older than wanted.</summary>
        public async Task<T?> GetAsync(
            FollowedSweep sweep, Func<SweepState, TrialHistory, T> work, long sequence, CancellationToken cancellation)
        {
            while (true)
            {
                var value = await GetAsync(sweep, work);
                lock (_lock)
                {
                    if (value is null || (_working.IsCompleted && _sequence >= sequence))
                        return value;
                }

                var wait = (WaitFactor * _took) - Stopwatch.GetElapsedTime(_ended);
                await Task.Delay(wait > s_least ? wait : s_least, cancellation);
            }
        }

        private async Task<T?> WorkAsync(FollowedSweep sweep, Func<SweepState, TrialHistory, T> work)
        {
            await Task.Yield();
            var begun = Stopwatch.GetTimestamp();
            var value = await sweep.LookAsync((state, history) =>
            {
                begun = Stopwatch.GetTimestamp();
                _sequence = state.Sequence;
                return work(state, history);
            });
            (_took, _ended) = (Stopwatch.GetElapsedTime(begun), Stopwatch.GetTimestamp());
            return value;
        }
    }
}

/// <summary>Where a sweep stands, in a few numbers.</summary>
/// <param name="Sequence">Events so far.</param>
/// <param name="Plan">What it does.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Totals">Its trials in numbers.</param>
/// <param name="Names">The names of its architectures.</param>
internal sealed record SweepHead(
    long Sequence, SweepPlan Plan, SweepProgress Progress, SweepTotals Totals, ArchitectureNames Names)
{
    /// <summary>Whether it has ended.</summary>
    public required bool IsOver { get; init; }

    /// <summary>Configurations planned.</summary>
    public required int Configurations { get; init; }

    /// <summary>When it was submitted, and when its last event was.</summary>
    public required (DateTimeOffset Submitted, DateTimeOffset Last) Times { get; init; }

    /// <summary>The trial of the refit; null: there is none, or not yet.</summary>
    public required TrialId? Refit { get; init; }

    /// <summary>What the refit gave on the test set; null: nothing yet.</summary>
    public required TestReport? Test { get; init; }

    /// <summary>What is to be told of single trials, the failed ones first.</summary>
    public required IReadOnlyList<(TrialId Trial, TrialStatus Status, TrialNote Note)> Notes { get; init; }

    /// <summary>How many such notes there are.</summary>
    public required int NoteCount { get; init; }

    private const int NotesMost = 200;

    /// <summary>Of a sweep's state.</summary>
    public static SweepHead Of(SweepState state)
    {
        var notes = state.Notes.ToList();
        return new(state.Sequence, state.Plan, SweepProgress.Of(state, slots: 1), state.Totals,
            ArchitectureNames.Of(state.Plan))
        {
            IsOver = state.IsOver,
            Configurations = state.Configurations,
            Times = (state.SubmittedAt, state.LastAt),
            Refit = state.RefitTrial,
            Test = state.RefitTrial is { } refit ? state.ResultOf(refit)?.Test : null,
            NoteCount = notes.Count,
            Notes = [.. notes.OrderByDescending(pair => state.StatusOf(pair.Key) == TrialStatus.Failed)
                .Take(NotesMost).Select(pair => (pair.Key, state.StatusOf(pair.Key), pair.Value))],
        };
    }
}

/// <summary>The configurations of a sweep, best first, as of one moment.</summary>
internal sealed class RankingView
{
    private readonly Lazy<Task<string[]>> _texts;

    private RankingView(SweepState state)
    {
        // The pages of a run work beside its trainings, which have the other cores.
        Rows = Leaderboard.Of(state, out var ties, threads: 1);
        Partial = state.IsOver ? [] : PartialScores.Of(state);
        Ties = ties;
        Names = ArchitectureNames.Of(state.Plan);
        Searched = state.IsOver ? SearchedParameters.Of(Rows) : SearchedParameters.SoFar(Rows, Partial, Names);
        Answer = Findings.Of(state, Rows, ties, NameOf);
        Schedule = SchedulePart.Of(state);
        // Made when somebody searches, on another thread.
        _texts = new(() => Task.Run(() => Rows.Select(row =>
            $"{NameOf(row)} {row.Hyperparameters.Architecture} {MarksOf(row)}").ToArray()));
    }

    /// <summary>All that have a score.</summary>
    public IReadOnlyList<LeaderboardRow> Rows { get; }

    /// <summary>Those of which some folds have a result.</summary>
    public IReadOnlyList<PartialScore> Partial { get; }

    /// <summary>What counts as a tie.</summary>
    public TieRule Ties { get; }

    /// <summary>The parameters that differ; while the sweep goes on, also those that its file searches.</summary>
    public IReadOnlyList<string> Searched { get; }

    /// <summary>The names of architectures.</summary>
    public ArchitectureNames Names { get; }

    /// <summary>The answer in sentences.</summary>
    public IReadOnlyList<string> Answer { get; }

    /// <summary>What the schedule did so far; null: there is none.</summary>
    public SchedulePart? Schedule { get; }

    /// <summary>Of a sweep's state.</summary>
    public static RankingView Of(SweepState state) => new(state);

    /// <summary>A configuration in words.</summary>
    public string NameOf(LeaderboardRow row) => SweepReport.NameOf(row, Names, Searched);

    /// <summary>The rows in which a text is found, by their places.</summary>
    public async Task<IReadOnlyList<LeaderboardRow>> FindAsync(string text)
    {
        var texts = await _texts.Value;
        return [.. Rows.Where((_, place) => texts[place].Contains(text, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>What is to be said of a row, in the report's words.</summary>
    public static string MarksOf(LeaderboardRow row)
    {
        var marks = new List<string>();
        void Add(bool holds, string words)
        {
            if (holds)
                marks.Add(words);
        }

        Add(row.Rank == 1, "best");
        Add(row.Tied, "tied");
        Add(row.OnFront, "front");
        Add(row.IsChosen && row.Rank != 1, "chosen");
        Add(row.OnTimeFront, "time front");
        Add(row.OnWeightsFront, "weights front");
        Add(row.CollapsedFolds.Count > 0, "unstable");
        Add(row.DisturbedFolds > 0, "timing unreliable");
        Add(row.IsGuess, "no better than guessing");
        Add(row.Score.Diverged > 0, $"{row.Score.Diverged} diverged");
        Add(row.InfiniteLosses > 0, $"{row.InfiniteLosses} with an infinite loss");
        Add(row.Score.Missing > 0, $"{row.Score.Missing} missing");
        Add(row.StoppedEarly > 0, $"{row.StoppedEarly} stopped at a plateau");
        if (row.StoppedAt is { } stopped)
            marks.Add($"stopped at epoch {stopped.Epochs}");
        return string.Join(", ", marks);
    }
}

/// <summary>All trials of a sweep as of one moment.</summary>
/// <param name="Lines">By configuration and fold, the refit last.</param>
internal sealed record TrialsView(IReadOnlyList<TrialLine> Lines)
{
    /// <summary>Of a sweep's state and its trials' attempts.</summary>
    public static TrialsView Of(SweepState state, TrialHistory history) =>
        new([.. state.Trials().Select(trial => TrialLine.Of(state, history, trial))]);
}

/// <summary>One trial of a listing.</summary>
/// <param name="Trial">Which.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="Epochs">Epochs of its result; 0: it has none.</param>
/// <param name="Metric">Its validation metric; NaN: it has none.</param>
/// <param name="Seconds">Seconds of training; NaN: it has no result.</param>
/// <param name="Silo">Where its newest attempt is or was; null: it has none.</param>
/// <param name="Reason">What is to be told of it; null: nothing.</param>
internal readonly record struct TrialLine(
    TrialId Trial, TrialStatus Status, int Attempts, int Epochs, double Metric, double Seconds, string? Silo,
    string? Reason)
{
    /// <summary>Of one trial.</summary>
    public static TrialLine Of(SweepState state, TrialHistory history, TrialId trial)
    {
        var result = state.ResultOf(trial);
        var attempts = history.Of(trial);
        var note = state.NoteOf(trial);
        return new(
            trial, state.StatusOf(trial), state.AttemptsOf(trial), result?.Epochs ?? 0,
            MetricOf(state.Plan, result), result?.TrainSeconds ?? double.NaN,
            attempts.Count > 0 ? attempts[^1].Silo : null, note is null ? null : $"{note.Kind}: {note.Message}");
    }

    /// <summary>What a result is ranked by; NaN: it has no such value, as a refit and a training that diverged.
    /// </summary>
    public static double MetricOf(SweepPlan plan, TrialResult? result) =>
        result is null || result.Outcome == TrainingOutcome.Diverged || double.IsNaN(result.ValidationMetric)
            ? double.NaN : plan.Metric.ValueOf(result, plan.Task);
}

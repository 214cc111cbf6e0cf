using Sweeps.Client.Sweep.Show;
using Sweeps.Core.Log;
using Sweeps.Core.State;

namespace Sweeps.Client.Report;

/// <summary>
/// When which slot trained what, from the log: the log knows silos, and slots are counted off from it. Of trials that a
/// slot trained side by side each has a lane, since the log does not say which slot it was.
/// </summary>
/// <param name="Lanes">The slots: a silo's name and a number from 1, silos in the order in which they began.</param>
/// <param name="Bars">The attempts by their start.</param>
internal sealed record SlotTimeline(IReadOnlyList<string> Lanes, IReadOnlyList<SlotTimeline.Bar> Bars)
{
    /// <summary>A page with more bars is slow; it shows the first ones, and says so.</summary>
    public const int BarsMax = 20_000;

    private static readonly TimeSpan s_messages = TimeSpan.FromMilliseconds(100);

    /// <summary>An attempt on its slot.</summary>
    /// <param name="Lane">The slot, by its place among all.</param>
    /// <param name="Trial">Which trial.</param>
    /// <param name="Attempt">From 1.</param>
    /// <param name="From">
    /// Seconds after the sweep's submission: when it began to train, as far as that is known; a silo takes its next
    /// trial a little early.
    /// </param>
    /// <param name="To">Likewise; the last event's where it has not ended.</param>
    /// <param name="End">How it ended, in words.</param>
    public sealed record Bar(int Lane, string Trial, int Attempt, double From, double To, string End);

    /// <summary>Attempts not shown, since there are too many.</summary>
    public int Hidden { get; private init; }

    /// <summary>Whether those are earlier than what is shown; otherwise later.</summary>
    public bool HidesEarlier { get; private init; }

    /// <summary>
    /// Share of the slots' time, from the first start to the last end, in which they trained; null: not known, since
    /// some trained several trials side by side.
    /// </summary>
    public double? Busy { get; private init; }

    /// <summary>Most trials that one slot trained side by side; 1: the lanes are slots.</summary>
    public int Together { get; private init; } = 1;

    /// <summary>What a trial took in all, as it went by: a share counts for as many as it was shared by.</summary>
    /// <returns>Seconds, and the most that trained together; null: not known.</returns>
    public static (double Seconds, int Together)? TimeOf(SweepState state, TrialId trial) =>
        state.ResultOf(trial) is { } result
            ? ((result.TrainSeconds + result.EvaluationSeconds) * result.Together, result.Together) : null;

    /// <summary>Lays the attempts of some trials on slots: an attempt takes the first one that is free.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="history">Their attempts.</param>
    /// <param name="slots">How many slots a silo has, by its name; null: not known.</param>
    /// <param name="timeOf">What a trial's training and evaluation took in all, as <see cref="TimeOf"/>.</param>
    /// <param name="submitted">When the time begins.</param>
    /// <param name="last">When it ends, for what has not ended.</param>
    /// <param name="newest">Show the newest so many bars alone; null: the first ones, as many as a page bears.</param>
    public static SlotTimeline Of(
        IEnumerable<TrialId> trials, TrialHistory history, Func<string, int?> slots,
        Func<TrialId, (double Seconds, int Together)?> timeOf, DateTimeOffset submitted, DateTimeOffset last,
        int? newest = null)
    {
        var most = 1;
        var attempts = trials
            .SelectMany(trial =>
            {
                var time = timeOf(trial);
                most = Math.Max(most, time?.Together ?? 1);
                return Trained(history.Of(trial), time?.Seconds).Select(attempt => (Trial: trial, Attempt: attempt));
            })
            .OrderBy(pair => pair.Attempt.Started).ThenBy(pair => pair.Trial.Configuration)
            .ThenBy(pair => pair.Trial.Fold)
            .ToList();
        var free = new Dictionary<string, List<(int Lane, DateTimeOffset From)>>();
        var lanes = new List<(string Silo, int Slot)>();
        var bars = new List<Bar>();
        foreach (var (trial, attempt) in attempts)
        {
            if (!free.TryGetValue(attempt.Silo, out var used))
                free.Add(attempt.Silo, used = []);
            var (from, end) = (attempt.Started, attempt.Ended ?? last);
            var slot = used.FindIndex(each => each.From <= from);
            // The log's times are those of messages: a slot that frees a moment later is the one.
            var soonest = used.Index().OrderBy(each => each.Item.From).FirstOrDefault();
            if (slot < 0 && used.Count > 0
                && (used.Count == slots(attempt.Silo) * most || soonest.Item.From - from <= Tolerance(end - from)))
                (slot, from) = (soonest.Index, soonest.Item.From < end ? soonest.Item.From : end);
            if (slot < 0)
            {
                slot = used.Count;
                used.Add((lanes.Count, default));
                lanes.Add((attempt.Silo, slot + 1));
            }

            used[slot] = (used[slot].Lane, end > used[slot].From ? end : used[slot].From);
            bars.Add(new(
                used[slot].Lane, $"{trial}", attempt.Number, (from - submitted).TotalSeconds,
                (end - submitted).TotalSeconds, attempt.End));
        }

        return Laid(lanes, bars, newest, most);
    }

    private static TimeSpan Tolerance(TimeSpan duration) =>
        duration / 4 < s_messages ? duration / 4 : s_messages;

    // The last attempt of a trial trained no longer than the trial did in all.
    private static IEnumerable<TrialAttempt> Trained(IReadOnlyList<TrialAttempt> attempts, double? seconds) =>
        attempts.Select((attempt, index) =>
            index == attempts.Count - 1 && seconds is { } known && attempt.Ended is { } end
                && end - TimeSpan.FromSeconds(known) is var from && from > attempt.Started
                ? attempt with { Started = from }
                : attempt);

    private static SlotTimeline Laid(List<(string Silo, int Slot)> lanes, List<Bar> bars, int? newest, int together)
    {
        // All slots of a silo side by side.
        var silos = lanes.Select(lane => lane.Silo).Distinct().ToList();
        int[] order = [.. Enumerable.Range(0, lanes.Count).OrderBy(lane => silos.IndexOf(lanes[lane].Silo))];
        var place = order.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var span = bars.Count > 0 ? bars.Max(bar => bar.To) - bars.Min(bar => bar.From) : 0;
        return new(
            [.. order.Select(lane => $"{lanes[lane].Silo} {(together > 1 ? "line" : "slot")} {lanes[lane].Slot}")],
            [.. (newest is { } count ? bars.TakeLast(count) : bars.Take(BarsMax))
                .Select(bar => bar with { Lane = place[bar.Lane] })])
        {
            Hidden = Math.Max(0, bars.Count - (newest ?? BarsMax)),
            HidesEarlier = newest is not null,
            Together = together,
            Busy = together > 1 ? null : span > 0 ? bars.Sum(bar => bar.To - bar.From) / (span * lanes.Count) : 0,
        };
    }
}

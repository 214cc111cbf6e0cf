using System.Diagnostics;
using System.Text.Json;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;
using Xunit.Abstractions;

namespace Sweeps.Core.Tests.State;

/// <summary>
/// Large sweeps cost what they should. The bounds are loose, since tests share their machine; the figures are
/// printed, and a quiet machine with <c>dotnet test -c Release</c> shows the real ones.
/// </summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const double ScansMax = 12;

    [Fact]
    [Trait("Speed", "slow")]
    public void Evolve_LogOfAHundredThousandTrials_OpensQuickly()
    {
        var log = new List<EncodedEvent>();
        var session = NewSession(20_000);
        Run(session, 16, () => Save(session, log));
        var (best, yardstick) = (double.MaxValue, double.MaxValue);
        var bytes = log.Sum(item => (long)item.Payload.Length);
        var memory = 0L;
        for (var round = 0; round < 3; round++)
        {
            yardstick = Math.Min(yardstick, SecondsToScan(log));
            var before = GC.GetTotalMemory(true);
            var watch = Stopwatch.StartNew();
            var state = new SweepState();
            foreach (var item in log)
                state.Evolve(SweepEventCodec.Decode(item.Type, item.Payload.Span));
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            memory = GC.GetTotalMemory(true) - before;
            Assert.Equal(session.State.Completion, state.Completion);
            GC.KeepAlive(state);
        }

        output.WriteLine(
            $"{log.Count} events, {bytes / 1e6:0.0} MB: decode and evolve {best:0.000} s, "
            + $"scan alone {yardstick:0.000} s, state {memory / 1e6:0.0} MB");
        Assert.True(best < ScansMax * yardstick, $"{best} s, where a scan of the same JSON takes {yardstick} s");
        Assert.True(memory < 100_000_000, $"{memory} bytes");
    }

    /// <summary>The yardstick, which is as slow as the machine is busy: every token of the log, for nothing.</summary>
    private static double SecondsToScan(List<EncodedEvent> log)
    {
        var watch = Stopwatch.StartNew();
        foreach (var item in log)
        {
            var reader = new Utf8JsonReader(item.Payload.Span);
            while (reader.Read())
            {
            }
        }

        return watch.Elapsed.TotalSeconds;
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Apply_ManyTrialsOnAThousandSilos_StaysFlatInTimeAndBoundedInMemory() => CheckApply(200_000);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Apply_AMillionTrialsOnAThousandSilos_StaysFlatInTimeAndBoundedInMemory() => CheckApply(1_000_000);

    private void CheckApply(int trials)
    {
        var session = NewSession(trials / 5);
        var before = GC.GetTotalMemory(true);
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        var last = 0L;
        Run(session, 1_000, () =>
        {
            session.Commit(session.State.Sequence);
            if (session.State.Totals.Completed - last < trials / 10)
                return;
            last = session.State.Totals.Completed;
            times.Add(watch.Elapsed.TotalMicroseconds * 10 / trials);
            watch.Restart();
        });
        var memory = GC.GetTotalMemory(true) - before;
        var list = string.Join(' ', times.Select(time => $"{time:0.00}"));
        output.WriteLine($"microseconds a trial, by tenths of {trials}: {list}");
        output.WriteLine($"state {memory / 1e6:0} MB, {memory / (trials + 1.0):0} bytes a trial");
        Assert.True(session.State.Completion!.Audit.Holds);
        Assert.Equal(trials + 1, session.State.Completion.Audit.Unique);
        Assert.True(memory < 400L * trials, $"{memory} bytes");
        var (early, late) = (times.Skip(1).Take(3).Min(), times.TakeLast(3).Min());
        Assert.True(late < 3 * early, $"{early} then {late} microseconds a trial");
    }

    private static SweepSession NewSession(int configurations)
    {
        var session = new SweepSession(new SweepState(), new SweepDecider(new TestSearcher()));
        session.Apply(new SubmitSweep(TestPlans.Plan(configurations, 5)), TestPlans.Start);
        return session;
    }

    private static void Save(SweepSession session, List<EncodedEvent> log)
    {
        log.AddRange(session.Uncommitted.Select(SweepEventCodec.Encode));
        session.Commit(session.State.Sequence);
    }

    /// <summary>Silos in turn report the trial they have and claim the next.</summary>
    private static void Run(SweepSession session, int silos, Action decided)
    {
        var held = new AttemptId?[silos];
        for (var turn = 0L; !session.State.IsOver; turn++)
        {
            var index = (int)(turn % silos);
            if (held[index] is { } attempt)
                session.Apply(new CompleteTrial(attempt, TestPlans.Of(attempt.Trial)), TestPlans.Start);
            var claim = new ClaimTrials(TestPlans.Silo(index), turn / silos + 1, 1, "numerics");
            var assignments = session.Apply(claim, TestPlans.Start).Assignments;
            held[index] = assignments.Count > 0 ? assignments[0].Attempt : null;
            decided();
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Sweeps.Core.Log;
using Sweeps.Store;
using Sweeps.Store.Doubles;

namespace Sweeps.Silo.Tests.Telemetry;

/// <summary>A trace goes from the submission, through the log, to each attempt and to the sweep's end.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task Trace_OfASubmission_HasEveryAttemptAndTheSweep()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SweepsTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var store = new MemoryStore(TimeProvider.System);
        await using var silo = await TestSweep.StartAsync(store);

        await TestSweep.ExecuteAsync(
            store, "test", new SubmitSweep(TestSweep.Plan(configurations: 2, folds: 3)) { Trace = trace });
        await TestSweep.EndAsync(store, "test");
        using var limit = new CancellationTokenSource(TestSweep.Deadline);
        while (!spans.Any(span => span.OperationName == "sweep" && IsOfTrace(span)))
            await Task.Delay(20, limit.Token);

        var ours = spans.Where(IsOfTrace).ToList();
        Assert.All(ours, span => Assert.Equal("b7ad6b7169203331", $"{span.ParentSpanId}"));
        var attempts = ours.Where(span => span.OperationName == "attempt").ToList();
        // Two configurations on three folds, and the refit.
        Assert.Equal(7, attempts.Count);
        Assert.Contains(attempts, span => Tags(span) == "test 1/2 1 silo completed");
        Assert.Equal("Completed", ours.Single(span => span.OperationName == "sweep").GetTagItem("sweeps.status"));
    }

    private static bool IsOfTrace(Activity span) => $"{span.TraceId}" == "0af7651916cd43dd8448eb211c80319c";

    private static string Tags(Activity span) => string.Join(' ', ((string[])
        ["sweeps.sweep", "sweeps.trial", "sweeps.attempt", "sweeps.silo", "sweeps.ending"]).Select(span.GetTagItem));
}

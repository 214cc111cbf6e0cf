using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    [StoreFact]
    public async Task PutMetrics_Rows_ReadBackSortedAndWhole()
    {
        await NewSweepAsync("a");
        await NewSweepAsync("b");
        var trial = new TrialKey("a", 3, 1);
        var rows = new[]
        {
            new MetricRow(trial, 2, Report(1)),
            new MetricRow(trial, 1, Report(2)),
            new MetricRow(trial, 1, Report(1)),
            new MetricRow(trial with { Fold = -1 }, 1, Report(1)),
            new MetricRow(trial with { Configuration = 10 }, 1, Report(1)),
            new MetricRow(trial with { Sweep = "b" }, 1, Report(9)),
        };
        await Store.Metrics.PutAsync(rows);
        Assert.Equal([rows[3], rows[2], rows[1], rows[0], rows[4]], await Store.Metrics.ReadAsync("a"));
        Assert.Equal([rows[2], rows[1], rows[0]], await Store.Metrics.ReadTrialAsync(trial));
        Assert.Empty(await Store.Metrics.ReadAsync("nobody"));
        Assert.Empty(await Store.Metrics.ReadTrialAsync(trial with { Fold = 4 }));
    }

    [StoreFact]
    public async Task PutMetrics_Again_ReplacesTheRow()
    {
        await NewSweepAsync("a");
        var row = new MetricRow(new TrialKey("a", 0, 0), 1, Report(1));
        await Store.Metrics.PutAsync([row, row]);
        await Store.Metrics.PutAsync([row]);
        Assert.Equal([row], await Store.Metrics.ReadAsync("a"));
        var better = row with { Report = Report(1, 0.25) };
        await Store.Metrics.PutAsync([row, better]);
        Assert.Equal([better], await Store.Metrics.ReadAsync("a"));
    }

    [StoreFact]
    public async Task PutMetrics_ExtremeNumbers_ComeBack()
    {
        await NewSweepAsync("a");
        var report = Report(1) with
        {
            TrainLoss = double.PositiveInfinity,
            TrainMetric = double.Epsilon,
            ValidationLoss = -1.7976931348623157e308,
            Samples = int.MaxValue,
        };
        await Store.Metrics.PutAsync([new MetricRow(new TrialKey("a", int.MaxValue, 0), 1, report)]);
        Assert.Equal(report, (await Store.Metrics.ReadAsync("a"))[0].Report);
    }

    [StoreFact]
    public async Task PutMetrics_UnknownSweep_IsRefusedAndOthersStay()
    {
        await NewSweepAsync("a");
        var good = new MetricRow(new TrialKey("a", 0, 0), 1, Report(1));
        var bad = good with { Trial = good.Trial with { Sweep = "nobody" } };
        var refused = Store.Metrics.PutAsync([good with { Attempt = 2 }, bad]);
        var kept = Store.Metrics.PutAsync([good]);
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => refused);
        Assert.Contains("nobody", error.Message, StringComparison.Ordinal);
        await kept;
        Assert.Equal([good], await Store.Metrics.ReadAsync("a"));
    }

    [StoreFact]
    public async Task PutMetrics_Nothing_IsFine()
    {
        await Store.Metrics.PutAsync([]);
        Assert.Empty(await Store.Metrics.ReadAsync("a"));
    }
}

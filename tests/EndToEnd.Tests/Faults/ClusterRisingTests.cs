using System.Diagnostics;
using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>
/// Every silo killed at once, and started again before anybody's lease is over: work goes on within a lease and 10 s,
/// at the default lease, since a short one hides what waits for it.
/// </summary>
[Trait("Speed", "slow")]
[Collection("kills")]
public sealed class ClusterRisingTests(FaultServer server, ITestOutputHelper output)
{
    private const int Trials = 200;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private static readonly SiloChildSettings Settings = new()
    {
        Lease = Lease,
        Epoch = TimeSpan.FromMilliseconds(50),
    };

    [PostgresFact]
    public Task AllSilos_KilledAndStartedAgain_WorkOnWithinALeaseAndTenSeconds() => KillAllAsync(0);

    /// <summary>Started again at once, in the middle of the lease, and long after it.</summary>
    [PostgresFact]
    [Trait("Speed", "nightly")]
    public Task AllSilos_KilledAgainAndAgain_WorkOnEachTime() => KillAllAsync(0, 3, 9, 14, 20);

    private async Task KillAllAsync(params int[] pauses)
    {
        const int silos = 3;
        var undisturbed = await FaultCluster.UndisturbedAsync(Trials);
        var clock = Stopwatch.StartNew();
        await using var cluster = await FaultCluster.StartAsync(
            await server.Postgres.CreateDatabaseAsync(), silos, Settings);
        // A machine so busy that processes take long to start at all has that time on top.
        var most = Lease + Margin + (clock.Elapsed > Margin / 2 ? clock.Elapsed : TimeSpan.Zero);
        await cluster.SubmitAsync("rising", Trials);
        var begun = 0;
        foreach (var pause in pauses)
        {
            await cluster.UntilAsync("rising", log => log.Of<TrialStarted>().Count() > begun + 20);
            var dead = cluster.Silos.ToList();
            foreach (var silo in dead)
                silo.Kill();
            var killed = await cluster.Store.NowAsync();
            foreach (var silo in dead)
                silo.Dispose();
            cluster.Silos.Clear();
            begun = (await SweepLog.ReadAsync(cluster.Store, "rising")).Of<TrialStarted>().Count();
            await Task.Delay(TimeSpan.FromSeconds(pause));
            var started = await cluster.Store.NowAsync();
            for (var i = 0; i < silos; i++)
                cluster.Add();

            var log = await cluster.UntilAsync("rising", log => log.Of<TrialStarted>().Count() > begun);
            var next = log.Of<TrialStarted>().ElementAt(begun).At;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"started again {(started - killed).TotalSeconds:0.0} s after the kill: the next trial began "
                    + $"{(next - killed).TotalSeconds:0.0} s after the kill, {(next - started).TotalSeconds:0.0} s "
                    + $"after the start"));
            Assert.True(next - started < most, $"{next - started} passed until a trial began; {most} may");
        }

        await Task.WhenAll(cluster.Silos.Select(silo => silo.Ready));
        (await cluster.EndAsync("rising")).AssertWhole(undisturbed);
    }
}

using System.Diagnostics;
using Sweeps.Core.Log;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>
/// What happens around silos that live: hangs, a database that goes away, a cut network, a full disk. After each the
/// answer is that of an undisturbed run, every trial counts once, and the silos go on.
/// </summary>
[Trait("Speed", "slow")]
[Collection("faults")]
public sealed class ClusterFaultTests(FaultServer server, ITestOutputHelper output)
{
    private const int Trials = 100;
    private const int TrialsAfter = 50;

    /// <summary>Three leases: by then an Orleans cluster, where there is one, has declared the silo dead too.</summary>
    private static readonly TimeSpan UntilDeclaredDead = TimeSpan.FromSeconds(6);

    [PostgresFact]
    public async Task Silo_PausedPastItsLease_ComesBackAsAnotherAndChangesNothing()
    {
        await using var cluster = await FaultCluster.StartAsync(await server.Postgres.CreateDatabaseAsync(), silos: 3);
        var paused = cluster.Silos[0];
        await cluster.SubmitAsync("hang", Trials);
        await cluster.UntilAsync("hang", log => log.State.SilosAtWork.Any(silo => silo.Name == paused.Name));

        var incarnation = await cluster.IncarnationAsync(paused);
        var at = DateTimeOffset.UtcNow;
        paused.Pause();
        await cluster.UntilLostAsync(incarnation);
        await Task.Delay(UntilDeclaredDead);
        paused.Continue();
        await cluster.UntilBackAsync(paused, incarnation);

        await AssertGoesOnAsync(cluster, paused, "hang", at);
    }

    [PostgresFact]
    public async Task Silo_CutOffFromTheDatabase_ComesBackAsAnotherAndChangesNothing()
    {
        var address = await server.Postgres.CreateDatabaseAsync();
        using var wire = new CutWire(server.Postgres.Port);
        await using var cluster = await FaultCluster.StartAsync(address, silos: 2);
        var cut = cluster.Add(address.Replace($":{server.Postgres.Port}/", $":{wire.Port}/", StringComparison.Ordinal));
        await cut.Ready;
        await cluster.SubmitAsync("cut", Trials);
        await cluster.UntilAsync("cut", log => log.State.SilosAtWork.Any(silo => silo.Name == cut.Name));

        var incarnation = await cluster.IncarnationAsync(cut);
        var at = DateTimeOffset.UtcNow;
        wire.Cut();
        await cluster.UntilLostAsync(incarnation);
        wire.Heal();
        await cluster.UntilBackAsync(cut, incarnation);

        await AssertGoesOnAsync(cluster, cut, "cut", at);
    }

    [PostgresFact]
    public async Task Database_RestartedAndKilledInTheMiddle_EverySiloGoesOn()
    {
        var undisturbed = await FaultCluster.UndisturbedAsync(Trials);
        await using var cluster = await FaultCluster.StartAsync(await server.Postgres.CreateDatabaseAsync(), silos: 3);
        await cluster.SubmitAsync("away", Trials);

        await cluster.UntilAsync("away", log => log.State.Totals.Completed > Trials / 4);
        var restarted = await AwayAsync(cluster, "away", server.Postgres.StopAsync);
        await cluster.UntilAsync("away", log => log.State.Totals.Completed > Trials / 2);
        var killed = await AwayAsync(cluster, "away", server.Postgres.KillAsync);

        var log = await cluster.EndAsync("away");
        log.AssertWhole(undisturbed);
        Assert.DoesNotContain(cluster.Silos, silo => silo.HasExited);
        output.WriteLine(
            $"restarted in order: next result {restarted:0.0} s after the server's end; killed: {killed:0.0} s; "
            + $"{log.Of<AttemptExpired>().Count()} attempts lost");
    }

    /// <summary>Every lease runs out meanwhile, and who is back first shall not take the others' work.</summary>
    [PostgresFact]
    public async Task Database_AwayForThreeLeases_NoWorkIsTaken_AndEverySiloGoesOn()
    {
        var undisturbed = await FaultCluster.UndisturbedAsync(Trials);
        // Long enough that a busy machine, which holds a silo up by itself, is not taken for a loss.
        var settings = new SiloChildSettings { Lease = 2 * new SiloChildSettings().Lease };
        await using var cluster = await FaultCluster.StartAsync(
            await server.Postgres.CreateDatabaseAsync(), silos: 3, settings);
        await cluster.SubmitAsync("outage", Trials);
        await cluster.UntilAsync("outage", log => log.State.Totals.Completed > Trials / 4);

        var gone = await AwayAsync(cluster, "outage", async () =>
        {
            await server.Postgres.StopAsync();
            await Task.Delay(3 * settings.Lease);
        });

        var log = await cluster.EndAsync("outage");
        log.AssertWhole(undisturbed);
        Assert.DoesNotContain(cluster.Silos, silo => silo.HasExited);
        Assert.Empty(log.Of<AttemptExpired>());
        output.WriteLine($"away for three leases: next result {gone:0.0} s after the server's end");
    }

    [PostgresFact]
    public async Task Silo_DatabaseGoneForGood_StillEndsWhenAsked()
    {
        await using var away = await PostgresServer.CreateAsync();
        using var silo = SiloChild.Start(await away.CreateDatabaseAsync(), "alone", new());
        await silo.Ready;
        await away.KillAsync();

        var clock = Stopwatch.StartNew();
        await silo.EndAsync(TimeSpan.FromSeconds(60));

        output.WriteLine($"ended {clock.Elapsed.TotalSeconds:0.0} s after it was asked to");
    }

    [PostgresDiskFact]
    public async Task Silo_DiskOfItsLogsFull_TrainsOn()
    {
        using var disk = new SmallDisk(1);
        var undisturbed = await FaultCluster.UndisturbedAsync(Trials);
        var settings = new SiloChildSettings { LogFolder = disk.Path, Slots = 8 };
        await using var cluster = await FaultCluster.StartAsync(
            await server.Postgres.CreateDatabaseAsync(), silos: 1, settings);
        Fill(disk);
        await cluster.SubmitAsync("disk", Trials);

        (await cluster.EndAsync("disk")).AssertWhole(undisturbed);
    }

    /// <summary>The disturbed sweep ends as if nothing had been, and the silo works for the next one.</summary>
    private async Task AssertGoesOnAsync(FaultCluster cluster, SiloChild silo, string id, DateTimeOffset at)
    {
        var undisturbed = await FaultCluster.UndisturbedAsync(Trials);
        var log = await cluster.EndAsync(id);
        log.AssertWhole(undisturbed);
        var times = new LossTimes();
        times.Add(log, silo.Name, at);
        Assert.Equal(1, times.Count);
        output.WriteLine($"{times}");

        await cluster.SubmitAsync($"{id}-after", TrialsAfter);
        var after = await cluster.EndAsync($"{id}-after");
        after.AssertWhole(await FaultCluster.UndisturbedAsync(TrialsAfter));
        var before = log.Of<TrialStarted>().First(started => started.Silo.Name == silo.Name).Silo;
        Assert.Contains(after.Of<TrialStarted>(), started => started.Silo.Name == silo.Name);
        Assert.DoesNotContain(after.Of<TrialStarted>(), started => started.Silo == before);
    }

    /// <summary>Ends the server and starts it again; seconds from its end to the next result.</summary>
    private async Task<double> AwayAsync(FaultCluster cluster, string id, Func<Task> end)
    {
        var done = (await SweepLog.ReadAsync(cluster.Store, id)).State.Totals.Completed;
        var clock = Stopwatch.StartNew();
        await end();
        await server.Postgres.StartAsync();
        await cluster.UntilAsync(id, log => log.State.Totals.Completed > done + 10);
        return clock.Elapsed.TotalSeconds;
    }

    private static void Fill(SmallDisk disk)
    {
        using var file = File.Create(Path.Combine(disk.Path, "filler"), bufferSize: 1);
        var page = new byte[4096];
        var error = Record.Exception(() =>
        {
            for (var pages = 0; pages < 1_000; pages++)
                file.Write(page);
        });
        Assert.IsType<IOException>(error);
    }
}

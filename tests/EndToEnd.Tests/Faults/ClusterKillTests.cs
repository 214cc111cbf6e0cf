using System.Diagnostics;
using Sweeps.Core.Log;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>
/// Goal: whatever silo processes die, the answer is that of an undisturbed run and every trial counts once. Method:
/// four real silos over a real PostgreSQL; every half to whole second one is killed with SIGKILL at random and
/// replaced, until the number of kills is reached. Sweeps follow each other until then, so that the test is as long as
/// the machine is slow.
/// </summary>
[Trait("Speed", "slow")]
[Collection("kills")]
public sealed class ClusterKillTests(FaultServer server, ITestOutputHelper output)
{
    private const int Trials = 150;

    [PostgresFact]
    public Task Silos_SixKilledAtRandom_GiveTheUndisturbedAnswer() => KillAsync(6);

    [PostgresFact]
    [Trait("Speed", "nightly")]
    public Task Silos_FiftyKilledAtRandom_GiveTheUndisturbedAnswer() => KillAsync(50);

    private async Task KillAsync(int total)
    {
        var undisturbed = await FaultCluster.UndisturbedAsync(Trials);
        await using var cluster = await FaultCluster.StartAsync(await server.Postgres.CreateDatabaseAsync());
        var random = new Random(20261121);
        var kills = new List<(string Silo, DateTimeOffset At)>();
        var times = new LossTimes();
        var clock = Stopwatch.StartNew();
        var (sweeps, retried, lost) = (0, 0L, 0L);
        while (kills.Count < total)
        {
            var id = $"kills-{sweeps++}";
            await cluster.SubmitAsync(id, Trials);
            var first = kills.Count;
            while (kills.Count < total && !(await cluster.Store.Log.FindAsync(id) is { Header.IsOpen: false }))
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5 + (0.5 * random.NextDouble())));
                kills.Add(await KillAsync(cluster, random));
            }

            var log = await cluster.EndAsync(id);
            log.AssertWhole(undisturbed);
            retried += log.State.Completion!.Audit.Retried;
            lost += log.Of<AttemptExpired>().Count();
            foreach (var (silo, at) in kills.Skip(first))
                times.Add(log, silo, at);
        }

        Assert.True(times.Count > 0, "No kill ever took work from a silo: the test proved nothing.");
        output.WriteLine(
            $"{kills.Count} kills over {sweeps} sweeps of {Trials} trials in {clock.Elapsed.TotalSeconds:0} s: "
            + $"{lost} attempts lost, {retried} retried; {times}; digest {undisturbed[..16]} each time");
    }

    private static async Task<(string Silo, DateTimeOffset At)> KillAsync(FaultCluster cluster, Random random)
    {
        // Where replacements take longer to start than the kills are apart: one that notices is always left.
        List<SiloChild> ready;
        while ((ready = [.. cluster.Silos.Where(silo => silo.Ready.IsCompletedSuccessfully)]).Count < 2)
            await Task.WhenAny(cluster.Silos.Select(silo => silo.Ready).Where(starts => !starts.IsCompleted));
        var silo = ready[random.Next(ready.Count)];
        var at = silo.Kill();
        cluster.Silos.Remove(silo);
        silo.Dispose();
        cluster.Add();
        return (silo.Name, at);
    }
}

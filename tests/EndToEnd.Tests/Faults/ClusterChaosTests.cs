using System.Diagnostics;
using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>Every fault in turn, again and again, at the default lease, without a hand on the cluster.</summary>
[Trait("Speed", "nightly")]
[Collection("faults")]
public sealed class ClusterChaosTests(FaultServer server, ITestOutputHelper output)
{
    private const int Silos = 3;
    private const int Trials = 250;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private static readonly SiloChildSettings Settings = new()
    {
        Lease = TimeSpan.FromSeconds(15),
        Epoch = TimeSpan.FromMilliseconds(200),
    };

    private readonly List<SweepLog> _sweeps = [];
    private FaultCluster _cluster = null!;
    private CutWire _wire = null!;
    private string _throughTheWire = "";
    private SiloChild _behindTheWire = null!;

    /// <summary>
    /// All sweeps end with the undisturbed digest, planned = completed = unique, and no time without a result is longer
    /// than a lease and 10 s.
    /// </summary>
    [PostgresFact]
    public async Task Cluster_TenMinutesOfFaultsInTurn_GivesTheUndisturbedAnswer()
    {
        var undisturbed = await FaultCluster.UndisturbedAsync(Trials);
        var address = await server.Postgres.CreateDatabaseAsync();
        using var wire = _wire = new CutWire(server.Postgres.Port);
        _throughTheWire = address.Replace($":{server.Postgres.Port}/", $":{wire.Port}/", StringComparison.Ordinal);
        var start = Stopwatch.StartNew();
        await using var cluster = _cluster = await FaultCluster.StartAsync(address, Silos, Settings);
        await (_behindTheWire = cluster.Add(_throughTheWire)).Ready;
        // A machine so busy that processes take long to start at all has that time on top.
        var most = Settings.Lease + Margin + (start.Elapsed > Margin ? start.Elapsed : TimeSpan.Zero);
        (string Name, Func<Task> Happens)[] faults =
        [
            ("kill -9 of one", KillOneAsync), ("a silo hangs for 20 s", HangAsync),
            ("the way to PostgreSQL cut for 20 s", CutAsync),
            ("kill -9 of all", KillAllAsync), ("PostgreSQL restarted", () => AwayAsync(server.Postgres.StopAsync)),
            ("PostgreSQL killed", () => AwayAsync(server.Postgres.KillAsync)), ("a silo told to end", EndOneAsync),
        ];
        var clock = Stopwatch.StartNew();
        var working = WorkAsync(clock);
        var times = new int[faults.Length];
        for (var round = 0; clock.Elapsed < Duration && !working.IsCompleted; round++)
        {
            times[round % faults.Length]++;
            await faults[round % faults.Length].Happens();
            await Task.WhenAny(working, Task.Delay(Rest));
        }

        await working;
        foreach (var sweep in _sweeps)
            sweep.AssertWhole(undisturbed);
        var (gap, at) = LongestStandstill();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.Elapsed.TotalMinutes:0.0} minutes, {_sweeps.Count} sweeps of {Trials} trials; "
                + $"{string.Join(", ", faults.Zip(times, (fault, count) => $"{count} x {fault.Name}"))}; "
                + $"{_sweeps.Sum(sweep => sweep.Of<AttemptExpired>().Count())} attempts lost; longest standstill "
                + $"{gap.TotalSeconds:0.0} s, until {at:T}; digest {undisturbed[..16]} each time"));
        Assert.All(times, count => Assert.True(count > 0));
        Assert.True(gap < most, $"{gap} passed without a result; {most} may");
    }

    /// <summary>One sweep after the other, as long as it lasts.</summary>
    private async Task WorkAsync(Stopwatch clock)
    {
        while (clock.Elapsed < Duration)
        {
            var id = $"chaos-{_sweeps.Count}";
            await _cluster.SubmitAsync(id, Trials);
            _sweeps.Add(await _cluster.EndAsync(id));
        }
    }

    private (TimeSpan Gap, DateTimeOffset At) LongestStandstill()
    {
        var results = _sweeps.SelectMany(sweep => sweep.Of<TrialCompleted>())
            .Select(result => result.At).Order().ToList();
        return results.Zip(results.Skip(1), (before, after) => (after - before, after)).Max();
    }

    private async Task KillOneAsync()
    {
        var silo = await AnyReadyAsync();
        silo.Kill();
        Replace(silo);
    }

    private async Task EndOneAsync()
    {
        var silo = await AnyReadyAsync();
        Assert.Equal(0, (await silo.EndAsync()).Code);
        Replace(silo);
    }

    private async Task HangAsync()
    {
        var silo = await AnyReadyAsync();
        silo.Pause();
        await Task.Delay(TimeSpan.FromSeconds(20));
        silo.Continue();
    }

    private async Task CutAsync()
    {
        _wire.Cut();
        await Task.Delay(TimeSpan.FromSeconds(20));
        _wire.Heal();
    }

    private Task KillAllAsync()
    {
        var dead = _cluster.Silos.ToList();
        foreach (var silo in dead)
            silo.Kill();
        foreach (var silo in dead)
            silo.Dispose();
        _cluster.Silos.Clear();
        for (var i = 0; i < Silos; i++)
            _cluster.Add();
        _behindTheWire = _cluster.Add(_throughTheWire);
        return Task.WhenAll(_cluster.Silos.Select(silo => silo.Ready));
    }

    private async Task AwayAsync(Func<Task> end)
    {
        await end();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await server.Postgres.StartAsync();
    }

    // In turn: who is replaced goes to the end.
    private async Task<SiloChild> AnyReadyAsync()
    {
        await Task.WhenAll(_cluster.Silos.Select(silo => silo.Ready));
        return _cluster.Silos[0];
    }

    private void Replace(SiloChild silo)
    {
        _cluster.Silos.Remove(silo);
        silo.Dispose();
        if (silo == _behindTheWire)
            _behindTheWire = _cluster.Add(_throughTheWire);
        else
            _cluster.Add();
    }
}

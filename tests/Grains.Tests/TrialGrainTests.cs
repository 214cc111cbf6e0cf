using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core.Log;
using Sweeps.Grains.Contracts;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Grains.Tests;

/// <summary>
/// A trial's grain between the slots of its silo and the outbox. A cluster may end an activation while its trial is
/// trained, and begin one on a silo that does not train it.
/// </summary>
public sealed class TrialGrainTests : IAsyncLifetime
{
    private static readonly AttemptKey Key = new(SmallSweep.Plan.Id, 0, 1, 2);
    private readonly MemoryStore _store = new();
    private readonly SiloParts _parts = new();
    private IHost _silo = null!;

    private ITrialGrain Grain =>
        _silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrialGrain>(Key.TrialGrainKey);

    public async Task InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ISweepStore>(_store);
        builder.Services.AddSingleton<ISlotPool>(_parts);
        builder.Services.AddSingleton<IOutbox>(_parts);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()));
        _silo = builder.Build();
        await _silo.StartAsync();
        await SmallSweep.Coordinator(_store).ExecuteAsync([new SubmitSweep(SmallSweep.Plan)]);
    }

    public async Task DisposeAsync()
    {
        await _silo.StopAsync();
        _silo.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Start_Repeated_QueuesTheTrainingOnce()
    {
        var assignment = new TrialAssignment(Key, _parts.Incarnation, [], IsExclusive: false, Timeout: null);

        Assert.True(await Grain.Start(assignment));
        Assert.True(await Grain.Start(assignment));

        Assert.Equal([Key], _parts.Queued);
    }

    [Fact]
    public async Task Reports_ToAnActivationThatNeverStarted_AreTaken()
    {
        var epoch = new EpochNumbers(1, 0.5, 0.8, 0.6, 0.7, 1, 0.1, 1, 100);

        Assert.True(await Grain.EpochCompleted(_parts.Incarnation, new(Key, [epoch], Checkpoint: [1, 2, 3])));
        Assert.True(await Grain.Ended(_parts.Incarnation, new(Key, AttemptEnding.Completed) { Epoch = 1 }));

        var row = Assert.Single(await _store.Metrics.ReadTrialAsync(Key.Trial));
        Assert.Equal((Key.Number, 0.7), (row.Attempt, row.Report.ValidationMetric));
        var end = Assert.Single(_parts.Ends);
        Assert.Equal((Key, AttemptEnding.Completed, true), (end.Key, end.Ending, end.HasCheckpoint));
    }

    [Fact]
    public async Task Calls_ForAnotherSilo_AreLeftToIt()
    {
        const string elsewhere = "elsewhere";

        Assert.False(await Grain.Start(new(Key, elsewhere, [], IsExclusive: false, Timeout: null)));
        Assert.False(await Grain.EpochCompleted(elsewhere, new(Key, [], Checkpoint: [1])));
        Assert.False(await Grain.Ended(elsewhere, new(Key, AttemptEnding.Completed)));

        Assert.Empty(_parts.Queued);
        Assert.Empty(_parts.Ends);
        Assert.Null(await _store.Artifacts.FindAsync(new(Key.Trial, ArtifactKey.Checkpoint)));
    }

    [Fact]
    public void Key_OfEachAttempt_IsNewToEverySilo() =>
        Assert.NotEqual(Key.TrialGrainKey, (Key with { Number = Key.Number + 1 }).TrialGrainKey);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The slots and the outbox of the silo, which only remember.</summary>
    private sealed class SiloParts : ISlotPool, IOutbox
    {
        public List<AttemptKey> Queued { get; } = [];

        public List<AttemptEnd> Ends { get; } = [];

        public string Incarnation => "here";

        public void Enqueue(TrialAssignment assignment, byte[]? checkpoint) => Queued.Add(assignment.Key);

        public bool Stop(AttemptKey key, StopRequest request) => false;

        public TrialActivity? Find(AttemptKey key) => null;

        public void Add(AttemptEnd end) => Ends.Add(end);
    }
}

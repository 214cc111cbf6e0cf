using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.TestingHost;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Grains.Tests;

/// <summary>The grains over two silos and a client: every call of these tests crosses from one to another.</summary>
public sealed class TwoSiloTests : IAsyncLifetime
{
    private static readonly MemoryStore Store = new();
    private TestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var builder = new TestClusterBuilder(initialSilosCount: 2);
        builder.AddSiloBuilderConfigurator<Silo>();
        builder.AddClientBuilderConfigurator<Client>();
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    /// <summary>A seed, a rate and a configuration of 0 are values like others: none may get lost on the way.</summary>
    [Fact]
    public async Task Exchange_PlanFullOfZeros_GivesOutWhatThePlanSays_AndTakesTheResult()
    {
        var plan = SmallSweep.Plan with { Id = "zeros", Seed = 0, Configurations = 1 };
        var grain = _cluster.Client.GetGrain<ISweepGrain>(plan.Id);
        (await grain.Submit(plan)).ThrowIfNotDone();

        var claimed = await grain.Exchange(Ask(claim: 1, [], count: 5));

        claimed.Status.ThrowIfNotDone();
        Assert.Equal(2, claimed.Assignments.Length);
        Assert.All(claimed.Assignments, assignment => Assert.Equal(
            plan.RequestOf(assignment.Key.Attempt.Trial, Zeros), assignment.Request));
        AttemptEnd[] ends =
        [
            .. claimed.Assignments.Select(assignment => new AttemptEnd(assignment.Key, AttemptEnding.Completed)
            {
                Result = new()
                {
                    Outcome = TrainingOutcome.Completed,
                    ValidationMetric = 0,
                    Epochs = 0,
                    Weights = 0,
                    WeightsDigest = new string('0', 64),
                    TrainSeconds = 0,
                },
            }),
        ];
        var told = await grain.Exchange(Ask(claim: 2, ends, count: 0));

        told.Status.ThrowIfNotDone();
        Assert.Equal(WorkPhase.Over, told.Phase);
    }

    /// <summary>
    /// An end without the result that it claims, and one whose result is none: the good end beside them is heard, and
    /// each of the others is an error of its trial, which is tried again.
    /// </summary>
    [Fact]
    public async Task Exchange_MalformedEnds_AreErrorsOfTheirTrials()
    {
        var plan = SmallSweep.Plan with { Id = "malformed", Configurations = 1, Folds = 3 };
        var grain = _cluster.Client.GetGrain<ISweepGrain>(plan.Id);
        (await grain.Submit(plan)).ThrowIfNotDone();
        var keys = (await grain.Exchange(Ask(claim: 1, [], count: 3))).Assignments
            .Select(assignment => assignment.Key).ToList();
        var result = new TrialResult
        {
            Outcome = TrainingOutcome.Completed,
            ValidationMetric = 0.5,
            Epochs = 1,
            Weights = 1,
            TrainSeconds = 0,
            WeightsDigest = new string('0', 64),
        };
        AttemptEnd[] ends =
        [
            new(keys[0], AttemptEnding.Completed),
            new(keys[1], AttemptEnding.AtRung) { Result = result },
            new(keys[2], AttemptEnding.Completed) { Result = result },
        ];

        var told = await grain.Exchange(Ask(claim: 2, ends, count: 3));

        told.Status.ThrowIfNotDone();
        Assert.Empty(told.Unheard);
        Assert.Equal([(0, 2), (1, 2)], told.Assignments.Select(item => (item.Key.Fold, item.Key.Number)).Order());
        // The same ends again, as a worker sends them whose answer was lost, change nothing.
        (await grain.Exchange(Ask(claim: 3, ends, count: 0))).Status.ThrowIfNotDone();
        var events = (await Store.Log.ReadAsync(plan.Id, 0))
            .Select(item => SweepEventCodec.Decode(item.Type, item.Payload.Span)).ToList();
        Assert.Equal(
            [(0, true), (1, true)],
            events.OfType<TrialFailed>().Select(failed => (failed.Trial.Fold, failed.WillRetry)));
        Assert.All(events.OfType<TrialFailed>(), failed => Assert.Contains(
            "its report is malformed", failed.Message, StringComparison.Ordinal));
        Assert.Equal(2, Assert.Single(events.OfType<TrialCompleted>()).Trial.Fold);
    }

    [Fact]
    public async Task Start_OfOneTrialOnBothSilos_StaysOnTheSiloThatCalls()
    {
        var silos = _cluster.Silos.Cast<InProcessSiloHandle>().Select(silo => silo.SiloHost.Services).ToList();
        for (var number = 1; number <= 4; number++)
        {
            var key = new AttemptKey("small", 0, 0, number);
            var here = silos[number % 2];

            await here.GetRequiredService<IGrainFactory>().GetGrain<ITrialGrain>(key.TrialGrainKey)
                .Start(SiloParts.Assignment(key));

            Assert.Equal(number, here.GetRequiredService<SiloParts>().Queued.Last().Assignment.Key.Number);
        }

        Assert.All(silos, silo => Assert.Equal(2, silo.GetRequiredService<SiloParts>().Queued.Count));
    }

    private static Hyperparameters Zeros { get; } =
        new() { Architecture = "linear", LearningRate = 0, BatchSize = 1, Epochs = 1 };

    private static ExchangeRequest Ask(long claim, AttemptEnd[] ends, int count) =>
        new("silo", "incarnation", "numerics", ends, Running: null, claim, count, AcceptsExclusive: true);

    private sealed class Source : ISearcher
    {
        public int Count => 1;

        public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) =>
            new(Zeros, ParameterAssignment.Empty);
    }

    private sealed class Silo : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.Services.AddSerializer(serializer => serializer.AddCore());
            siloBuilder.Services.AddSingleton<ISweepStore>(Store);
            siloBuilder.Services.AddSingleton<Func<SweepPlan, ISearcher>>(_ => new Source());
            siloBuilder.Services.AddSingleton(TimeProvider.System);
            siloBuilder.Services.AddSingleton<CoordinatorClock>();
            siloBuilder.Services.AddSingleton<TrialCounts>();
            siloBuilder.Services.AddSingleton<SiloParts>();
            siloBuilder.Services.AddSingleton<ISlotPool>(services => services.GetRequiredService<SiloParts>());
            siloBuilder.Services.AddSingleton<IOutbox>(services => services.GetRequiredService<SiloParts>());
        }
    }

    private sealed class Client : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) =>
            clientBuilder.Services.AddSerializer(serializer => serializer.AddCore());
    }
}

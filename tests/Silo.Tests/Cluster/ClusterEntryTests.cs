using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Sweeps.Silo.Cluster;
using Sweeps.Store.Doubles;
using Sweeps.Tests.Shared;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>A silo whose start fails, as one that is tried again and again in one process does.</summary>
public sealed class ClusterEntryTests
{
    /// <summary>
    /// Orleans' directory, disposed without having been stopped, takes a core for ever.
    /// </summary>
    [Fact]
    public async Task StartThatFails_StopsWhatHasStarted_AndDisposesNothingThatRuns()
    {
        var steps = new Steps();
        var entry = new ClusterEntry(() => Build(steps), new());

        var error = await Assert.ThrowsAnyAsync<Exception>(() => entry.JoinAsync(CancellationToken.None));

        Assert.Contains("nobody answers", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["services start", "services stop"], steps.Taken);
    }

    /// <summary>Every trial is a grain: of a million of them Orleans would keep the places, 300 MB.</summary>
    [Fact]
    public async Task Directory_OfGrains_RemembersFewOfThem()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseSweepsCluster(store, TestSweep.Settings(slots: 1));
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptions<GrainDirectoryOptions>>().Value;
        Assert.InRange(options.CacheSize, 1_000, 100_000);
    }

    private static IHost Build(Steps steps)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort.Next(), gatewayPort: 0);
            silo.Services.AddSingleton<IFatalErrorHandler, ClusterVerdict>();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(_ => steps);
        });
        return builder.Build();
    }

    private sealed class Steps : ILifecycleParticipant<ISiloLifecycle>, IDisposable
    {
        public List<string> Taken { get; } = [];

        public void Participate(ISiloLifecycle lifecycle)
        {
            lifecycle.Subscribe(
                "services", ServiceLifecycleStage.RuntimeServices, _ => Take("services start"),
                _ => Take("services stop"));
            lifecycle.Subscribe(
                "failing", ServiceLifecycleStage.BecomeActive,
                _ => throw new InvalidOperationException("nobody answers"));
        }

        public void Dispose() => Take("disposed");

        private Task Take(string step)
        {
            Taken.Add(step);
            return Task.CompletedTask;
        }
    }
}

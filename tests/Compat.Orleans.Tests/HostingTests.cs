using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Sweeps.Compat.Orleans.Tests.Grains;

namespace Sweeps.Compat.Orleans.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task RequestContext_TravelsWithCalls_NotBack()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IContextGrain>();

        RequestContext.Set("trial", "t-7");

        Assert.Equal("t-7", await grain.Read("trial"));
        Assert.Equal("t-7", await grain.ReadThrough(silo.Grain<IContextGrain>(), "trial"));
        await grain.Set("trial", "t-8");
        Assert.Equal("t-7", RequestContext.Get("trial"));
        Assert.True(RequestContext.Remove("trial"));
        Assert.Null(await grain.Read("trial"));
    }

    [Fact]
    public async Task AsyncLocals_DoNotTravelWithCalls()
    {
        await using var silo = await TestSilo.Start();
        var local = new AsyncLocal<string> { Value = "mine" };
        string? seen = "not called";
        await using var other = await TestSilo.Start(builder => builder.AddIncomingGrainCallFilter(call =>
        {
            seen = local.Value;
            return call.Invoke();
        }));

        await other.Grain<IContextGrain>().Read("x");

        Assert.Null(seen);
    }

    [Fact]
    public async Task Filters_RunInOrderAroundCalls_AndSeeWhatIsCalled()
    {
        var seen = new List<string>();
        await using var silo = await TestSilo.Start(builder => builder
            .AddIncomingGrainCallFilter(async call =>
            {
                if (call.Grain is ContextGrain)
                {
                    seen.Add($"outer {call.MethodName} of {call.TargetId.Key}");
                }

                await call.Invoke();
            })
            .AddIncomingGrainCallFilter(async call =>
            {
                await call.Invoke();
                if (call.Grain is ContextGrain)
                {
                    seen.Add($"inner {call.InterfaceMethod.Name} {call.ImplementationMethod.DeclaringType!.Name}");
                    call.Result = "replaced";
                }
            }));

        Assert.Equal("replaced", await silo.Grain<IContextGrain>("one").Read("x"));
        Assert.Equal(["outer Read of one", "inner Read ContextGrain"], seen);
    }

    [Fact]
    public async Task Filter_ThatThrows_FailsTheCall()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddIncomingGrainCallFilter(
            call => call.Grain is ContextGrain ? throw new UnauthorizedAccessException("no") : call.Invoke()));

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => silo.Grain<IContextGrain>().Read("x"));
    }

    [Fact]
    public async Task Silo_IsNamedAndAddressed()
    {
        await using var silo = await TestSilo.Start(builder => builder
            .Configure<SiloOptions>(options => options.SiloName = "alpha")
            .Configure<ClusterOptions>(options => options.ClusterId = "cluster"));
        var details = silo.Services.GetRequiredService<ILocalSiloDetails>();

        Assert.Equal("alpha", details.Name);
        Assert.Equal("alpha", await silo.Grain<IContextGrain>().Silo());
        Assert.Equal("cluster", details.ClusterId);
        Assert.Equal(details.SiloAddress, SiloAddress.FromParsableString(details.SiloAddress.ToParsableString()));
    }

    [Fact]
    public async Task Lifecycle_StartsStagesUpwards_AndStopsThemDownwards()
    {
        var stages = new List<string>();
        var silo = await TestSilo.Start(builder =>
        {
            builder.AddStartupTask(async (services, _) =>
            {
                stages.Add(await services.GetRequiredService<IGrainFactory>().GetGrain<IContextGrain>("x").Read("y")
                    ?? "task calls grains");
            });
            builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new Participant(stages));
        });

        await silo.DisposeAsync();

        Assert.Equal(
            ["start 10000", "task calls grains", "start 20001", "stop 20001", "stop 10000"], stages);
    }

    [Fact]
    public async Task Stop_DeactivatesGrains_AndThenRefusesCalls()
    {
        var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<ILifeGrain>("one", "Sweeps.Compat.Orleans.Tests.Grains.LifeGrain");
        await grain.Count();

        await silo.Stop();

        Assert.Equal(["activate", "deactivate ShuttingDown"], silo.Journal.Entries);
        await Assert.ThrowsAnyAsync<Exception>(() => grain.Count().WaitAsync(Journal.Deadline));
    }

    [Fact]
    public async Task Stop_WithAGrainThatHangs_EndsAllTheSame()
    {
        var silo = await TestSilo.Start();
        var grain = silo.Grain<IReentrantGrain>();
        var hanging = grain.Work("for ever");
        await silo.Journal.Signalled("begun for ever");

        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await silo.Stop(limit.Token).WaitAsync(Journal.Deadline);

        await Assert.ThrowsAnyAsync<Exception>(() => hanging.WaitAsync(Journal.Deadline));
        silo.Journal.Signal("go for ever");
    }

    [Fact]
    public async Task HostBuilder_OfTheOldKind_HostsASiloToo()
    {
        using var host = new HostBuilder()
            .ConfigureServices(services => services.AddSingleton<Journal>())
            .UseOrleans(silo => silo.UseLocalhostClustering(TestSilo.FreePort(), TestSilo.FreePort()))
            .Build();
        await host.StartAsync();

        var client = host.Services.GetRequiredService<IClusterClient>();
        Assert.Null(await client.GetGrain<IContextGrain>("x").Read("y"));

        await host.StopAsync();
    }

    [CompatFact]
    public async Task Client_WithoutASilo_SaysWhyItCannotStart()
    {
        using var host = new HostBuilder().UseOrleansClient(_ => { }).Build();

        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());

        Assert.Contains("in-process", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CollectionAge_NotAboveTheQuantum_IsRefused()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => TestSilo.Start(
            builder => builder.Configure<GrainCollectionOptions>(o => o.CollectionAge = o.CollectionQuantum)));

        Assert.Contains(nameof(GrainCollectionOptions.CollectionAge), failure.Message, StringComparison.Ordinal);
    }

    private sealed class Participant(List<string> stages) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle)
        {
            foreach (var stage in new[] { 20001, ServiceLifecycleStage.ApplicationServices })
            {
                lifecycle.Subscribe(
                    "test",
                    stage,
                    _ => Note("start " + stage),
                    _ => Note("stop " + stage));
            }
        }

        private Task Note(string text)
        {
            stages.Add(text);
            return Task.CompletedTask;
        }
    }
}

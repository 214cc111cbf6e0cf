using System.Reflection;
using Sweeps.Client.Silos;
using Sweeps.Core;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Tests.Silos;

public sealed class SilosCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("give --ui too", "--ui-origin", "https://sweeps.example.org")]
    [InlineData("and no path", "--listen", "0", "--ui", "--ui-origin", "https://sweeps.example.org/pages")]
    [InlineData("a token", "--listen", "0", "--ui", "--ui-origin", "https://sweeps.example.org")]
    public async Task Silo_OriginThatCannotServe_IsRefusedBeforeWork(string text, params string[] options)
    {
        var answer = await _place.RunAsync(["silo", .. options]);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains(text, answer.Error, StringComparison.Ordinal);
        Assert.Contains("--ui-origin", answer.Error, StringComparison.Ordinal);
    }

    /// <summary>The store's clock was set back since the silo's last heartbeat.</summary>
    [Fact]
    public async Task Listing_HeartbeatAheadOfTheClock_IsOfNoAge()
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        await store.Silos.RegisterAsync(new("a", "a-1", "host", "1.0", 2, "0123456789ab"));
        var late = DispatchProxy.Create<ISweepStore, LateStore>();
        ((LateStore)(object)late).Store = store;

        var silo = Assert.Single(await SiloListing.OfAsync(late, default));

        Assert.Equal(TimeSpan.Zero, silo.Age);
    }

    [Fact]
    public async Task Silos_OneThatWasLost_TrainsNothingForProgramsEither()
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        foreach (var name in (string[])["lost", "living"])
        {
            await store.Silos.RegisterAsync(new(name, $"{name}-1", "host", "1.0", 1, "0123456789ab"));
            await store.Silos.HeartbeatAsync(new($"{name}-1", 1, SiloTraining.Write([Training]), 100));
            if (name == "lost")
                await store.Silos.ExpireAsync(TimeSpan.Zero, judge: null);
        }

        var json = (await _place.RunAsync("silos", "--json", "--all")).Json();

        var silos = json.GetProperty("silos").EnumerateArray().ToDictionary(
            silo => silo.GetProperty("name").GetString()!,
            silo => (silo.GetProperty("training").GetArrayLength(), silo.GetProperty("images_per_second").GetInt32()));
        Assert.Equal((1, 100), silos["living"]);
        Assert.Equal((0, 0), silos["lost"]);
    }

    private static TrialActivity Training => new(0, new("clu", 1, 2, 1), "mlp-5", 1, 3, 0.5, 0.25, 100);

    [Fact]
    public async Task Silos_SomeLeft_ShowsTheLivingAndCountsTheOthers()
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        foreach (var name in (string[])["living", "gone-a", "gone-b"])
        {
            await store.Silos.RegisterAsync(new(name, $"{name}-1", "host", "1.0", 2, "0123456789ab"));
            if (name != "living")
                await store.Silos.LeaveAsync($"{name}-1");
        }

        var some = await _place.RunAsync("silos");
        var all = await _place.RunAsync("silos", "--all");
        var json = (await _place.RunAsync("silos", "--json")).Json();

        Assert.Contains("and 2 silos that left or were lost; --all shows them", some.Output, StringComparison.Ordinal);
        Assert.Contains("living", some.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gone-", some.Output, StringComparison.Ordinal);
        Assert.Matches("gone-a +left", all.Output);
        Assert.DoesNotContain("--all", all.Output, StringComparison.Ordinal);
        Assert.Equal((1, 2), (json.GetProperty("silos").GetArrayLength(), json.GetProperty("not_shown").GetInt32()));
    }

    /// <summary>A store whose clock is an hour late.</summary>
    public class LateStore : DispatchProxy
    {
        public ISweepStore? Store { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(ISweepStore.NowAsync)
                ? Task.FromResult(DateTimeOffset.UtcNow.AddHours(-1)) : targetMethod.Invoke(Store, args);
    }
}

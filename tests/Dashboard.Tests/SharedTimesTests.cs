using System.Xml.Linq;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Sweeps.Client;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Dashboard.Pages;
using Sweeps.Client.Report;
using Sweeps.Core;
using Sweeps.Store;
using Sweeps.Store.Addresses;

namespace Sweeps.Dashboard.Tests;

/// <summary>
/// Sweeps whose trials were trained side by side: their times are shares, by which nothing is said to be faster.
/// </summary>
public sealed class SharedTimesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-shares-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // However busy the machine is.
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_TrainedTogether_HaveNoTimesInTheirWordsAndCards(bool isShared)
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_folder));
        var sweep = await MadeSweep.SubmitAsync(
            store, "made", 3, together: trial => isShared ? 2 + trial.Configuration : 1);
        await sweep.CompleteAsync(6, _ => 0.9);

        var report = await SweepReport.ReadAsync(
            store, "made", _folder, (_, _) => throw new SweepsException(ErrorKind.Data, "no data here."));
        var answer = string.Join(' ', report.Answer);
        await using var follower = new StoreFollower(store, Timeout.InfiniteTimeSpan);
        using var watch = follower.Watch(() => { });
        await (await follower.OpenAsync("made")).RankingAsync();
        await using var context = new BunitContext();
        context.Services.AddSingleton(follower);
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        var overview = context.Render<Overview>(parameters => parameters.Add(page => page.Id, "made"));

        Assert.Equal(isShared, report.Costs.WhyNone is not null);
        Assert.Equal(!isShared, answer.Contains("trains in", StringComparison.Ordinal));
        Assert.Equal(!isShared, answer.Contains("by weights or time", StringComparison.Ordinal));
        Assert.Contains("by weights", answer, StringComparison.Ordinal);
        overview.WaitForAssertion(() => Assert.NotEmpty(overview.FindAll("#configurations")), s_most);
        Assert.Equal(!isShared, overview.Markup.Contains("seconds a fold", StringComparison.Ordinal));
        Assert.Equal(isShared, overview.Markup.Contains("shares of what several", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("Time")]
    public async Task Plot_TimeOfTrialsTrainedTogether_SaysWhyThereIsNone(string kind)
    {
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_folder)))
        {
            var sweep = await MadeSweep.SubmitAsync(store, "made", 3, together: trial => 1 + trial.Configuration);
            await sweep.CompleteAsync(6, MadeSweep.Growing);
        }

        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["plot", "made", kind, "--store", _folder], output, error);

        Assert.Equal((int)ErrorKind.Usage, code);
        Assert.Contains("trained 1 to 3 at once in a slot", $"{error}", StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", $"{error}", StringComparison.Ordinal);
    }

    /// <summary>Its lanes are lines of trials side by side, and no slots.</summary>
    [Theory]
    [InlineData(1, "made: slots", "made slot 1")]
    [InlineData(3, "made: trials side by side", "made line 1")]
    public async Task Plot_Timeline_IsTitledByWhatItsLanesAre(int together, string title, string lane)
    {
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_folder)))
        {
            var sweep = await MadeSweep.SubmitAsync(store, "made", 3, together: _ => together);
            await sweep.CompleteAsync(6, MadeSweep.Growing);
        }

        var file = Path.Combine(_folder, "timeline.svg");
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["plot", "made", "timeline", "--output", file, "--store", _folder], TextWriter.Null, error);

        Assert.True(code == 0, $"{error}");
        var texts = XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "text")
            .Select(element => element.Value.Trim()).ToList();
        Assert.Contains(title, texts);
        Assert.Contains(lane, texts);
    }

    /// <summary>Of what is not all in there is no place yet, but what it is must be told.</summary>
    [Fact]
    public async Task Ranking_OfASweepThatGoesOn_HasTheSearchedParametersOfEachConfiguration()
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_folder));
        var sweep = await MadeSweep.SubmitAsync(store, "made", 3);
        await sweep.CompleteAsync(3, MadeSweep.Growing);
        await using var follower = new StoreFollower(store, Timeout.InfiniteTimeSpan);
        using var watch = follower.Watch(() => { });
        await (await follower.OpenAsync("made")).RankingAsync();
        await using var context = new BunitContext();
        context.Services.AddSingleton(follower);

        var table = context.Render<RankingTable>(parameters => parameters.Add(page => page.Id, "made"));

        table.WaitForAssertion(() => Assert.Equal(2, table.FindAll("table").Count), s_most);
        foreach (var (each, rate) in table.FindAll("table").Zip(["0.001", "0.002"]))
        {
            var place = each.QuerySelectorAll("thead th").ToList()
                .FindIndex(head => head.TextContent.Trim() == "learning rate");
            Assert.Equal(rate, each.QuerySelectorAll("tbody td")[place].TextContent);
        }
    }
}

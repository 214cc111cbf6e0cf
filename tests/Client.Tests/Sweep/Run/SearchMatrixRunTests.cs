using Sweeps.Tests.Shared;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>Search methods with schedules and real trainings: one digest with any number of slots.</summary>
[Trait("Speed", "slow")]
public sealed class SearchMatrixRunTests : IDisposable
{
    private readonly Workplace _place = new();

    /// <summary>Each schedule once, the methods in turn; all of them together are a test of the night.</summary>
    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var (index, group) in SearchMatrix.All.GroupBy(pair => pair.Schedule).Index())
        {
            var (method, schedule) = group.ElementAt(group.Count() - 1 - (index % group.Count()));
            pairs.Add(method, schedule);
        }

        return pairs;
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Run_OnAnySlots_GivesTheSameDigest(string method, string schedule)
    {
        await File.WriteAllTextAsync(_place.SweepFile, $"""
            name: tiny
            data: digits
            architectures: [linear]
            method: {method}
            {SearchMatrix.SpaceOf(method)}
            run_cap: 10
            lag: 3
            warmup: 4
            schedule: {schedule}
            folds: 3
            epochs: 2
            refit: false
            reuse: false
            """);

        var one = await DigestAsync(1);

        Assert.Equal(one, await DigestAsync(2));
        Assert.Equal(one, await DigestAsync(4));
    }

    private async Task<string> DigestAsync(int slots)
    {
        var run = await _place.RunAsync(
            "run", _place.SweepFile, "--set", "data.samples=300", "--slots", $"{slots}", "--name", $"on-{slots}",
            "--json");
        Assert.Equal(0, run.Code);
        var result = run.Json();
        Assert.Equal(
            result.GetProperty("planned").GetInt64(),
            result.GetProperty("unique").GetInt64() + result.GetProperty("stopped").GetInt64());
        return result.GetProperty("digest").GetString()!;
    }
}

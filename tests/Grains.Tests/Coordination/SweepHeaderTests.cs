using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Tests.Coordination;

/// <summary>What a listing reads of a sweep without its log.</summary>
public sealed class SweepHeaderTests
{
    [Fact]
    public void Read_HeaderOfAnEarlierVersion_HasNoBestYet()
    {
        const string text = """
            {"name":"lab","status":"completed","planned":9,"completed":9,"failed":0,"data":"digits","fingerprint":null}
            """;

        var headline = SweepHeaders.Read(new SweepHeader(false, 0, text))!;

        Assert.Equal(("lab", 9, (string?)null, (HeadlineBest?)null),
            (headline.Name, headline.Completed, headline.Metric, headline.Best));
    }

    [Fact]
    public void Read_SomethingElse_IsNoHeadline() =>
        Assert.Null(SweepHeaders.Read(new SweepHeader(false, 0, "{")));
}

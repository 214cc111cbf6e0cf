using Sweeps.Core.Log;
using Sweeps.Core.Tests.Log;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>What is handed out first, by the user's word.</summary>
public sealed class PriorityTests
{
    private static readonly SiloId One = TestPlans.Silo(1);
    private static readonly SiloId Two = TestPlans.Silo(2);

    [Fact]
    public void Claim_ByPriority_TakesThatConfigurationFirst()
    {
        var sweep = new TestSweep(TestPlans.Plan(10));
        sweep.Claim(One, 1);
        sweep.Apply(new SetPriority(7, 5));
        sweep.Apply(new SetPriority(3, 9, 1));
        sweep.Apply(new SetPriority(0, -1));
        var order = sweep.Claim(Two, 6).Select(item => item.Attempt.Trial);
        Assert.Equal([new(3, 1), new(7, 0), new(7, 1), new(7, 2), new(1, 0), new(1, 1)], order);
    }

    [Fact]
    public void SetPriority_BeforeAnySiloAsked_ProposesWhatNoScoreDecides()
    {
        var sweep = new TestSweep(TestPlans.Plan(10));

        Assert.Null(sweep.Apply(new SetPriority(7, 5)).Rejection);
        var unknown = sweep.Apply(new SetPriority(10, 5)).Rejection;

        Assert.Equal(
            [new(7, 0), new(7, 1), new(7, 2), new(0, 0)],
            sweep.Claim(One, 4).Select(item => item.Attempt.Trial));
        Assert.Contains("10 configurations with 3 trials each are planned", unknown!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetPriority_FarAhead_IsRejected_NotOneEventOfAMillionConfigurations()
    {
        var sweep = new TestSweep(TestPlans.Plan(1_000_000));

        var far = sweep.Apply(new SetPriority(4096, 5));

        Assert.Contains("allowed: up to 4095", far.Rejection!.Message, StringComparison.Ordinal);
        Assert.Null(sweep.Apply(new SetPriority(4095, 5)).Rejection);
    }

    [Fact]
    public void SetPriority_OfWhatScoresWillDecide_IsRejected()
    {
        var sweep = new TestSweep(TestPlans.Plan(10), new LaggingSearcher());

        Assert.Null(sweep.Apply(new SetPriority(3, 5)).Rejection);
        var early = sweep.Apply(new SetPriority(4, 5));

        Assert.Contains("is not chosen yet", early.Rejection!.Message, StringComparison.Ordinal);
        Assert.Empty(early.Events);
    }
}

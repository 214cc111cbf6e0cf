using Sweeps.Core.State;

namespace Sweeps.Core.Tests.State;

public sealed class TransitionTableTests
{
    [Fact]
    public void Next_FinalTrialStatuses_AreLeftByNothingButARequeue()
    {
        foreach (var step in Enum.GetValues<TrialStep>())
        {
            Assert.Null(TransitionTable.Next(TrialStatus.Completed, step));
            Assert.Null(TransitionTable.Next(TrialStatus.Stopped, step));
            Assert.Null(TransitionTable.Next(TrialStatus.Cancelled, step));
            Assert.Equal(step == TrialStep.Requeue, TransitionTable.Next(TrialStatus.Failed, step) is not null);
        }
    }

    [Fact]
    public void Next_FinalSweepStatuses_AreLeftByNothing()
    {
        foreach (var step in Enum.GetValues<SweepStep>())
        {
            Assert.Null(TransitionTable.Next(SweepStatus.Completed, step));
            Assert.Null(TransitionTable.Next(SweepStatus.Cancelled, step));
        }
    }

    [Fact]
    public void Next_EveryTrialStatus_IsReachedFromPending()
    {
        var reached = new HashSet<TrialStatus> { TrialStatus.Pending };
        for (var round = 0; round < 5; round++)
        {
            foreach (var status in reached.ToArray())
            {
                var next = Enum.GetValues<TrialStep>().Select(step => TransitionTable.Next(status, step));
                reached.UnionWith(next.OfType<TrialStatus>());
            }
        }

        Assert.Equal(Enum.GetValues<TrialStatus>().Length, reached.Count);
    }
}

using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Workers;

namespace Sweeps.Silo.Tests.Workers;

/// <summary>How much a worker may ask for beside what it has.</summary>
public sealed class WorkInHandTests
{
    private readonly WorkInHand _inHand = new();

    [Fact]
    public void Room_IsWhatSlotsAndPrefetchLeave_AndGrowsWhenAnAttemptEnds()
    {
        Assert.Equal(5, _inHand.Room(slots: 2, prefetch: 3));
        Add("a", 0);
        Add("b", 1);

        Assert.Equal(3, _inHand.Room(slots: 2, prefetch: 3));
        Assert.True(_inHand.End(Key("a", 0)));

        Assert.Equal(4, _inHand.Room(slots: 2, prefetch: 3));
        Assert.Equal(2, _inHand.Count);
        Assert.Empty(_inHand.Running("a"));
        Assert.Equal([Key("b", 1)], _inHand.Running("b"));
    }

    [Fact]
    public void Room_BesideAnExclusiveAttempt_IsNoneUntilItEnds()
    {
        Add("a", 0, isExclusive: true);

        Assert.Equal(0, _inHand.Room(slots: 4, prefetch: 100));
        _inHand.End(Key("a", 0));

        Assert.Equal(104, _inHand.Room(slots: 4, prefetch: 100));
    }

    [Fact]
    public void Room_WithoutSlots_IsNone() => Assert.Equal(0, _inHand.Room(slots: 0, prefetch: 10));

    [Fact]
    public void Room_MoreInHandThanSlots_AsksForNothing()
    {
        Add("a", 0);
        Add("a", 1);

        Assert.True(_inHand.Room(slots: 1, prefetch: 0) <= 0);
    }

    [Fact]
    public void End_OfAnAttemptThatIsNotInHand_IsNoNews()
    {
        Add("a", 0);
        _inHand.Clear();

        Assert.False(_inHand.End(Key("a", 0)));
    }

    internal static AttemptKey Key(string sweep, int configuration) => new(sweep, configuration, 0, 1);

    internal static TrialAssignment Assignment(AttemptKey key, bool isExclusive = false) => new(
        key, "incarnation", new()
        {
            Data = "digits",
            Hyperparameters = new() { Architecture = "linear", LearningRate = 1, BatchSize = 1, Epochs = 1 },
            Split = Split.All,
            Seed = 0,
        },
        isExclusive, Timeout: null);

    private void Add(string sweep, int configuration, bool isExclusive = false) =>
        _inHand.Add(Assignment(Key(sweep, configuration), isExclusive));
}

using Sweeps.Grains.Contracts;
using Sweeps.Silo.Workers;

namespace Sweeps.Silo.Tests.Workers;

/// <summary>When a sweep is asked, and what for.</summary>
public sealed class SweepWorkTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private readonly Clock _clock = new();
    private readonly WorkInHand _inHand = new();
    private readonly SiloIdentity _silo = new("silo", new("numerics"));
    private readonly SweepWork _sweep;

    public SweepWorkTests() => _sweep = new("sweep", Lease, _clock);

    [Fact]
    public void Request_NewSweep_AsksForAllThereIsRoomFor()
    {
        var request = Ask(room: 3)!;

        Assert.Equal((3, 1L, "silo", "numerics"), (request.Count, request.Claim, request.Silo, request.Fingerprint));
        Assert.True(request.AcceptsExclusive);
    }

    /// <summary>What could be trained beside others is asked for with them, and never by itself.</summary>
    [Fact]
    public void Request_Spare_GoesWithWhatThereIsRoomFor()
    {
        Assert.Equal((2, 14), (Ask(room: 2, spare: 14)!.Count, Ask(room: 2, spare: 14)!.Spare));
        Assert.Null(Ask(room: 0, spare: 14));
        Accept(Ask(room: 2, spare: 14)!, WorkPhase.Waits);

        Assert.Null(Ask(room: 2, spare: 14));
    }

    [Fact]
    public void Request_NothingToHandOut_AsksAgainWithNewsOrAfterALease()
    {
        Accept(Ask(room: 3)!, WorkPhase.Waits);

        Assert.Null(Ask(room: 3));
        Assert.Equal(3, Ask(room: 3, mark: 2)!.Count);
        _clock.Advance(Lease);
        Assert.Equal(3, Ask(room: 3)!.Count);
    }

    [Fact]
    public void Request_AfterAssignments_IsANewClaim_AndAnUnansweredOneKeepsItsNumber()
    {
        Assert.Equal(1, Ask(room: 2)!.Claim);
        var request = Ask(room: 2)!;
        Assert.Equal(1, request.Claim);

        Accept(request, WorkPhase.HasWork, WorkInHandTests.Assignment(WorkInHandTests.Key("sweep", 0)));

        Assert.Equal(2, Ask(room: 1)!.Claim);
    }

    [Fact]
    public void Request_WithEnds_CarriesThemUntilTheyAreAccepted()
    {
        var (first, second) = (End(0), End(1));
        _sweep.Add(first);
        var request = Ask(room: 0)!;
        _sweep.Add(second);

        Assert.Equal([first], request.Ends);
        Accept(request, WorkPhase.Waits);

        Assert.Equal([second], Ask(room: 0)!.Ends);
        Assert.False(_sweep.IsOver);
        Accept(Ask(room: 0)!, WorkPhase.Over);
        Assert.True(_sweep.IsOver);
    }

    [Fact]
    public void Request_OfARunningAttempt_IsCheckedNowAndThen()
    {
        var key = WorkInHandTests.Key("sweep", 0);
        _inHand.Add(WorkInHandTests.Assignment(key));
        Accept(Ask(room: 0)!, WorkPhase.Waits);

        Assert.Null(Ask(room: 0));
        _clock.Advance(TimeSpan.FromSeconds(3));

        var request = Ask(room: 0)!;
        Assert.Equal([key], request.Running!);
        Assert.False(request.AcceptsExclusive);
    }

    /// <summary>Other sweeps would keep the silo busy for ever; a moment without them may come by itself.</summary>
    [Fact]
    public void HoldsOthersBack_TrialThatMustRunAlone_OnceItHasWaitedAndUntilItIsHandedOut()
    {
        var key = WorkInHandTests.Key("other", 0);
        _inHand.Add(WorkInHandTests.Assignment(key));
        Accept(Ask(room: 1)!, WorkPhase.ExclusiveWaits);
        Assert.False(_sweep.HoldsOthersBack);
        Assert.Null(Ask(room: 1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_sweep.HoldsOthersBack);
        // It is asked again meanwhile, and waits no less for that.
        var request = Ask(room: 1)!;
        Assert.False(request.AcceptsExclusive);
        Accept(request, WorkPhase.ExclusiveWaits);
        Assert.True(_sweep.HoldsOthersBack);
        Assert.Null(Ask(room: 1));

        // The silo is empty: the sweep is asked at once.
        _inHand.Remove(key);
        request = Ask(room: 1)!;
        Assert.True(request is { AcceptsExclusive: true, Count: 1 });
        Accept(request, WorkPhase.HasWork, WorkInHandTests.Assignment(WorkInHandTests.Key("sweep", 0)));
        Assert.False(_sweep.HoldsOthersBack);
    }

    [Fact]
    public void Accept_Refusal_IsSaidOnce()
    {
        var request = Ask(room: 1)!;
        var refused = new ExchangeAnswer(Answer.Done, [], [], WorkPhase.Refused) { Refusal = "other numerics" };

        Assert.True(_sweep.Accept(request, refused, mark: 1));
        Assert.False(_sweep.Accept(request, refused, mark: 1));
        Assert.Equal("other numerics", _sweep.Refusal);
    }

    [Fact]
    public void Fail_AgainAndAgain_PausesLongerUpToASecond_AndAnAnswerEndsIt()
    {
        Assert.Equal(TimeSpan.Zero, _sweep.Pause);
        Assert.Equal(TimeSpan.FromMilliseconds(200), _sweep.Fail());
        Assert.Equal(TimeSpan.FromMilliseconds(400), _sweep.Fail());
        for (var i = 0; i < 10; i++)
            Assert.InRange(_sweep.Fail(), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(TimeSpan.FromMilliseconds(600), _sweep.Pause);

        Accept(Ask(room: 1)!, WorkPhase.HasWork);

        Assert.Equal(TimeSpan.Zero, _sweep.Pause);
        Assert.Equal(TimeSpan.FromMilliseconds(200), _sweep.Fail());
    }

    private ExchangeRequest? Ask(int room, long mark = 1, int spare = 0) =>
        _sweep.Request(_silo, _inHand, room, spare, 2, mark);

    private void Accept(ExchangeRequest request, WorkPhase phase, params TrialAssignment[] assignments) =>
        _sweep.Accept(request, new(Answer.Done, assignments, [], phase), mark: 1);

    private static AttemptEnd End(int configuration) =>
        new(WorkInHandTests.Key("sweep", configuration), AttemptEnding.Released);

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}

using Sweeps.Silo.Slots;

namespace Sweeps.Silo.Tests;

/// <summary>Time goes by as the test says.</summary>
public sealed class CheckpointPacerTests
{
    private readonly Clock _clock = new();

    /// <summary>Of eight side by side each has an eighth of the seconds, and loses all that went by.</summary>
    [Fact]
    public void IsDue_TrainedBesideOthers_GoesByTheTimeThatWentBy()
    {
        var pacer = new CheckpointPacer(0.01, TimeSpan.FromSeconds(2), _clock);
        _clock.Now = 100;
        pacer.Begin();

        Assert.False(IsDue(pacer, 1.6, 0.2));
        Assert.True(IsDue(pacer, 0.8, 0.1));
        pacer.Took(TimeSpan.Zero);
        Assert.False(IsDue(pacer, 1.6, 0.2));
        Assert.True(IsDue(pacer, 0.8, 0.1));
    }

    /// <summary>What a checkpoint costs is a share of what the training itself took.</summary>
    [Fact]
    public void IsDue_CostsMuch_GoesByItsOwnSeconds()
    {
        var pacer = new CheckpointPacer(0.01, TimeSpan.FromSeconds(2), _clock);
        pacer.Begin();
        pacer.Took(TimeSpan.FromSeconds(0.01));

        Assert.False(IsDue(pacer, 4, 0.5));
        Assert.True(IsDue(pacer, 4, 0.5));
    }

    private bool IsDue(CheckpointPacer pacer, double passed, double share)
    {
        _clock.Now += passed;
        return pacer.IsDue(new(1, 0.5, 0.5, 0.5, 0.5, share, 0, share, 100));
    }

    private sealed class Clock : TimeProvider
    {
        public double Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)Math.Round(Now * 1000);
    }
}

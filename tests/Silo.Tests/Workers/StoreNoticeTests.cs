using Sweeps.Silo.Workers;

namespace Sweeps.Silo.Tests.Workers;

/// <summary>What is said of a store that takes no writes, and when; time is what the test says.</summary>
public sealed class StoreNoticeTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromHours(1);
    private readonly StoreNotice _notice = new();

    [Fact]
    public void Next_WhileItLasts_IsSaidAgainNowAndThenWithHowLongItHasLasted()
    {
        var lines = new List<(int Second, string Line)>();
        for (var second = 10; second <= 10 + (2 * (int)StoreNotice.Repeats.TotalSeconds); second++)
        {
            if (At(second, Full(second)) is { } line)
                lines.Add((second, line));
        }

        Assert.Equal([10, 190, 370], lines.Select(line => line.Second));
        Assert.StartsWith("nothing was stored for 10 s: The disk is full. ", lines[0].Line);
        Assert.StartsWith("still: nothing was stored for 3 min: The disk is full. ", lines[1].Line);
        Assert.Contains("waits: it is written by itself once", lines[0].Line);
        Assert.Contains("Ctrl-C ends", lines[0].Line);
    }

    [Fact]
    public void Next_OverAndBegunAgain_SaysBoth()
    {
        Assert.Null(At(0, null));
        Assert.NotNull(At(10, Full(10)));
        Assert.Null(At(11, Full(11)));

        Assert.Equal("the store takes writes again, after 30 s", At(30, null));
        Assert.Null(At(31, null));
        Assert.StartsWith("nothing was stored for 5 s: ", At(45, Full(5)));
    }

    /// <summary>A silo that was stopped for 67 s heard nothing of the store meanwhile, which is not the store's doing.
    /// </summary>
    [Fact]
    public void Standstill_TicksFarApart_AreTold_AndNoSilenceOfTheStore()
    {
        var standstill = new Standstill(TimeSpan.FromSeconds(4));
        TimeSpan? Tick(int second) => standstill.Tick(TimeSpan.FromSeconds(second));
        double Silence(int second, int silence) =>
            standstill.Silence(TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(silence)).TotalSeconds;
        Assert.Null(Tick(100));
        Assert.Null(Tick(103));
        Assert.Equal(9, Silence(103, 9));

        // Who asks first does not know yet.
        Assert.Equal(0, Silence(170, 68));
        Assert.Equal(TimeSpan.FromSeconds(67), Tick(170));

        Assert.Equal(0, Silence(170, 68));
        Assert.Null(Tick(173));
        Assert.Equal(3, Silence(173, 71));
        Assert.Equal(1, Silence(173, 1));
        Assert.StartsWith("this process stood still for 67 s: ", Standstill.Line(TimeSpan.FromSeconds(67)));
    }

    private string? At(int second, StoreTrouble? trouble) =>
        _notice.Next(s_start + TimeSpan.FromSeconds(second), trouble);

    private static StoreTrouble Full(int seconds) =>
        new(TimeSpan.FromSeconds(seconds), "nothing was stored", "The disk is full.");
}

using System.Security.Cryptography;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Digits;

namespace Sweeps.Training.Tests.Data.Digits;

public sealed class DigitsTests
{
    private static readonly DataSet Digits = DigitsDataSet.Draw();

    /// <summary>The bytes belong to every result reported on 'digits': a change here needs a new version.</summary>
    [Fact]
    public void Draw_OnAnyMachine_GivesThePinnedBytes() =>
        Assert.Equal("36dbab52be1c2dfd352f6ab7349c8aa116502404c2bd981ec3b33c273470d136", Digits.Digest);

    [Fact]
    public void Draw_OnOneThread_GivesTheSameBytesAsOnSeveral()
    {
        var (random, hand, ink) = (new DigitRandom(0, 5), new Handwriting(), new Ink());
        Span<int> order = stackalloc int[10];
        random.Shuffle(order);
        var image = new byte[784];
        for (var i = 0; i < 10; i++)
        {
            Array.Clear(image);
            hand.Write(order[i], random);
            ink.Draw(hand.Strokes, random, image);
            Assert.Equal(order[i], Digits.Train.Labels[50 + i]);
            Assert.Equal(image, Digits.Train.BytesOf(50 + i).ToArray());
        }
    }

    [Fact]
    public void Draw_Classes_AreBalancedInEveryBlockOfTen()
    {
        Assert.Equal((12_000, 2_000), (Digits.Train.Count, Digits.Test.Count));
        foreach (var part in new[] { Digits.Train, Digits.Test })
            Assert.All(part.Labels.ToArray().Chunk(10), block => Assert.Equal(Enumerable.Range(0, 10), block.Order()));
    }

    [Fact]
    public void Draw_Images_AreAllDifferentAndShareNoneWithTheTestPart()
    {
        var seen = new HashSet<string>();
        foreach (var part in new[] { Digits.Train, Digits.Test })
        {
            for (var i = 0; i < part.Count; i++)
                Assert.True(seen.Add(Convert.ToHexString(SHA256.HashData(part.BytesOf(i)))), $"image {i} occurs twice");
        }
    }

    /// <summary>As in MNIST (0.131 and 0.308): mostly paper, ink that is mostly full, a blank frame.</summary>
    [Fact]
    public void Draw_Ink_IsAsMuchAsOnRealDigits()
    {
        var statistics = DataStatistics.Of(Digits.Train, 10);
        Assert.InRange(statistics.Mean, 0.08, 0.16);
        Assert.InRange(statistics.Deviation, 0.22, 0.34);
        var images = Enumerable.Range(0, Digits.Train.Count).Select(i => Digits.Train.BytesOf(i).ToArray());
        Assert.All(images, image => Assert.InRange(image.Count(pixel => pixel > 40), 12, 400));
    }
}

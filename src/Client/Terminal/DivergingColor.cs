namespace Sweeps.Client.Terminal;

/// <summary>Blue for negative, white for zero, red for positive: the ends of ColorBrewer's RdBu.</summary>
internal static class DivergingColor
{
    private static readonly (byte Red, byte Green, byte Blue) s_negative = (33, 102, 172);
    private static readonly (byte Red, byte Green, byte Blue) s_positive = (178, 24, 43);

    /// <summary>The colour of a value in [-1, 1].</summary>
    public static (byte Red, byte Green, byte Blue) Of(float value)
    {
        var end = value < 0 ? s_negative : s_positive;
        var share = Math.Clamp(Math.Abs(value), 0, 1);
        return (Mix(end.Red, share), Mix(end.Green, share), Mix(end.Blue, share));
    }

    private static byte Mix(byte end, float share) => (byte)Math.Round(255 + (share * (end - 255)));
}

namespace Sweeps.Core.Randomness;

/// <summary>Turns in a plane with the same bits on every machine.</summary>
public static class Turn
{
    /// <summary>Cosine and sine of an angle from -180 to 180 degrees.</summary>
    public static (double Cosine, double Sine) Of(double degrees)
    {
        var share = Math.Abs(degrees) / 180;
        var sine = PortableMath.CosPi(Math.Abs(0.5 - share));
        return (PortableMath.CosPi(share), degrees < 0 ? -sine : sine);
    }
}

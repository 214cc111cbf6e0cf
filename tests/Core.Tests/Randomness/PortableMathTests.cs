using MathNet.Numerics.Distributions;
using Sweeps.Core.Randomness;

namespace Sweeps.Core.Tests.Randomness;

public class PortableMathTests
{
    [Fact]
    public void Log_AnyMagnitude_AgreesWithThePlatform()
    {
        for (var x = 1e-300; x < 1e300; x *= 1.37)
            Assert.InRange(PortableMath.Log(x) / Math.Log(x), 1 - 1e-15, 1 + 1e-15);
        Assert.Equal(0, PortableMath.Log(1));
    }

    [Fact]
    public void Exp_AnyMagnitude_AgreesWithThePlatform()
    {
        for (var x = -708.0; x < 709; x += 0.0317)
            Assert.InRange(PortableMath.Exp(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(0, PortableMath.Exp(-1e9));
    }

    [Fact]
    public void NormalBelow_AnyNumber_AgreesWithAnotherLibrary()
    {
        for (var z = -12.0; z < 12; z += 0.0137)
            Assert.InRange(PortableMath.NormalBelow(z) / Normal.CDF(0, 1, z), 1 - 1e-8, 1 + 1e-8);
        Assert.Equal(0, PortableMath.NormalBelow(-50));
        Assert.Equal(1, PortableMath.NormalBelow(50));
    }
}

using Sweeps.Core.Randomness;

namespace Sweeps.Training.Data.Digits;

/// <summary>The random numbers of one drawing; equal streams give equal bits on every machine.</summary>
internal sealed class DigitRandom(int part, int block)
{
    // Change it, and the data set is another one: the digest in the tests has to change with it.
    private const long Version = 1;

    private readonly RandomStream _stream = new(new StreamKey(Version, Purpose.Data, Fold: part, Index: block));

    /// <summary>Uniform in [0, 1).</summary>
    public float Unit() => _stream.NextFloat();

    /// <summary>Uniform between two numbers.</summary>
    public float Between(float low, float high) => low + ((high - low) * Unit());

    /// <summary>One of 0 .. count - 1.</summary>
    public int Below(int count) => _stream.NextInt(count);

    /// <summary>Normal around 0 with the deviation given, cut off at 3 deviations.</summary>
    public float Normal(float deviation) => Math.Clamp((float)_stream.NextNormal(), -3f, 3f) * deviation;

    /// <summary>True with that probability.</summary>
    public bool Happens(float probability) => Unit() < probability;

    /// <summary>Fills with 0, 1, 2, ... in random order.</summary>
    public void Shuffle(Span<int> order) => _stream.FillPermutation(order);
}

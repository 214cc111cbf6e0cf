using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data.Pictures;

namespace Sweeps.Training.Data.Digits;

/// <summary>
/// The data set <c>digits</c>: handwritten-like digits that the program draws itself, so that a machine without
/// internet has something real to train on. 12,000 training and 2,000 test images of 28 x 28 grey bytes, ten balanced
/// classes, the same bytes on every machine.
/// </summary>
public static class DigitsDataSet
{
    /// <summary>Its name.</summary>
    public const string Name = "digits";

    /// <summary>Number of training images.</summary>
    public const int TrainCount = 12_000;

    /// <summary>Number of test images.</summary>
    public const int TestCount = 2_000;

    private const int Classes = 10;
    private const int Pixels = Ink.Side * Ink.Side;

    private static readonly Lock s_lock = new();
    private static DataSet? s_drawn;

    /// <summary>The data set: drawn by the first process, read from the cache folder by the others; it never changes.
    /// </summary>
    public static DataSet Read(DataFolders folders)
    {
        lock (s_lock)
        {
            return s_drawn ??= new PackCache(folders).Of(Name, $"{Name} {DigitRandom.Version}", Draw);
        }
    }

    /// <summary>Draws the data set; takes about a second of processor time.</summary>
    public static DataSet Draw() =>
        new(
            Name,
            [1, Ink.Side, Ink.Side],
            KnownDataSets.Get(Name).ClassNames,
            DrawPart(0, TrainCount),
            DrawPart(1, TestCount))
        {
            Source = "drawn by the program",
            IsPublished = true,
        };

    // Ten images, one of each class in random order, have a random stream of their own: threads may share the work.
    private static DataPart DrawPart(int part, int count)
    {
        var (images, labels) = (new byte[count * Pixels], new int[count]);
        Parallel.For(0, count / Classes, () => (new Handwriting(), new Ink()), (block, _, tools) =>
        {
            var random = new DigitRandom(part, block);
            Span<int> order = stackalloc int[Classes];
            random.Shuffle(order);
            for (var i = 0; i < Classes; i++)
            {
                var index = (block * Classes) + i;
                labels[index] = order[i];
                tools.Item1.Write(order[i], random);
                tools.Item2.Draw(tools.Item1.Strokes, random, images.AsSpan(index * Pixels, Pixels));
            }

            return tools;
        }, _ => { });
        return DataPart.OfBytes(images, labels, Pixels);
    }
}

/// <summary>The random numbers of one drawing; equal streams give equal bits on every machine.</summary>
internal sealed class DigitRandom(int part, int block)
{
    // Change it, and the data set is another one: the digest in the tests has to change with it.
    public const long Version = 1;

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

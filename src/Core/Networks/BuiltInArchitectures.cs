using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// Architectures with names. Besides the listed ones, <c>mlp-A-B-C</c> is a perceptron with hidden layers of A, B and C
/// relu units for any sizes, and <c>mlp-AxN</c> has N hidden layers of A relu units, each followed by dropout 0.2, as
/// in Keras's mnist_mlp example. The output layer takes its size from the data set.
/// </summary>
public static class BuiltInArchitectures
{
    private const int MaxRepeats = 100;

    /// <summary>The listed ones, small to large by kind.</summary>
    public static IReadOnlyList<BuiltInArchitecture> All { get; } =
    [
        new("linear", "flatten | dense", "mnist", 7_850, "TensorFlow, MNIST for ML beginners"),
        new("mlp-5", Perceptron(5), "mnist", 3_985, "lab sheet: as few neurons as possible"),
        new("mlp-10", Perceptron(10), "mnist", 7_960, "lab sheet"),
        new("mlp-128-128", Perceptron(128, 128), "mnist", 118_282, "lab sheet"),
        new("mlp-300-100", Perceptron(300, 100), "mnist", 266_610,
            "LeCun et al. 1998; Geron, Hands-on machine learning"),
        new("mlp-512x3", Repeated(512, 3), "mnist", 932_362, "Keras example mnist_mlp, with three hidden layers"),
        new("lenet-5",
            "conv 6 5x5 same tanh | avg_pool 2x2 | conv 16 5x5 tanh | avg_pool 2x2 | flatten | "
            + "dense 120 tanh | dense 84 tanh | dense",
            "mnist", 61_706, "LeCun et al. 1998, with full connections"),
        new("cnn-lab",
            "conv 32 5x5 same relu | max_pool 2x2 | conv 64 5x5 same relu | max_pool 2x2 | flatten | "
            + "dense 1024 relu | dense",
            "mnist", 3_274_634, "TensorFlow, Deep MNIST for experts"),
        new("cnn-fashion",
            "conv 64 7x7 same relu | max_pool 2x2 | conv 128 3x3 same relu | conv 128 3x3 same relu | max_pool 2x2 | "
            + "conv 256 3x3 same relu | conv 256 3x3 same relu | max_pool 2x2 | flatten | "
            + "dense 128 relu | dropout 0.5 | dense 64 relu | dropout 0.5 | dense",
            "fashion-mnist", 1_413_834, "Geron, Hands-on machine learning, chapter 14"),
        new("cnn-cifar",
            "conv 32 3x3 same relu | conv 32 3x3 relu | max_pool 2x2 | dropout 0.25 | "
            + "conv 64 3x3 same relu | conv 64 3x3 relu | max_pool 2x2 | dropout 0.25 | flatten | "
            + "dense 512 relu | dropout 0.5 | dense",
            "cifar-10", 1_250_858, "Keras example cifar10_cnn"),
        .. LargeArchitectures.All,
    ];

    /// <summary>The architecture of that name, case aside; null when it is none.</summary>
    /// <exception cref="SweepsException">A name like mlp-A-B or mlp-AxN with a size out of range.</exception>
    public static Architecture? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var known = All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));
        if (known is not null)
            return Read(known.Layers, known.Name);
        if (!name.StartsWith("mlp-", StringComparison.OrdinalIgnoreCase))
            return null;
        var sizes = name[4..];
        if (sizes.Length == 0 || !sizes.All(c => char.IsAsciiDigit(c) || c is '-' or 'x' or 'X'))
            return null;
        var lower = name.ToLowerInvariant();
        var repeated = sizes.Split('x', 'X');
        if (repeated.Length == 1)
        {
            var units = sizes.Split('-').Select(size => Size(size, name, NetworkLimits.MaxSize));
            return Read(Perceptron([.. units]), lower);
        }

        if (repeated.Length != 2)
            throw NotASize(sizes, name, NetworkLimits.MaxSize);
        var width = Size(repeated[0], name, NetworkLimits.MaxSize);
        return Read(Repeated(width, Size(repeated[1], name, MaxRepeats)), lower);
    }

    private static Architecture Read(string layers, string name) => new(Architecture.Parse(layers).Layers, name);

    private static string Perceptron(params int[] units) =>
        string.Concat([
            "flatten | ",
            .. units.Select(size => string.Create(CultureInfo.InvariantCulture, $"dense {size} relu | ")),
            "dense",
        ]);

    private static string Repeated(int units, int times)
    {
        var layer = string.Create(CultureInfo.InvariantCulture, $"dense {units} relu | dropout 0.2 | ");
        return $"flatten | {string.Concat(Enumerable.Repeat(layer, times))}dense";
    }

    private static int Size(string text, string name, int largest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 1
            && size <= largest
            ? size
            : throw NotASize(text, name, largest);

    private static SweepsException NotASize(string text, string name, int largest) => new(
        ErrorKind.Usage,
        $"'{Quote.Short(text)}' in the architecture '{Quote.Short(name)}' is not a size from 1 to {largest}; write "
        + "mlp-300-100 or mlp-512x3.");
}

/// <summary>An architecture that has a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Layers">Its canonical text.</param>
/// <param name="Data">The data set that its source uses.</param>
/// <param name="Weights">The number of weights that its source, or the formula of its layers, gives for that data
/// set.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record BuiltInArchitecture(string Name, string Layers, string Data, long Weights, string Source)
{
    /// <summary>What the large ones are for: ImageNet's pictures and classes, which do not come with the program.
    /// </summary>
    public const string ImageNet = "imagenet";

    /// <summary>The shape of a sample, where <see cref="Data"/> is <see cref="ImageNet"/>.</summary>
    public static TensorShape ImageNetInput => TensorShape.Image(3, 224, 224);

    /// <summary>The classes, likewise.</summary>
    public const int ImageNetClasses = 1_000;
}

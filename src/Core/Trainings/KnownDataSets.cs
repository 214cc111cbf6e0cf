using Sweeps.Core.Networks;

namespace Sweeps.Core.Trainings;

/// <summary>The data sets that have names of their own; everything else is a path to a CSV file.</summary>
public static class KnownDataSets
{
    /// <summary>All of them, in the order in which they are listed to the user.</summary>
    public static IReadOnlyList<KnownDataSet> All { get; } =
    [
        new("mnist", TensorShape.Image(1, 28, 28), Digits, 60_000, 10_000)
        {
            Digest = "91e7b23db3e1f6a32c49997c6ee9324dcbecdbf9102d30ff8638f0287b153e87",
        },
        new("fashion-mnist", TensorShape.Image(1, 28, 28), Clothes, 60_000, 10_000)
        {
            Digest = "c88e1a6955a7d96d03fcd7b3661146c5acdaafe382c6f56a19c6f009a3f60bdd",
        },
        new("cifar-10", TensorShape.Image(3, 32, 32), Things, 50_000, 10_000),
        new("digits", TensorShape.Image(1, 28, 28), Digits, 12_000, 2_000)
        {
            Digest = "36dbab52be1c2dfd352f6ab7349c8aa116502404c2bd981ec3b33c273470d136",
        },
    ];

    private static IReadOnlyList<string> Digits => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    private static IReadOnlyList<string> Clothes =>
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private static IReadOnlyList<string> Things =>
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(known => known.Name)];

    /// <summary>The data set of that name, case aside; null for anything else, a path included.</summary>
    public static KnownDataSet? Find(string name) =>
        All.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The data set of that name.</summary>
    /// <exception cref="SweepsException">Not a known name; the message has the nearest one.</exception>
    public static KnownDataSet Get(string name) => Find(name)
        ?? throw new SweepsException(ErrorKind.Usage,
            $"There is no data set named '{name}'{NearestName.Suggest(name, Names)}");
}

/// <summary>What is known of a named data set without opening it.</summary>
/// <param name="Name">The name on the command line and in sweep files.</param>
/// <param name="Input">The shape of one sample.</param>
/// <param name="ClassNames">The name of each class, by label.</param>
/// <param name="TrainingSamples">Samples to learn from and to validate on.</param>
/// <param name="TestSamples">Samples of the test set.</param>
public sealed record KnownDataSet(
    string Name, TensorShape Input, IReadOnlyList<string> ClassNames, int TrainingSamples, int TestSamples)
{
    /// <summary>
    /// The digest of its content as published (<see cref="DataContent.Digest"/>); null: known once it is read.
    /// </summary>
    public string? Digest { get; init; }

    /// <summary>Classes.</summary>
    public int Outputs => ClassNames.Count;

    /// <summary>What a plan says of it where its files are not at hand; null: nothing is known.</summary>
    public DataContent? Content => Digest is null ? null : new()
    {
        Digest = Digest,
        IsPublished = true,
        Samples = TrainingSamples + TestSamples,
    };

    /// <summary>All named data sets have classes.</summary>
    public static TaskKind Task => TaskKind.Classification;
}

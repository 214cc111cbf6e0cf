using Sweeps.Core.Networks;

namespace Sweeps.Core.Trainings;

/// <summary>The data sets that have names of their own; everything else is a path to a CSV file.</summary>
public static class KnownDataSets
{
    /// <summary>All of them, in the order in which they are listed to the user.</summary>
    public static IReadOnlyList<KnownDataSet> All { get; } =
    [
        new("mnist", TensorShape.Image(1, 28, 28), 10, 60_000, 10_000),
        new("fashion-mnist", TensorShape.Image(1, 28, 28), 10, 60_000, 10_000),
        new("cifar-10", TensorShape.Image(3, 32, 32), 10, 50_000, 10_000),
        new("digits", TensorShape.Image(1, 28, 28), 10, 12_000, 2_000),
    ];

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
/// <param name="Outputs">Classes.</param>
/// <param name="TrainingSamples">Samples to learn from and to validate on.</param>
/// <param name="TestSamples">Samples of the test set.</param>
public sealed record KnownDataSet(string Name, TensorShape Input, int Outputs, int TrainingSamples, int TestSamples)
{
    /// <summary>All named data sets have classes.</summary>
    public static TaskKind Task => TaskKind.Classification;
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data.Csv;

namespace Sweeps.Training.Data;

/// <summary>
/// A data set in memory: a training part, a test part and what their numbers mean. It never changes once built, so that
/// all training threads of a process share one.
/// </summary>
public sealed class DataSet
{
    private readonly Lazy<string> _digest;

    /// <summary>Puts a data set together.</summary>
    /// <param name="name">What messages call it: <c>mnist</c>, or the name of a CSV file.</param>
    /// <param name="inputShape">The shape of one sample: [channels, height, width] for images, [features] for
    /// tables.</param>
    /// <param name="classNames">One name a class; empty without classes.</param>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="test">The samples to judge the final network on.</param>
    /// <exception cref="ArgumentException">The parts do not have the shape stated, or differ in kind.</exception>
    public DataSet(
        string name, IReadOnlyList<int> inputShape, IReadOnlyList<string> classNames, DataPart train, DataPart test)
    {
        var features = inputShape.Aggregate(1, (product, size) => checked(product * size));
        if (train.Features != features || test.Features != features)
            throw new ArgumentException($"{train.Features} and {test.Features} values are not a shape of {features}.");
        if (train.Task != test.Task || train.IsBytes != test.IsBytes || train.Outputs != test.Outputs)
            throw new ArgumentException("Training and test part differ in kind.");
        (Name, InputShape, ClassNames, Train, Test) = (name, [.. inputShape], [.. classNames], train, test);
        _digest = new(ComputeDigest);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>What the data set asks for.</summary>
    public TaskKind Task => Train.Task;

    /// <summary>The shape of one sample: [channels, height, width] for images, [features] for tables.</summary>
    public IReadOnlyList<int> InputShape { get; }

    /// <summary>Values in one sample: the product of <see cref="InputShape"/>.</summary>
    public int Features => Train.Features;

    /// <summary>Number of classes; 0 for regression.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>The outputs that a network on it has: one a class, a target or a label.</summary>
    public int Outputs => Task == TaskKind.Classification ? Classes : Train.Outputs;

    /// <summary>The names of several targets; empty: there is one, or there are classes.</summary>
    public IReadOnlyList<string> TargetNames { get; init; } = [];

    /// <summary>The names of several labels; empty: there are none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>The name of each class, by label; empty without classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The samples to learn from.</summary>
    public DataPart Train { get; }

    /// <summary>The samples to judge the final network on.</summary>
    public DataPart Test { get; }

    /// <summary>The names of what a network sees of a table; null for images.</summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>The columns of a table and how its features become what a network sees; null: it is none.</summary>
    public TableForm? Table { get; init; }

    /// <summary>Where it was read from: a folder, a file, or <c>drawn by the program</c>.</summary>
    public string Source { get; init; } = "";

    /// <summary>
    /// It is what everyone has under its name: its files have the published checksums, or the program draws it.
    /// </summary>
    public bool IsPublished { get; init; }

    /// <summary>What a user should know of the data, as messages.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The table it was read from, and the one of its test part where that is a file of its own.</summary>
    public IReadOnlyList<KeyValuePair<DataFile, string>> Paths { get; init; } = [];

    /// <summary>What the pictures of a folder were brought to; null: other data.</summary>
    public PictureForm? Pictures { get; init; }

    /// <summary>How the fields of its table became numbers; null: each is one, or it is no table.</summary>
    public TableReading? Reading { get; init; }

    /// <summary>What a plan keeps of it.</summary>
    public DataContent Content => new()
    {
        Digest = Digest,
        IsPublished = IsPublished,
        Samples = Train.Count + Test.Count,
        Classes = Paths.Count > 0 && Classes > 0 ? ClassNames : null,
        Targets = TargetNames.Count > 0 ? TargetNames : null,
        Labels = LabelNames.Count > 0 ? LabelNames : null,
        Table = Paths.Count > 0 ? Paths[0].Key : null,
        TestTable = Paths.Count > 1 ? Paths[1].Key : null,
        Pictures = Pictures,
        Reading = Reading,
    };

    /// <summary>
    /// SHA-256, lower-case hex, of shape, classes, samples, labels and groups of both parts: equal digests, equal data.
    /// Computed when first asked for.
    /// </summary>
    public string Digest => _digest.Value;

    private string ComputeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var number = new byte[4];
        int[] several = Task == TaskKind.MultiLabel ? [Train.Outputs, (int)Task]
            : Train.Outputs > 1 ? [Train.Outputs] : [];
        foreach (var value in (int[])[.. InputShape, Classes, Train.Count, Test.Count, .. several])
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, value);
            hash.AppendData(number);
        }

        foreach (var part in (DataPart[])[Train, Test])
            part.AppendTo(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What a part of a data set looks like in numbers.</summary>
/// <param name="Mean">Mean over all values of all samples, as <see cref="DataPart.Gather"/> gives them.</param>
/// <param name="Deviation">Standard deviation likewise.</param>
/// <param name="ClassCounts">Samples of each class, or with each label; empty for regression.</param>
public sealed record DataStatistics(double Mean, double Deviation, IReadOnlyList<int> ClassCounts)
{
    /// <summary>Measures a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="classes">Number of classes of the data set; 0 without classes.</param>
    public static DataStatistics Of(DataPart part, int classes)
    {
        var counts = new int[part.Task == TaskKind.MultiLabel ? part.Outputs : classes];
        foreach (var label in part.Labels)
            counts[label]++;
        for (var at = 0; at < (part.Task == TaskKind.MultiLabel ? part.Targets.Length : 0); at++)
            counts[at % part.Outputs] += part.Targets[at] > 0 ? 1 : 0;
        var row = new float[part.Features];
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < part.Count; i++)
        {
            part.GatherRange(i, 1, row);
            foreach (var value in row)
            {
                sum += value;
                squares += (double)value * value;
            }
        }

        var number = Math.Max(1.0, (double)part.Count * part.Features);
        var mean = sum / number;
        return new(mean, Math.Sqrt(Math.Max(0, (squares / number) - (mean * mean))), counts);
    }
}

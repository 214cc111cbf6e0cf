using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>Tries a sweep file on its data, as each of its trainings would, but for the training.</summary>
internal static class DataChecks
{
    /// <summary>The size of a data set.</summary>
    public static DataSize SizeOf(DataSet set)
    {
        var input = set.InputShape is [var channels, var height, var width]
            ? TensorShape.Image(channels, height, width)
            : TensorShape.Flat(set.Features);
        return new(input, set.Outputs, set.Train.Count, set.Task, set.Train.IsBytes ? 1 : sizeof(float))
        {
            TestSamples = set.Test.Count,
        };
    }

    /// <summary>Adds what the data refuse, and what is worth knowing.</summary>
    public static SpecificationReading Run(SpecificationReading reading, DataSet data) =>
        Run(reading, SizeOf(data), split => CountsOf(data, split, reading.Require()));

    /// <summary>The same for a named data set that is not here: how its classes are spread is not known.</summary>
    public static SpecificationReading Run(SpecificationReading reading, KnownDataSet known) =>
        Run(reading, DataSize.Of(known), split => Plain(known.TrainingSamples, split, reading.Require()));

    private static SpecificationReading Run(
        SpecificationReading reading, DataSize data, Func<Split, SampleCounts> counts)
    {
        var specification = reading.Require();
        var split = specification.Folds > 0
            ? Split.KFold(specification.Folds, 0)
            : specification.HoldoutFirst > 0
                ? Split.First(specification.HoldoutFirst)
                : Split.Holdout(specification.HoldoutFraction);
        if (specification.Data.Samples is { } wanted && wanted > data.TrainingSamples)
        {
            reading = reading.WithNote(
                "data.samples", $"{wanted} samples are wanted, and there are {data.TrainingSamples}: all are used");
        }

        try
        {
            return reading.On(data, counts(split));
        }
        catch (SweepsException error)
        {
            // Too few samples: the very check that a training would fail in.
            var path = specification.Folds > 0
                ? reading.Written("folds", "data.samples", "data") : "validation";
            return reading.WithError(path, error.Message);
        }
    }

    private static SampleCounts CountsOf(DataSet data, Split split, SweepSpecification specification)
    {
        var (learned, held) = SampleSplit.Of(split, data.Train, specification.Seed, specification.Data.Samples);
        if (data.Task != TaskKind.Classification)
            return new(learned.Length, []);
        var counts = new int[data.Classes];
        foreach (var sample in learned.Concat(held))
            counts[data.Train.Labels[sample]]++;
        return new(learned.Length, [.. counts.Select((count, label) => new ClassCount(data.ClassNames[label], count))]);
    }

    private static SampleCounts Plain(int samples, Split split, SweepSpecification specification) => new(
        SampleSplit.Of(split, samples, specification.Seed, specification.Data.Samples).Training.Length, []);
}

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
        var outputs = set.Task == TaskKind.Regression ? 1 : set.Classes;
        return new(input, outputs, set.Train.Count, set.Task, set.Train.IsBytes ? 1 : sizeof(float));
    }

    /// <summary>Adds what the data refuse, and what is worth knowing.</summary>
    public static SpecificationReading Run(SpecificationReading reading, DataSet data)
    {
        var specification = reading.Require();
        var split = specification.Folds > 0
            ? Split.KFold(specification.Folds, 0) : Split.Holdout(specification.HoldoutFraction);
        if (specification.Data.Samples is { } wanted && wanted > data.Train.Count)
        {
            reading = reading.WithNote(
                "data.samples", $"{wanted} samples are wanted, and there are {data.Train.Count}: all are used");
        }

        try
        {
            return reading.On(SizeOf(data), CountsOf(data, split, specification));
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
        var limit = specification.Data.Samples;
        if (data.Task == TaskKind.Regression)
            return new(SampleSplit.Of(split, data.Train.Count, specification.Seed, limit).Training.Length, []);
        var (learned, held) = SampleSplit.Of(split, data.Train.Labels, specification.Seed, limit);
        var counts = new int[data.Classes];
        foreach (var sample in learned.Concat(held))
            counts[data.Train.Labels[sample]]++;
        return new(learned.Length, [.. counts.Select((count, label) => new ClassCount(data.ClassNames[label], count))]);
    }
}

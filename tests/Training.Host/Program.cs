using System.Globalization;
using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;

// Trains in a process of its own, for tests. Each argument is a training: ARCHITECTURE;EPOCHS;STOP_AFTER;CHECKPOINT_IN;
// CHECKPOINT_OUT ("-": none), and ;STAGES where they are not the first. Prints the digest of each, a line each, after
// "maps" whether libtorch is loaded, and after "vectors" whether the widest are 512 bits wide.
var trainer = new Trainer(new DataSets(new DataFolders()));
foreach (var training in args)
{
    if (training == "maps")
    {
        var isLoaded = File.ReadLines("/proc/self/maps").Any(
            line => line.Contains("torch", StringComparison.Ordinal) && line.Contains(".so", StringComparison.Ordinal));
        Console.WriteLine(isLoaded ? "loaded" : "not loaded");
        continue;
    }

    if (training == "vectors")
    {
        Console.WriteLine(Vector512.IsHardwareAccelerated ? "wide" : "narrow");
        continue;
    }

    var words = training.Split(';');
    var request = new TrainingRequest
    {
        Data = "digits",
        Split = Split.KFold(3, 0),
        Seed = 1,
        SampleLimit = 300,
        Stages = words.Length > 5 ? Enum.Parse<StageSet>(words[5]) : StageSet.First,
        Hyperparameters = new()
        {
            Architecture = words[0],
            LearningRate = 0.01,
            BatchSize = 16,
            Epochs = int.Parse(words[1], CultureInfo.InvariantCulture),
        },
    };
    var observer = new Stopper(int.Parse(words[2], CultureInfo.InvariantCulture), words[4]);
    var checkpoint = words[3] == "-" ? (ReadOnlyMemory<byte>?)null : File.ReadAllBytes(words[3]);
    Console.WriteLine(trainer.Train(request, observer, checkpoint, default).WeightsDigest);
}

internal sealed class Stopper(int after, string file) : ITrainingObserver
{
    public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
    {
        if (report.Epoch < after)
            return null;
        if (file != "-")
            File.WriteAllBytes(file, checkpoint());
        return "stopped";
    }
}

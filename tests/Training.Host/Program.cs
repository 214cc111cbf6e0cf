using System.Globalization;
using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;

// Trains in a process of its own, for tests: ARCHITECTURE EPOCHS STOP_AFTER CHECKPOINT_IN CHECKPOINT_OUT ("-": none).
// Prints the digest.
var request = new TrainingRequest
{
    Data = "digits",
    Split = Split.KFold(3, 0),
    Seed = 1,
    SampleLimit = 300,
    Hyperparameters = new()
    {
        Architecture = args[0],
        LearningRate = 0.01,
        BatchSize = 16,
        Epochs = int.Parse(args[1], CultureInfo.InvariantCulture),
    },
};
var observer = new Stopper(int.Parse(args[2], CultureInfo.InvariantCulture), args[4]);
ReadOnlyMemory<byte>? checkpoint = args[3] == "-" ? (ReadOnlyMemory<byte>?)null : File.ReadAllBytes(args[3]);
Console.WriteLine(
    new Trainer(new DataSets(new DataFolders())).Train(request, observer, checkpoint, default).WeightsDigest);

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

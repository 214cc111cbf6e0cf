using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.TrainingBench;

/// <summary>
/// Runs the product's trainer. Counted is what EpochReport counts: batches from gathering to the optimizer's step.
/// </summary>
internal static class OurSide
{
    private sealed class Silent : ITrainingObserver
    {
        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) => null;
    }

    /// <summary>One training.</summary>
    public static Speed Run(DataSets sets, TrainingRequest request)
    {
        var result = new Trainer(sets).Train(request, new Silent(), null, default);
        var samples = result.Epochs.Sum(epoch => (double)epoch.Samples);
        return new(samples / result.Epochs.Sum(epoch => epoch.TrainSeconds),
            samples / result.Epochs.Sum(epoch => epoch.CpuSeconds));
    }

    /// <summary>The same training on each of several threads at once; the sum of their speeds while all ran.</summary>
    public static Speed RunSideBySide(DataSets sets, TrainingRequest request, int threads)
    {
        var speeds = new Speed[threads];
        var running = Enumerable.Range(0, threads)
            .Select(i => new Thread(() => speeds[i] = Run(sets, request))).ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        return new(speeds.Sum(speed => speed.Wall), speeds.Sum(speed => speed.Cpu));
    }
}

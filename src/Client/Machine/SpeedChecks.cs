using System.Diagnostics;
using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;
using TorchSharp;

namespace Sweeps.Client.Machine;

/// <summary>
/// Cores and thread pools: one training is one thread, and no library may start a pool beside it. This is measured,
/// because the environment variables that control it work with some builds of the libraries only.
/// </summary>
internal static class ThreadCheck
{
    private const int Size = 1024;
    private const int Products = 8;

    /// <summary>CPU time per wall time; other threads of the process take a little.</summary>
    private const double ThreadsMost = 1.4;

    public static IEnumerable<Finding> Run()
    {
        yield return new("threads", "cores", $"{Environment.ProcessorCount}, the default number of slots");
        var threads = ThreadsOfATraining();
        var found = string.Create(CultureInfo.InvariantCulture, $"{threads:0.0} busy during a product in one slot");
        yield return threads <= ThreadsMost
            ? new("threads", "libtorch", found)
            : new(
                "threads", "libtorch", $"{found}: thread pools compete with the slots", FindingStatus.Poor,
                "export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1");
    }

    private static double ThreadsOfATraining()
    {
        using var scope = torch.NewDisposeScope();
        torch.set_num_threads(1); // As each training does on its thread.
        var factor = torch.ones(Size, Size);
        torch.mm(factor, factor);
        using var process = Process.GetCurrentProcess();
        var (used, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        for (var product = 0; product < Products; product++)
            torch.mm(factor, factor);
        process.Refresh();
        return (process.TotalProcessorTime - used) / Stopwatch.GetElapsedTime(start);
    }
}

/// <summary>Matrix products and training for about a second, on one thread.</summary>
internal static class SpeedCheck
{
    private const int Size = 512;
    private const int Repeats = 5;

    /// <summary>Any processor of the last ten years is faster unless something is wrong.</summary>
    private const double GigaflopsPoor = 5;

    public static IEnumerable<Finding> Run(DataSets sets)
    {
        var speed = Gigaflops();
        var poor = speed < GigaflopsPoor;
        yield return new(
            "speed", "matrix product",
            string.Create(CultureInfo.InvariantCulture, $"{speed:0.0} GFLOP/s of libtorch on one thread"),
            poor ? FindingStatus.Poor : FindingStatus.Ok,
            poor ? "check with top whether other programs keep the machine busy" : null);
        yield return new(
            "speed", "training", $"{Figures.Count(ImagesPerSecond(sets))} images/s per slot with mlp-128-128");
    }

    // The best of several, because other programs may use the machine.
    private static double Gigaflops()
    {
        using var scope = torch.NewDisposeScope();
        var left = torch.ones(Size, Size);
        var right = torch.ones(Size, Size);
        var best = double.PositiveInfinity;
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            using var product = torch.mm(left, right);
            if (repeat > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * Size * Size * Size / best / 1e9;
    }

    private static double ImagesPerSecond(DataSets sets)
    {
        var request = new TrainingRequest
        {
            Data = "digits",
            Hyperparameters = new() { Architecture = "mlp-128-128", LearningRate = 0.001, BatchSize = 100, Epochs = 3 },
            Split = Split.Holdout(0.1),
            Seed = 1,
            SampleLimit = 3000,
        };
        var result = new Trainer(sets).Train(request, NoObserver.Instance, checkpoint: null, CancellationToken.None);
        return result.Epochs.Max(epoch => epoch.ImagesPerSecond);
    }
}

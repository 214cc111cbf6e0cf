using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace Sweeps.Client.Machine;

/// <summary>
/// Cores and thread pools: one training is one thread, and no library may start a pool beside it. Measured, since the
/// variables that are said to decide it do so for some builds of the libraries only.
/// </summary>
internal static class ThreadCheck
{
    private const int Size = 1024;
    private const int Products = 8;

    /// <summary>Processor time per time that passes; other threads of the process take a little.</summary>
    private const double ThreadsMost = 1.4;

    public static IEnumerable<Finding> Run()
    {
        yield return new("threads", "cores", $"{Environment.ProcessorCount}: as many slots unless you say otherwise");
        var threads = ThreadsOfATraining();
        var found = string.Create(CultureInfo.InvariantCulture, $"{threads:0.0} at work in a product of one slot");
        yield return threads <= ThreadsMost
            ? new("threads", "libtorch", found)
            : new(
                "threads", "libtorch", $"{found}: pools beside the slots slow both", FindingStatus.Poor,
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

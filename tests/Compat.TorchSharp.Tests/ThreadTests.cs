using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>
/// Goal: trials side by side neither disturb nor slow each other: no hidden threads work for them, and the numbers are
/// the same to the last bit as alone. Nothing else may run meanwhile, since the process's CPU time is compared with
/// that of the threads at work.
/// </summary>
[Collection(nameof(ThreadTests))]
[CollectionDefinition(nameof(ThreadTests), DisableParallelization = true)]
public class ThreadTests
{
    private static readonly Dictionary<string, Func<Tensor[], Tensor>> Works = new()
    {
        ["mm"] = x => x[0].mm(x[0]),
        ["conv2d"] = x => nn.functional.conv2d(x[1], x[2], padding: [2, 2]),
        ["elementwise"] = x => x[1].exp().add_(1).log_(),
    };

    public static TheoryData<string> Names => [.. Works.Keys];

    [CompatFact]
    public void Threads_ByDefault_AreOneOnEveryThread()
    {
        var counts = new int[3];
        Parallel(3, i => counts[i] = get_num_threads());
        Assert.Equal([1, 1, 1], counts);
        Assert.Equal(1, get_num_threads());
    }

    [CompatFact]
    public void SetNumThreads_OnOneThread_AppliesThere()
    {
        var after = 0;
        Parallel(1, _ =>
        {
            set_num_threads(2);
            after = get_num_threads();
            set_num_threads(1);
        });
        Assert.Equal(2, after);
        Assert.True(get_num_interop_threads() >= 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TwoThreads_SideBySide_UseNoOtherThreadAndGetTheSameBits(string name)
    {
        if (!OperatingSystem.IsLinux()) return;
        set_num_threads(1);
        using var generator = new Generator(3);
        Tensor[] inputs =
        [
            randn(256, 256, generator: generator), randn(32, 16, 28, 28, generator: generator),
            randn(32, 16, 5, 5, generator: generator),
        ];
        Work(name, inputs, 5);
        var alone = Work(name, inputs, 40);

        var (results, cpu) = (new byte[2][], new double[2]);
        // What earlier tests left to the finalizer thread is none of the work measured here.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        Parallel(2, i =>
        {
            results[i] = Work(name, inputs, 40);
            cpu[i] = ThreadCpuSeconds();
        });
        var all = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;

        Assert.All(results, result => Assert.Equal(alone, result));
        Assert.True(
            all < 1.3 * cpu.Sum() + 0.1, $"{all:0.00} s of CPU, of which the two threads used {cpu.Sum():0.00}");
        foreach (var input in inputs) input.Dispose();
    }

    [Fact]
    public void ManySizes_FromFourThreads_AreMultipliedRight()
    {
        using var generator = new Generator(4);
        var matrices = Enumerable.Range(0, 40)
            .Select(i => randn(1 + i * 7 % 97, 64 + i % 5 * 33, generator: generator)).ToArray();
        byte[] Chain(int i)
        {
            using var scope = NewDisposeScope();
            var (a, b) = (matrices[i % 40], matrices[(i * 17 + 5) % 40]);
            return a.t().mm(a).mm(a.t()).add(b.sum()).bytes.ToArray();
        }

        var alone = Enumerable.Range(0, 400).Select(Chain).ToArray();
        var wrong = 0;
        Parallel(4, start =>
        {
            for (var i = 0; i < 400; i++)
            {
                var place = (i + 100 * start) % 400;
                if (!Chain(place).AsSpan().SequenceEqual(alone[place])) Interlocked.Increment(ref wrong);
            }
        });
        foreach (var matrix in matrices) matrix.Dispose();
        Assert.Equal(0, wrong);
    }

    private static byte[] Work(string name, Tensor[] inputs, int times)
    {
        byte[] result = [];
        for (var i = 0; i < times; i++)
        {
            using var scope = NewDisposeScope();
            var output = Works[name](inputs);
            if (i == times - 1) result = output.bytes.ToArray();
        }

        return result;
    }

    private static void Parallel(int count, Action<int> body)
    {
        using var together = new Barrier(count);
        var failures = new Exception?[count];
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => failures[i] = Record.Exception(() =>
        {
            together.SignalAndWait();
            body(i);
        }))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(failures, Assert.Null);
    }

    /// <summary>Of the calling thread, from /proc: clock ticks of 10 ms, user and system.</summary>
    private static double ThreadCpuSeconds()
    {
        var fields = File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(
            fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }
}

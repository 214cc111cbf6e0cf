using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Tests.Data;

namespace Sweeps.Training.Tests.Runs;

/// <summary>The same bits in another process, and across a stop and a start in new processes.</summary>
[Trait("Speed", "slow")]
public sealed class ProcessTests
{
    private const int Epochs = 3;

    private static readonly string[] s_architectures =
    [
        "flatten | dense 32 relu | dropout 0.3 | dense",
        "conv 8 5x5 relu | max_pool 2 | dropout 0.2 | flatten | dense",
        "conv 4 5x5 stride 2 | batch_norm | relu | dropout 0.2 | flatten | dense",
    ];

    [Fact]
    public void Train_InOtherProcesses_StoppedAndResumed_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(new DataSets(new DataFolders()));
        var here = s_architectures.Select(architecture => trainer.Train(
            new()
            {
                Data = "digits",
                Split = Split.KFold(3, 0),
                Seed = 1,
                SampleLimit = 300,
                Hyperparameters = new()
                {
                    Architecture = architecture,
                    LearningRate = 0.01,
                    BatchSize = 16,
                    Epochs = Epochs,
                },
            },
            NoObserver.Instance, null, default).WeightsDigest).ToList();

        var whole = RunHost(s_architectures.Select(architecture => $"{architecture};{Epochs};99;-;-"));
        var stopped = RunHost(Stops((architecture, epoch, file) => $"{architecture};{Epochs};{epoch};-;{file}"));
        var resumed = RunHost(Stops((architecture, _, file) => $"{architecture};{Epochs};99;{file};-"));

        Assert.Equal(here, whole);
        Assert.Empty(stopped.Intersect(here));
        Assert.Equal(here.SelectMany(digest => new[] { digest, digest }), resumed);

        // Each architecture stopped after the first epoch and after the second.
        IEnumerable<string> Stops(Func<string, int, string, string> training) =>
            from architecture in s_architectures.Index()
            from epoch in Enumerable.Range(1, Epochs - 1)
            select training(
                architecture.Item, epoch, Path.Combine(folder.Path, $"{architecture.Index}-{epoch}"));
    }

    /// <summary>Only the torch engine needs libtorch.</summary>
    [Fact]
    public void Train_OnTheNativeEngine_LoadsNoLibtorch()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var lines = RunHost([$"{s_architectures[1]};1;99;-;-", "maps", $"{s_architectures[2]};1;99;-;-", "maps"]);

        Assert.Equal(["not loaded", "loaded"], [lines[1], lines[3]]);
    }

    /// <summary>The same program on a processor with vectors of 256 bits at most.</summary>
    [Theory]
    [InlineData("lenet-5")]
    [InlineData("conv 4 5x5 stride 2 | batch_norm | relu | residual 20 stride 2 | dropout 0.2 | flatten | dense")]
    [InlineData("residual 4 gelu | max_pool 3 stride 2 same | bottleneck 5 stride 2 | global_avg_pool | dense")]
    [InlineData("conv 17 3x3 sigmoid | avg_pool 3 stride 1 | flatten | batch_norm | dense 9 tanh | dense")]
    public void Train_NativelyWithoutVectorsOf512Bits_GivesTheSameBits(string architecture)
    {
        string[] trainings = ["vectors", $"{architecture};2;99;-;-;{NativeStages.Newest}", "maps"];
        var narrow = RunHost(trainings, ("DOTNET_EnableAVX512F", "0"), ("DOTNET_EnableAVX512", "0"));
        var own = RunHost(trainings);

        Assert.Equal("narrow", narrow[0]);
        Assert.Equal(own[1..], narrow[1..]);
        Assert.Equal("not loaded", own[2]);
    }

    private static string[] RunHost(IEnumerable<string> trainings, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(HostPath());
        foreach (var training in trainings)
            start.ArgumentList.Add(training);
        // Hostile on purpose: the number of threads must not follow the environment.
        start.Environment["OMP_NUM_THREADS"] = "3";
        start.Environment["MKL_NUM_THREADS"] = "3";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(4)));
        Assert.Equal(0, process.ExitCode);
        Assert.All(output, digest => Assert.Matches("^([0-9a-f]{64}|(not )?loaded|wide|narrow)$", digest));
        return output;
    }

    /// <summary>Beside this assembly's own output: tests/Training.Tests/bin/CONFIGURATION/FRAMEWORK.</summary>
    private static string HostPath([CallerFilePath] string path = "")
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var tests = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
        return Path.Combine(tests, "Training.Host", "bin", output.Parent!.Name, output.Name,
            "Sweeps.Training.Host.dll");
    }
}

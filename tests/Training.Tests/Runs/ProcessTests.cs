using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Runs;

/// <summary>The same bits in another process, and across a stop and a start in new processes.</summary>
public sealed class ProcessTests
{
    private const string Dense = "flatten | dense 32 relu | dropout 0.3 | dense";
    private const string Staged = "conv 8 5x5 relu | max_pool 2 | dropout 0.2 | flatten | dense";
    private const string Autograd = "conv 4 5x5 stride 2 | batch_norm | relu | dropout 0.2 | flatten | dense";

    [Theory]
    [InlineData(Dense)]
    [InlineData(Staged)]
    [InlineData(Autograd)]
    public void Train_InOtherProcesses_StoppedAndResumed_GivesTheSameBits(string architecture)
    {
        var request = new TrainingRequest
        {
            Data = "digits",
            Split = Split.KFold(3, 0),
            Seed = 1,
            SampleLimit = 300,
            Hyperparameters = new() { Architecture = architecture, LearningRate = 0.01, BatchSize = 16, Epochs = 3 },
        };
        var here =
            new Trainer(new DataSets(new DataFolders())).Train(request, new Watcher(), null, default).WeightsDigest;
        Assert.Equal(here, RunHost(architecture, 3, 99, "-", "-"));
        var file = Path.GetTempFileName();
        try
        {
            for (var epoch = 1; epoch <= 2; epoch++)
            {
                Assert.NotEqual(here, RunHost(architecture, 3, epoch, "-", file));
                Assert.Equal(here, RunHost(architecture, 3, 99, file, "-"));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string RunHost(string architecture, int epochs, int stopAfter, string from, string to)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[HostPath(), architecture, Text(epochs), Text(stopAfter), from, to])
            start.ArgumentList.Add(argument);
        // Hostile on purpose: the number of threads must not follow the environment.
        start.Environment["OMP_NUM_THREADS"] = "3";
        start.Environment["MKL_NUM_THREADS"] = "3";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.Equal(0, process.ExitCode);
        Assert.Matches("^[0-9a-f]{64}$", output);
        return output;

        static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
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

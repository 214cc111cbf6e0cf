using System.Diagnostics;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Runs;
using Sweeps.Training.Torch;
using static TorchSharp.torch;

namespace Sweeps.TrainingBench;

/// <summary>Images a second by the clock and by the CPU time used; the second is not disturbed by neighbours.</summary>
internal readonly record struct Speed(double Wall, double Cpu)
{
    public static Speed Median(IReadOnlyCollection<Speed> speeds) =>
        new(Median(speeds.Select(speed => speed.Wall)), Median(speeds.Select(speed => speed.Cpu)));

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2]
            : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>The ways to train a network that race, each with Adam on one thread.</summary>
internal static class Sides
{
    /// <summary>
    /// The product's trainer. Counted is what EpochReport counts: batches from gathering to the optimizer's step.
    /// </summary>
    public static Speed Trainer(DataSets sets, TrainingRequest request)
    {
        var result = new Trainer(sets).Train(request, NoObserver.Instance, null, default);
        var samples = result.Epochs.Sum(epoch => (double)epoch.Samples);
        return new(samples / result.Epochs.Sum(epoch => epoch.TrainSeconds),
            samples / result.Epochs.Sum(epoch => epoch.CpuSeconds));
    }

    /// <summary>The same training on each of several threads at once; the sum of their speeds while all ran.</summary>
    public static Speed SideBySide(DataSets sets, TrainingRequest request, int threads)
    {
        var speeds = new Speed[threads];
        var running = Enumerable.Range(0, threads)
            .Select(i => new Thread(() => speeds[i] = Trainer(sets, request))).ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        return new(speeds.Sum(speed => speed.Wall), speeds.Sum(speed => speed.Cpu));
    }

    /// <summary>The torch engine's network with the product's batches, loss and optimizer.</summary>
    public static Speed TorchEngine(DataSets sets, TrainingRequest request)
    {
        var setup = TrainingSetup.Of(request, sets);
        var size = request.Hyperparameters.BatchSize;
        using var network = new AutogradNetwork(setup.Plan, setup.Streams, size);
        using var optimizer = Optimizer.Create(request.Hyperparameters, network.Weights.Length);
        using var batch = new Batch(setup.Data.Train, size);
        var loss = Loss.Create(setup.Loss);
        InitialWeights.Fill(network, InitializerKind.XavierUniform, setup.Streams);
        var order = setup.Learning.ToArray();
        return Measure(request, order, indices =>
        {
            batch.Fill(indices);
            loss.ScoreWithGradient(network.Forward(batch, learning: true), batch, network.OutputGradient);
            network.Backward();
            optimizer.Step(network.Weights, network.Gradients);
        });
    }

    /// <summary>The yardstick: modules, autograd and optimizer of TorchSharp, as its tutorials write them.</summary>
    public static Speed TorchSharp(Case race, DataSets sets, TrainingRequest request)
    {
        set_num_threads(1);
        var setup = TrainingSetup.Of(request, sets);
        var data = setup.Data.Train;
        var pixels = new float[data.Count * data.Features];
        data.GatherRange(0, data.Count, pixels);
        using var everything = NewDisposeScope();
        var inputs = tensor(pixels, [data.Count, data.Features]);
        var labels = tensor([.. data.Labels.ToArray().Select(label => (long)label)]);
        var module = race.Module!();
        module.train();
        var optimizer = optim.Adam(module.parameters(), race.LearningRate);
        var total = 0.0;
        return Measure(request, setup.Learning.ToArray(), indices =>
        {
            using var step = NewDisposeScope();
            var chosen = tensor(indices, dtype: ScalarType.Int64);
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(
                module.forward(inputs.index_select(0, chosen)), labels.index_select(0, chosen));
            loss.backward();
            optimizer.step();
            total += loss.item<float>();
        });
    }

    private static Speed Measure(TrainingRequest request, int[] order, Action<int[]> step)
    {
        var (size, epochs) = (request.Hyperparameters.BatchSize, request.Hyperparameters.Epochs);
        var (start, cpu) = (Stopwatch.GetTimestamp(), ThreadClock.Seconds);
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            new RandomStream(new(request.Seed, Purpose.Order, Epoch: epoch)).Shuffle(order.AsSpan());
            for (var first = 0; first < order.Length; first += size)
                step(order[first..Math.Min(first + size, order.Length)]);
        }

        var samples = (double)epochs * order.Length;
        return new(samples / Stopwatch.GetElapsedTime(start).TotalSeconds, samples / (ThreadClock.Seconds - cpu));
    }
}

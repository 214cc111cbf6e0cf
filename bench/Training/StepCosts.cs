using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Runs;

namespace Sweeps.TrainingBench;

/// <summary>What a step costs, part by part, by CPU time: each part alone, many times, the best of several rounds.
/// </summary>
internal static class StepCosts
{
    private const int BatchSize = 100;
    private const int Rounds = 7;
    private const double RoundSeconds = 0.05;

    /// <summary>Microseconds of each part.</summary>
    public static IReadOnlyList<(string Part, double Microseconds)> Of(Case race, DataSets sets, BenchData data)
    {
        var setup = TrainingSetup.Of(race.Request(data, BatchSize, 50), sets);
        using var network = NetworkFactory.Create(setup.Engine.Engine, setup.Plan, setup.Streams, BatchSize);
        using var optimizer = Optimizer.Create(setup.Request.Hyperparameters, network.Weights.Length);
        using var batch = new Batch(setup.Data.Train, BatchSize);
        var loss = Loss.Create(setup.Loss);
        InitialWeights.Fill(network, InitializerKind.XavierUniform, setup.Streams);
        var indices = setup.Learning.AsSpan(0, BatchSize).ToArray();
        batch.Fill(indices);
        var outputs = network.Forward(batch, learning: true);
        loss.ScoreWithGradient(outputs, batch, network.OutputGradient);
        var forward = Best(() => network.Forward(batch, learning: true));
        return
        [
            ("gather", Best(() => batch.Fill(indices))),
            ("forward", forward),
            ("loss and its gradient", Best(() => loss.ScoreWithGradient(outputs, batch, network.OutputGradient))),
            ("backward", Best(() =>
            {
                network.Forward(batch, learning: true);
                network.Backward();
            }) - forward),
            ("optimizer", Best(() => optimizer.Step(network.Weights, network.Gradients))),
        ];
    }

    private static double Best(Action part)
    {
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var (start, count) = (ThreadClock.Seconds, 0);
            double seconds;
            do
            {
                part();
                count++;
                seconds = ThreadClock.Seconds - start;
            }
            while (seconds < RoundSeconds);

            best = Math.Min(best, seconds * 1e6 / count);
        }

        return best;
    }
}

using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Runs;

namespace Sweeps.TrainingBench;

/// <summary>What a step costs, part by part: by CPU time: each part alone, many times, the best of several
/// rounds.</summary>
internal static class StepCosts
{
    private const int Rounds = 7;

    /// <summary>Microseconds of each part.</summary>
    public static IReadOnlyList<(string Part, double Microseconds)> Of(Case race, DataSets sets, string data)
    {
        var setup = TrainingSetup.Of(race.Request(data, 12_000), sets);
        using var network = NetworkFactory.Create(setup.Engine.Engine, setup.Plan, setup.Streams, race.BatchSize);
        using var optimizer = Optimizer.Create(setup.Request.Hyperparameters, network.Weights.Length);
        using var batch = new Batch(setup.Data.Train, race.BatchSize);
        var loss = Loss.Create(setup.Loss);
        InitialWeights.Fill(network, InitializerKind.XavierUniform, setup.Streams);
        var indices = setup.Learning.AsSpan(0, race.BatchSize).ToArray();
        batch.Fill(indices);
        var outputs = network.Forward(batch, learning: true);
        loss.ScoreWithGradient(outputs, batch, network.OutputGradient);
        var forward = Best(race, () => network.Forward(batch, learning: true));
        return
        [
            ("gather", Best(race, () => batch.Fill(indices))),
            ("forward", forward),
            ("loss and its gradient", Best(race, () => loss.ScoreWithGradient(outputs, batch, network.OutputGradient))),
            ("backward", Best(race, () =>
            {
                network.Forward(batch, learning: true);
                network.Backward();
            }) - forward),
            ("optimizer", Best(race, () => optimizer.Step(network.Weights, network.Gradients))),
        ];
    }

    private static double Best(Case race, Action part)
    {
        var count = Math.Max(3, race.Samples / race.BatchSize / 10);
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var start = ThreadClock.Seconds;
            for (var i = 0; i < count; i++)
                part();
            best = Math.Min(best, (ThreadClock.Seconds - start) * 1e6 / count);
        }

        return best;
    }
}

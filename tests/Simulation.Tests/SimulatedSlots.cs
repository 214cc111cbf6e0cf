using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// A sweep on one machine in virtual time where nothing fails: how long the slots stand idle, and how good the
/// configuration is that it finds. Its trainings are learning curves: an accuracy that rises towards what the
/// configuration allows, faster with smaller batches, with noise of its own on each fold.
/// </summary>
internal sealed class SimulatedSlots
{
    private readonly SweepPlan _plan;
    private readonly SweepSession _session;
    private readonly bool _isEven;
    private readonly PriorityQueue<Assignment, (double End, long Order)> _running = new();
    private readonly Dictionary<TrialId, int> _trained = [];
    private readonly SiloId _silo = new("alone", "alone");
    private readonly int _slots;
    private double _now, _busy, _end;
    private long _claims, _order;

    /// <param name="keys">The lines of the sweep's file that say how it is searched.</param>
    /// <param name="slots">Trainings at the same time.</param>
    /// <param name="isEven">Every epoch takes the same time; otherwise small batches take up to four times as long.
    /// </param>
    public SimulatedSlots(string keys, int slots, bool isEven)
    {
        var isGrid = keys.Contains("grid", StringComparison.Ordinal);
        var rates = isGrid
            ? "[0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]"
            : "{distribution: log_uniform_values, min: 0.0001, max: 1}";
        var text = $$"""
            data: digits
            architectures: [mlp-5]
            parameters:
              learning_rate: {{rates}}
              batch_size: [16, 32, 64]
              weight_decay: {{(isGrid
                ? "[0.00001, 0.001, 0.1]"
                : "{distribution: log_uniform_values, min: 0.000001, max: 1}")}}

            """;
        var specification = SpecificationReader.Read(text + keys, "timeline.yaml").Require();
        _plan = SpecificationPlan.Create(specification, "timeline", TaskKind.Classification);
        (_slots, _isEven) = (slots, isEven);
        _session = new(new SweepState(), new SweepDecider(SpecificationPlan.SearcherOf(_plan)));
        _session.Apply(new SubmitSweep(_plan), default);
    }

    /// <summary>Share of the slots' time from the first start to the last end in which they had nothing to do; the
    /// refit is not counted.</summary>
    public double Idle => 1 - (_busy / (_slots * _end));

    /// <summary>Seconds of training; the refit is not counted.</summary>
    public double Busy => _busy;

    /// <summary>Seconds from the first start to the last end; the refit is not counted.</summary>
    public double Lasts => _end;

    /// <summary>The accuracy that the chosen configuration has in truth.</summary>
    public double Best =>
        Accuracy(_session.State.HyperparametersOf(_session.State.Selection!.Best!.Value), int.MaxValue);

    /// <summary>The results' digest.</summary>
    public string Digest => _session.State.Completion!.Digest;

    public SimulatedSlots Run()
    {
        Claim();
        while (!_session.State.IsOver)
        {
            var training = _running.TryDequeue(out var next, out var at)
                ? next
                : throw new InvalidOperationException("The sweep waits for ever.");
            _now = at.End;
            if (!training.Attempt.Trial.IsRefit)
                _end = _now;
            _session.Apply(Simulation.Report(training.Attempt, ResultOf(training)), default);
            Claim();
            _session.Commit(_session.State.Sequence);
        }

        return this;
    }

    private void Claim()
    {
        if (_running.Count == _slots || _session.State.IsOver)
            return;
        var claim = new ClaimTrials(_silo, ++_claims, _slots - _running.Count, "numerics");
        foreach (var assignment in _session.Apply(claim, default).Assignments)
        {
            var trial = assignment.Attempt.Trial;
            var hyperparameters = assignment.Request.Hyperparameters;
            var until = assignment.Until ?? hyperparameters.Epochs;
            var seconds = (until - _trained.GetValueOrDefault(trial))
            * (_isEven ? 1 : 64.0 / hyperparameters.BatchSize);
            _trained[trial] = until;
            if (!trial.IsRefit)
                _busy += seconds;
            _running.Enqueue(assignment, (_now + seconds, _order++));
        }
    }

    private static TrialResult ResultOf(Assignment assignment)
    {
        var trial = assignment.Attempt.Trial;
        var hyperparameters = assignment.Request.Hyperparameters;
        var epochs = assignment.Until ?? hyperparameters.Epochs;
        var accuracy = Accuracy(hyperparameters, epochs) + Noise(trial);
        return new()
        {
            Outcome = epochs == hyperparameters.Epochs ? TrainingOutcome.Completed : TrainingOutcome.Stopped,
            ValidationMetric = accuracy,
            TrainMetric = accuracy,
            ValidationLoss = 1 - accuracy,
            TrainLoss = 1 - accuracy,
            Epochs = epochs,
            TrainSeconds = epochs,
            Samples = 1000L * epochs,
            Weights = 100,
            WeightsDigest = new('0', 64),
            Test = trial.IsRefit ? new TestReport(0.1, accuracy, [3, 1, 0, 4], 2) : null,
        };
    }

    private static double Accuracy(Hyperparameters of, int epochs)
    {
        var rate = Math.Log10(of.LearningRate * 64 / of.BatchSize) + 2.2;
        var most = 0.98 - (0.05 * rate * rate) - (0.01 * Math.Pow(Math.Log10(of.WeightDecay!.Value) + 3.5, 2));
        var speed = 0.25 * Math.Sqrt(64.0 / of.BatchSize) * Math.Exp(0.4 * Math.Min(rate, 0));
        return epochs == int.MaxValue ? most : most - ((most - 0.1) * Math.Exp(-speed * epochs));
    }

    private static double Noise(TrialId trial)
    {
        var random = new Random(HashOf(trial));
        return 0.01 * (random.NextDouble() + random.NextDouble() - 1);
    }

    private static int HashOf(TrialId trial) => unchecked((trial.Configuration * 7919) + (trial.Fold * 104729) + 17);
}

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>
/// Files in the manner of the examples in W&amp;B's documentation ("Define sweep configuration", "Sweep configuration
/// options"): same keys and distributions, in the order used there.
/// </summary>
internal static class WandbFiles
{
    /// <summary>As W&amp;B has them, but for the lines that any sweep here needs: data and architectures.</summary>
    public static IReadOnlyList<string> Adapted { get; } =
    [
        """
        program: train.py
        name: sweepdemo
        method: random
        metric:
          goal: minimize
          name: validation_loss
        parameters:
          learning_rate:
            min: 0.0001
            max: 0.1
          batch_size:
            values: [16, 32, 64]
          epochs:
            values: [5, 10, 15]
          optimizer:
            values: ["adam", "sgd"]
        data: mnist
        architectures: [mlp-128-128]
        """,
        """
        program: train.py
        method: random
        metric:
          goal: minimize
          name: loss
        parameters:
          batch_size:
            distribution: q_log_uniform_values
            max: 256
            min: 32
            q: 8
          dropout:
            values: [0.3, 0.4, 0.5]
          epochs:
            value: 1
          learning_rate:
            distribution: uniform
            max: 0.1
            min: 0
          optimizer:
            values: ["adam", "sgd"]
        data: mnist
        architectures: [mlp-512x3]
        """,
        """
        project: p
        entity: e
        program: run.py
        method: grid
        metric: {name: val_loss, goal: minimize, target: 0.01}
        run_cap: 30
        parameters:
          weight_decay:
            values: [1e-5, 1e-6, 1e-7]
          momentum:
            values: [0.8, 0.9, 0.95]
          optimizer:
            value: sgd
          epochs:
            value: 27
        early_terminate:
          type: hyperband
          s: 2
          eta: 3
          max_iter: 27
        command:
          - ${env}
          - ${interpreter}
          - ${program}
          - "--batch_size=${batch_size}"
        data: mnist
        architectures: linear
        """,
        """
        {"method": "random", "metric": {"name": "val_acc", "goal": "maximize"}, "run_cap": 9,
         "parameters": {
          "learning_rate": {"distribution": "log_uniform_values", "min": "1e-5", "max": !!float 1e-1},
          "weight_decay": {"distribution": "inv_log_uniform_values", "min": 1e-6, "max": 1e-2},
          "momentum": {"distribution": "normal", "mu": 0.9, "sigma": 0.05},
          "batch_size": {"distribution": "int_uniform", "min": 8, "max": 64},
          "optimizer":
            {"distribution": "categorical_w_probabilities", "values": ["sgd", "adam"], "probabilities": [0.75, 0.25]},
          "loss": {"distribution": "constant", "value": "cross_entropy"}},
         "data": "mnist", "architectures": ["linear"]}
        """,
    ];
}

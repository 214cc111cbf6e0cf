namespace Sweeps.Bench.EndToEnd;

/// <summary>Sweeps of which the start and the end are a large part.</summary>
internal static class SmallSweep
{
    /// <summary>Their names and files, with <c>DATA</c> for the data set.</summary>
    public static (string Name, string File)[] All { get; } =
    [
        ("tiny", """
            name: tiny
            data: DATA
            architectures: [mlp-5]
            parameters: {learning_rate: [0.0001, 0.0003, 0.001, 0.002, 0.003, 0.006, 0.01, 0.03]}
            folds: 5
            epochs: 1
            """),
        ("mlp", """
            name: mlp
            data: DATA
            architectures: [mlp-128-128]
            parameters: {learning_rate: [0.0001, 0.0003, 0.001, 0.002, 0.003, 0.006, 0.01, 0.03]}
            folds: 5
            epochs: 1
            """),
        ("cnn", """
            name: cnn
            data: {name: DATA, samples: 3000}
            architectures: [cnn-lab]
            parameters: {learning_rate: [0.001, 0.003]}
            folds: 3
            epochs: 1
            """),
    ];
}

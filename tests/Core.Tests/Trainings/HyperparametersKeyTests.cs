using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

public sealed class HyperparametersKeyTests
{
    private static readonly Hyperparameters s_plain = new()
    {
        Architecture = "mlp-5",
        LearningRate = 0.01,
        BatchSize = 100,
        Epochs = 5,
    };

    /// <summary>Written by hand after the documented form; the key is sha256sum's of this text.</summary>
    private const string Canonical = """
        sweeps configuration 1
        architecture=flatten | dense 5 relu | dense
        learning_rate=0.01
        batch_size=100
        optimizer=Adam
        momentum=0
        nesterov=false
        weight_decay=0
        initializer=XavierUniform
        loss=task

        """;

    [Fact]
    public void Canonical_PlainConfiguration_SpellsEveryDefault() =>
        Assert.Equal(Canonical.ReplaceLineEndings("\n"), CanonicalOf(s_plain));

    [Fact]
    public void Of_PlainConfiguration_IsTheStartOfTheHash() =>
        Assert.Equal(0xdce69d42305718f4UL, KeyOf(s_plain));

    public static TheoryData<Hyperparameters> Same =>
    [
        s_plain with { Epochs = 10 },
        s_plain with { Momentum = 0 },
        s_plain with { Momentum = 0.9 },
        s_plain with { Nesterov = true },
        s_plain with { WeightDecay = -0.0 },
        s_plain with { Architecture = "flatten | dense 5 relu | dense" },
        s_plain with { Activation = "relu" },
        s_plain with { Dropout = 0.5 },
        s_plain with { Initializer = InitializerKind.XavierUniform },
    ];

    [Theory]
    [MemberData(nameof(Same))]
    public void Of_SameTraining_IsTheSameKey(Hyperparameters other) =>
        Assert.Equal(KeyOf(s_plain), KeyOf(other));

    public static TheoryData<Hyperparameters> Others =>
    [
        s_plain with { Architecture = "mlp-6" },
        s_plain with { LearningRate = 0.010000000000000002 },
        s_plain with { BatchSize = 101 },
        s_plain with { Optimizer = OptimizerKind.AdamW },
        s_plain with { Optimizer = OptimizerKind.Sgd },
        s_plain with { WeightDecay = 0.01 },
        s_plain with { Activation = "tanh" },
        s_plain with { Initializer = InitializerKind.HeNormal },
        s_plain with { Loss = LossKind.MeanSquaredError },
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_AnotherTraining_IsAnotherKey(Hyperparameters other) =>
        Assert.NotEqual(KeyOf(s_plain), KeyOf(other));

    [Fact]
    public void Of_SgdSettings_CountWhereSgdUsesThem()
    {
        var sgd = s_plain with { Optimizer = OptimizerKind.Sgd };

        Assert.Equal(KeyOf(sgd), KeyOf(sgd with { Momentum = 0 }));
        Assert.NotEqual(KeyOf(sgd), KeyOf(sgd with { Momentum = 0.9 }));
        Assert.NotEqual(KeyOf(sgd), KeyOf(sgd with { Nesterov = true }));
        Assert.NotEqual(
            KeyOf(s_plain with { Architecture = "mlp-5x1" }),
            KeyOf(s_plain with { Architecture = "mlp-5x1", Dropout = 0.3 }));
    }

    [Fact]
    public void ReadArchitecture_Unreadable_Throws() =>
        Assert.Throws<SweepsException>((s_plain with { Architecture = "mpl-5" }).ReadArchitecture);

    private static ulong KeyOf(Hyperparameters configuration) => HyperparametersKey.Of(CanonicalOf(configuration));

    private static string CanonicalOf(Hyperparameters configuration) =>
        HyperparametersKey.Canonical(configuration, configuration.ReadArchitecture());
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Tests.Data;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// What trainings compute, frozen: a result of an earlier version is taken over in place of a training only while both
/// compute the same. Whoever changes one of these digests on purpose raises <see cref="TrainingCourse.Rules"/> and
/// writes the new ones here.
/// </summary>
public sealed class TrainingRulesTests : IDisposable
{
    private const string Dense = "flatten | dense 8 relu | dropout 0.2 | dense";

    /// <summary>
    /// What the native engine computes is the same on every processor. Layers that run on libtorch are not here: its
    /// bits differ from one kind of processor to another, and a fingerprint tells them apart. Their initial weights,
    /// order of samples, optimizers and losses are those of the rows.
    /// </summary>
    private const string Frozen =
        """
        optimizer Sgd: 86ac374a5015b9a4 85bbc6f2f56a3114
        optimizer RmsProp: 9714f31c7f6ab034 25e5dddfcd782be0
        optimizer Adagrad: f29519112df426bd 0ac5748bbe9ca68c
        optimizer Adam: 2114b72475016b6b 8db5aa1718c965ec
        optimizer AdamW: 8d42646b25108d87 9beff6c26d36cade
        optimizer Nadam: 5e7ca19f31e68cb7 f648d0301308347c
        optimizer Adadelta: a21282db2da1c9f8 56c1f5cb6e894c94
        optimizer Adamax: dfd3499ca6057a72 8431da9e61c4ba33
        momentum sgd: 2d120be78b41816b 0da2a0d425f5e98f
        momentum rmsprop: 74205c98dbf50db8 24b6fb988bf1fded
        nesterov: e62f9c4b81c99a3f 5d3885489f19aae0
        decay Sgd: 98e9f83184fb5e56 46e8cde569d0a4e6
        decay Adam: f9a705261815fa47 812e6748105f46fc
        decay AdamW: 806b57b98c5d2048 719911d1ecee6e36
        initializer XavierUniform: 2114b72475016b6b 8db5aa1718c965ec
        initializer XavierNormal: bd4c277eb60f2999 9bca2854d3616569
        initializer HeUniform: c2f58cf9372410bd 37a7f4b736a7af1b
        initializer HeNormal: 3b1ff795e29874db b8e590be89acb96a
        initializer Zeros: 9896660e863f2135 a3fb732aae6cd034
        loss CrossEntropy: 2c3de03077fd0bb4 1a15e53c303c1fe9
        loss BinaryCrossEntropy: 689622e42d0d0924 8c11215d116429de
        loss MeanSquaredError: 651b1e1d052f1c37 8e015c39c517008d
        activation leaky_relu: cd8b33dc17c797fb 03b3f5c936601613
        activation elu: 0ebba353a0e569a2 ee36f8b166a15561
        activation gelu: 15d23b1063d0360f e646d20d2e778948
        activation sigmoid: 8fdf51777be1eaec c3457d070b089e5a
        activation tanh: 3c849c42b49fa2bd f6eaf571485678fc
        activation softmax: 69c9adbdd1514964 8fa398b098b3d258
        conv: aea33392702445bb 8e132aa323442ff1
        conv same, pool: 203b4e6f3867ea95 143ee3f2c58e2d93
        activation, dropout: 0f230178cdfbe7e1 6dc8ea23066b7a84
        stride: 9778815f7e5820a8 cfbb1d5f1f6514a9
        average pools: 118aca7f1bf8c453 d8d2bf305c5739f2
        overlapping pools: d9810af99be475de 334d54335a9178b0
        batch_norm: c25fd129c0b67a57 9b919a0e7fa77f8e
        residual: 30e1d1794aa6889f 8c5a8022baca6d9c
        split fold 2 of 3: a91cdb0ba04a46fc e9e5759efa866a88
        split repeat 2: 37bca1ce5e972227 8c71e3c5a7ba449f
        split hold-out: cced42048347a46d 3ca429e44ce47fcf
        split all: 84662a97cf10f594 2467c326d5fed0ad
        split first: bd32cfe0d5906b3d c3bcbdbd1ab73af5
        replicate 2: 06dd1e0de2994bda ec54389fd8606406
        seed 6: 90f5664d6f39c5e5 26ec15e705bdb10c
        limit 77: 907b312a2341e6c4 2c8e5b53b1396d96
        batch 7: 4eea67baa4b300f0 8fb3f8935c0122c4
        rate Step: 464f1d2f0c395126 1fd4e93b8c7a1ff8
        rate Exponential: 0bf4712a27628cb3 18b6c3e36537161b
        rate Cosine: c8655968871cdfdd bd111b826013a215
        rate Linear: 8397d943138a5867 726b97f5c7ed2007
        rate OneCycle: a11e94b4628c9d91 6dc7ae7f2d741521
        rate warm-up: 3ac203cedb24a34b c10202b8bc3cb91b
        clip norm: 1ca10a75c9fa77f1 3cda4047b73233fc
        clip value: ea02116aa451704d 86d664ee0b6b49a1
        smoothing CrossEntropy: 362e3776057abb31 5a1715aec0be216c
        smoothing BinaryCrossEntropy: fc4351b89cf35ed2 042f59fa3e5099d6
        weights CrossEntropy: eb593d53aa074ce3 3541eb199997c2be
        weights BinaryCrossEntropy: 543abed19fe41eb6 a08a244557fa7c55
        weights MeanSquaredError: 5d210da6553cd35a d6a57eb7180860bc
        weights balanced: 6dde0d6e32beba4b 3e6ccf49ef20a94d
        augment shift: f271f8b6ce31d1f4 bfe795c2c683a54b
        augment rotation: 13e4222e84dc4dc4 05501ce413ba1a9e
        augment zoom: 1aac69f42606e4f9 aef1694447cac75c
        augment flip: 4e7c831d5c2dc3ed 09da7d3417ee3a95
        augment brightness: b5cd32dd1120ce45 53a64cb5e843a3bb
        augment cutout: 0ad58d23a0d008e6 f8c4fe70311ecda3
        augment all: 3be6b7ad11ec7f0f 1bd1c58e0b469130
        best epoch, test: 2114b72475016b6b c19826174aa3d81f
        csv classes: 2b1de3dc712ab701 126d2e9a2dba06db
        csv numbers: ea6b82c727151a94 9f2392765dd881a9
        csv groups: 8e02efb0449b6bf4 f09f083343f3ce9b
        csv groups, hold-out: e0f088f048b7783c a4a5be88a699dca7
        csv limit 31: 4c87e9b7e4df58df 3c52024d70d29e50
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_SmallRequestOfEachKind_GivesTheFrozenNumbers()
    {
        var trainer = new Trainer(new DataSets(new DataFolders()));
        var found = new StringBuilder();
        foreach (var (name, request) in Requests())
        {
            var result = trainer.Train(request, NoObserver.Instance, null, default);
            Assert.Equal(EngineKind.Native, result.Engine);
            Assert.Equal(TrainingOutcome.Completed, result.Outcome);
            found.Append(CultureInfo.InvariantCulture, $"{name}: {DigestOf(result)}\n");
        }

        Assert.True(
            Frozen.ReplaceLineEndings("\n").TrimEnd() == found.ToString().TrimEnd(),
            "Trainings compute something else than before. If that is meant, raise TrainingCourse.Rules, or results " +
            $"of earlier versions are taken for those of this one. Rules {TrainingCourse.Rules} gives now:\n{found}");
    }

    /// <summary>A new kind needs a row of its own.</summary>
    [Fact]
    public void Requests_EveryKind_HasARow()
    {
        var requests = Requests().Select(row => row.Request).ToList();
        Assert.Equal(Enum.GetValues<OptimizerKind>(), Kinds(request => request.Hyperparameters.Optimizer));
        Assert.Equal(Enum.GetValues<InitializerKind>(), Kinds(
            request => request.Hyperparameters.Initializer ?? InitializerKind.XavierUniform));
        Assert.Equal(Enum.GetValues<LossKind>(), Kinds(
            request => request.Hyperparameters.Loss
                ?? (request.Task == TaskKind.Regression ? LossKind.MeanSquaredError : LossKind.CrossEntropy)));
        Assert.Equal(Enum.GetValues<LearningRateKind>(), Kinds(
            request => request.Hyperparameters.LearningRateSchedule?.Kind ?? LearningRateKind.Constant));
        Assert.Equal(Enum.GetValues<SplitKind>(), Kinds(request => request.Split.Kind));
        var words = requests.Select(request => request.Hyperparameters.Layers()).ToList();
        Assert.All(Enum.GetValues<ActivationKind>().Except([ActivationKind.Linear]), kind => Assert.Contains(
            words, layers => layers.Replace("_", "", StringComparison.Ordinal)
                .Contains(kind.ToString(), StringComparison.OrdinalIgnoreCase)));

        IEnumerable<T> Kinds<T>(Func<TrainingRequest, T> kind) => requests.Select(kind).Distinct().Order();
    }

    private IEnumerable<(string Name, TrainingRequest Request)> Requests()
    {
        var dense = Digits(Dense);
        foreach (var kind in Enum.GetValues<OptimizerKind>())
            yield return ($"optimizer {kind}", With(dense, h => h with { Optimizer = kind }));
        yield return ("momentum sgd", With(dense, h => h with { Optimizer = OptimizerKind.Sgd, Momentum = 0.9 }));
        yield return ("momentum rmsprop", With(
            dense, h => h with { Optimizer = OptimizerKind.RmsProp, Momentum = 0.5 }));
        yield return ("nesterov", With(
            dense, h => h with { Optimizer = OptimizerKind.Sgd, Momentum = 0.9, Nesterov = true }));
        foreach (var kind in (OptimizerKind[])[OptimizerKind.Sgd, OptimizerKind.Adam, OptimizerKind.AdamW])
            yield return ($"decay {kind}", With(dense, h => h with { Optimizer = kind, WeightDecay = 0.1 }));
        foreach (var kind in Enum.GetValues<InitializerKind>())
            yield return ($"initializer {kind}", With(dense, h => h with { Initializer = kind }));
        foreach (var kind in Enum.GetValues<LossKind>())
            yield return ($"loss {kind}", With(dense, h => h with { Loss = kind }));
        foreach (var word in (string[])["leaky_relu", "elu", "gelu", "sigmoid", "tanh", "softmax"])
            yield return ($"activation {word}", Digits($"flatten | dense 8 {word} | dense"));
        yield return ("conv", Digits("conv 4 3x3 relu | flatten | dense"));
        yield return ("conv same, pool", Digits("conv 4 3x3 same tanh | max_pool 2 | conv 3 3x3 | flatten | dense"));
        yield return ("activation, dropout", Digits("conv 4 5x5 | activation elu | dropout 0.3 | flatten | dense"));
        foreach (var (name, layers) in ((string, string)[])[
            ("stride", "conv 4 5x5 stride 2 relu | conv 3 1x1 same stride 2 | flatten | dense"),
            ("average pools", "conv 4 5x5 tanh | avg_pool 2 | avg_pool 3 stride 2 same | global_avg_pool | dense"),
            ("overlapping pools", "max_pool 3 stride 2 | conv 4 3x3 | max_pool 3 stride 1 same | flatten | dense"),
            ("batch_norm", "conv 4 5x5 | batch_norm | relu | dropout 0.3 | flatten | dense 9 | batch_norm | dense"),
            ("residual", "residual 4 stride 2 | bottleneck 2 stride 2 | flatten | dense")])
        {
            yield return (name, Digits(layers) with { Stages = NativeStages.Newest });
        }

        foreach (var (name, split) in ((string, Split)[])[
            ("fold 2 of 3", Split.KFold(3, 1)), ("repeat 2", Split.KFold(3, 1, 1)),
            ("hold-out", Split.Holdout(0.3)), ("all", Split.All), ("first", Split.First(30))])
        {
            yield return ($"split {name}", dense with { Split = split });
        }

        yield return ("replicate 2", dense with { Replicate = 1 });
        yield return ("seed 6", dense with { Seed = 6 });
        yield return ("limit 77", dense with { SampleLimit = 77 });
        yield return ("batch 7", With(dense, h => h with { BatchSize = 7 }));
        foreach (var kind in Enum.GetValues<LearningRateKind>().Skip(1))
        {
            yield return ($"rate {kind}", With(
                dense, h => h with { LearningRateSchedule = new() { Kind = kind, Every = 1 } }));
        }

        yield return ("rate warm-up", With(dense, h => h with { LearningRateSchedule = new() { Warmup = 1.5 } }));
        yield return ("clip norm", With(dense, h => h with { ClipNorm = 0.1 }));
        yield return ("clip value", With(dense, h => h with { ClipValue = 0.001 }));
        foreach (var kind in (LossKind[])[LossKind.CrossEntropy, LossKind.BinaryCrossEntropy])
            yield return ($"smoothing {kind}", With(dense, h => h with { Loss = kind, LabelSmoothing = 0.1 }));
        foreach (var kind in Enum.GetValues<LossKind>())
            yield return ($"weights {kind}", With(dense, h => h with { Loss = kind, ClassWeights = "3=5, 7=0.5" }));
        yield return ("weights balanced", With(dense, h => h with { ClassWeights = "balanced" }));
        foreach (var (name, changes) in ((string, Augmentation)[])[
            ("shift", new() { Shift = 0.1 }), ("rotation", new() { Rotation = 15 }), ("zoom", new() { Zoom = 0.2 }),
            ("flip", new() { Flip = true }), ("brightness", new() { Brightness = 0.3 }),
            ("cutout", new() { Cutout = 0.3 }),
            ("all", new() { Shift = 0.1, Rotation = 9, Zoom = 0.1, Flip = true, Brightness = 0.1, Cutout = 0.2 })])
        {
            yield return ($"augment {name}", With(dense, h => h with { Augment = changes }));
        }

        yield return ("best epoch, test", dense with { Score = ScoredEpoch.Best, EvaluateTest = true });
        var table = _folder.Write("table.csv", Table());
        var csv = dense with { Data = table, Label = "kind", Task = TaskKind.Classification, SampleLimit = null };
        csv = With(csv, h => h with { Architecture = "dense 5 relu | dense" });
        yield return ("csv classes", csv);
        yield return ("csv numbers", csv with { Label = "far", Task = TaskKind.Regression });
        yield return ("csv groups", csv with { Group = "who" });
        yield return ("csv groups, hold-out", csv with { Group = "who", Split = Split.Holdout(0.3) });
        yield return ("csv limit 31", csv with { SampleLimit = 31 });
    }

    private static TrainingRequest Digits(string architecture) => new()
    {
        Data = "digits",
        Hyperparameters = new()
        {
            Architecture = architecture,
            LearningRate = 0.01,
            BatchSize = 20,
            Epochs = 2,
        },
        Split = Split.KFold(3, 0),
        Seed = 5,
        SampleLimit = 90,
    };

    private static TrainingRequest With(TrainingRequest request, Func<Hyperparameters, Hyperparameters> change) =>
        request with { Hyperparameters = change(request.Hyperparameters) };

    /// <summary>Sixty rows of exact numbers: columns of different size, one that never changes, a group, a number, a
    /// class.</summary>
    private static string Table() => "near,wide,same,who,far,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(
        i => string.Create(
            CultureInfo.InvariantCulture,
            $"{i * 7 % 13},{1000 + (i * i % 17 * 25)},4,{i % 9},{i * 5 % 11},{i * i % 7 % 3}\n")));

    /// <summary>The weights, then all numbers of all epochs and of the test: 16 digits each.</summary>
    private static string DigestOf(TrainingResult result)
    {
        var numbers = new StringBuilder();
        foreach (var epoch in result.Epochs)
        {
            numbers.Append(
                CultureInfo.InvariantCulture,
                $"{epoch.WeightsDigest} {epoch.TrainLoss:R} {epoch.TrainMetric:R} {epoch.ValidationLoss:R} " +
                $"{epoch.ValidationMetric:R} {epoch.ValidationLossError:R} {epoch.ValidationMetricError:R} " +
                $"{epoch.Samples}\n");
        }

        numbers.Append(CultureInfo.InvariantCulture, $"{result.Test?.Loss:R} {result.Test?.Metric:R}");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(numbers.ToString())));
        return $"{result.WeightsDigest[..16]} {digest[..16]}";
    }
}

using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Own;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Runs;

/// <summary>
/// A request made concrete: its data, the network on it and the samples to use. Nothing is allocated for training yet.
/// </summary>
/// <param name="Request">What to train.</param>
/// <param name="Data">The data set.</param>
/// <param name="Plan">The network on it.</param>
/// <param name="Engine">What computes it.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="Configuration">The configuration's canonical text.</param>
/// <param name="Streams">The key of the training's random streams.</param>
/// <param name="Learning">Samples to learn from.</param>
/// <param name="Validation">Samples held out; empty: none.</param>
internal sealed record TrainingSetup(
    TrainingRequest Request,
    DataSet Data,
    NetworkShape Plan,
    EngineChoice Engine,
    LossKind Loss,
    string Configuration,
    StreamKey Streams,
    int[] Learning,
    int[] Validation)
{
    /// <summary>What layers start with; null: all weights are drawn.</summary>
    public StartingWeights? Weights { get; private init; }

    /// <summary>The places of the layers that keep their first weights.</summary>
    public IReadOnlySet<int> Frozen { get; private init; } = new HashSet<int>();

    /// <summary>The engine that trains a request on its data.</summary>
    public static EngineChoice EngineOf(TrainingRequest request, DataSet data) => EngineChoice.Of(
        request.Engine,
        request.Hyperparameters.NetworkOn(
            ShapeOf(data), data.Outputs, request.Hyperparameters.LossOf(data.Task), data.Task),
        request.Stages);

    /// <summary>Works a request out.</summary>
    /// <exception cref="TrainingException">The data or the network make it impossible.</exception>
    public static TrainingSetup Of(TrainingRequest request, DataSets sets)
    {
        var data = As(TrainingFailure.Data, () => sets.Load(request));
        var loss = request.Hyperparameters.LossOf(data.Task);
        if (data.Task == TaskKind.MultiLabel && loss != LossKind.BinaryCrossEntropy)
        {
            throw new TrainingException(
                TrainingFailure.Network,
                $"{data.Name} has several labels, each of which is there or not by itself; use binary_cross_entropy, "
                + "the default.");
        }

        if (loss == LossKind.CrossEntropy && data.Task == TaskKind.Regression)
        {
            throw new TrainingException(
                TrainingFailure.Network,
                $"Cross-entropy needs classes, but {data.Name} has a number to predict; use mean_squared_error.");
        }

        if (request.Hyperparameters.LabelSmoothing > 0
            && (data.Task == TaskKind.Regression || loss == LossKind.MeanSquaredError))
        {
            throw new TrainingException(
                TrainingFailure.Network,
                "Label smoothing needs classes and cross_entropy or binary_cross_entropy, but "
                + $"{ConfigurationText.Word(loss)} on {data.Name} is trained; leave label_smoothing out.");
        }

        var architecture = As(TrainingFailure.Network, request.Hyperparameters.ReadArchitecture);
        var plan = As(TrainingFailure.Network, () => request.Hyperparameters.NetworkOn(
            ShapeOf(data), data.Outputs, loss, data.Task));
        if (request.Engine == EngineKind.Native && EngineChoice.NativeProblem(plan, request.Stages) is { } problem)
            throw new TrainingException(TrainingFailure.Network, problem + ".");
        var engine = EngineChoice.Of(request.Engine, plan, request.Stages);
        var configuration = HyperparametersKey.Canonical(request.Hyperparameters, architecture);
        var streams = new StreamKey(
            request.Seed, Purpose.Order, HyperparametersKey.Of(configuration), request.StreamOf());
        if (request.Hyperparameters.Augment is not null && data.InputShape.Count != 3)
        {
            throw new TrainingException(
                TrainingFailure.Network,
                $"Only pictures can be changed, and {data.Name} is a table; leave augment out.");
        }

        var (learning, validation) = As(TrainingFailure.Data, () => SplitOf(request, data));
        return new(request, data, plan, engine, loss, configuration, streams, learning, validation)
        {
            Weights = request.Hyperparameters.InitialWeights is { } weights
                ? sets.Weights.Find(weights.Digest) ?? throw new TrainingException(
                    TrainingFailure.Data, $"The initial weights {weights} are not here.")
                : null,
            Frozen = As(TrainingFailure.Network, () => Freezing.LayersOf(request.Hyperparameters.Freeze, plan)),
        };
    }

    /// <summary>What the order of the samples in an epoch is drawn from.</summary>
    public StreamKey OrderOf(int epoch) => Streams with
    {
        Purpose = Purpose.Order,
        Epoch = epoch,
        Configuration = Request.SampleOrder == SampleOrder.Shared ? 0 : Streams.Configuration,
    };

    /// <summary>What the saved model says about itself.</summary>
    public Dictionary<string, string> ModelMetadata(TrainingResult result)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["architecture"] = Plan.Architecture.ToString(),
            ["input"] = string.Join('x', Data.InputShape),
            ["data"] = Data.Name,
            ["data_digest"] = Data.Digest,
            ["split"] = Request.Split.ToString(),
            ["seed"] = Request.Seed.ToString(CultureInfo.InvariantCulture),
            ["epochs"] = result.Epochs.Count.ToString(CultureInfo.InvariantCulture),
            ["hyperparameters"] = Configuration,
            ["engine"] = ConfigurationText.Word(Engine.Engine),
            ["loss"] = ConfigurationText.Word(Loss),
            ["scaling"] = Data.Train.IsBytes
                ? "bytes divided by 255"
                : "each feature to mean 0 and deviation 1 of the training part",
            ["weights_digest"] = result.WeightsDigest,
        };
        if (Request.Stages != StageSet.First)
            metadata["stages"] = ConfigurationText.Word(Request.Stages);
        if (Request.SampleOrder != SampleOrder.Own)
            metadata["sample_order"] = ConfigurationText.Word(Request.SampleOrder);
        if (Plan.Architecture.Own is { } own)
        {
            metadata["assembly"] = OwnAssemblies.NameOf(own.Assembly) ?? own.Assembly;
            metadata["outputs"] = Plan.Layers[0].Output.Channels.ToString(CultureInfo.InvariantCulture);
        }

        if (Data.Pictures is { Color: { } color } pictures)
            metadata["pictures"] = $"{pictures.Size} {ConfigurationText.Word(color)}";
        if (Data.Table is { } table)
            metadata["table"] = table.Write();
        if (Data.ClassNames.Count > 0)
            metadata["classes"] = ClassNamesText.Write(Data.ClassNames);
        if (Data.LabelNames.Count > 0)
            metadata["labels"] = ClassNamesText.Write(Data.LabelNames);
        if (Data.TargetNames.Count > 0)
            metadata["targets"] = ClassNamesText.Write(Data.TargetNames);
        if (result.Test is { } test)
            metadata["test_metric"] = test.Metric.ToString("R", CultureInfo.InvariantCulture);
        return metadata;
    }

    /// <summary>What a sample of each class counts; null: 1.</summary>
    /// <exception cref="TrainingException">The data have no such class, or none at all.</exception>
    public float[]? ClassWeights()
    {
        if (Request.Hyperparameters.ClassWeights is not { } text)
            return null;
        if (Data.Task != TaskKind.Classification)
        {
            throw new TrainingException(
                TrainingFailure.Network,
                $"Class weights need classes, but {Data.Name} has "
                + $"{(Data.Task == TaskKind.MultiLabel ? "several labels" : "a number to predict")}; leave "
                + "class_weights out.");
        }

        if (Core.Trainings.ClassWeights.Unknown(text, Data.ClassNames) is [var unknown, ..])
        {
            throw new TrainingException(
                TrainingFailure.Network,
                $"class_weights: '{Quote.Short(unknown)}' is no class of {Data.Name}; its classes: "
                + $"{Quote.Short(string.Join(", ", Data.ClassNames))}.");
        }

        var counts = new int[Data.Classes];
        foreach (var sample in Learning)
            counts[Data.Train.Labels[sample]]++;
        return Core.Trainings.ClassWeights.Of(text, Data.ClassNames, counts);
    }

    private static SampleSplit SplitOf(TrainingRequest request, DataSet data) =>
        SampleSplit.Of(
            request.Split, data.Train, request.Seed, request.SampleLimit,
            data.Task == TaskKind.Classification ? data.ClassNames : null);

    private static TensorShape ShapeOf(DataSet data) => data.InputShape.Count == 3
        ? TensorShape.Image(data.InputShape[0], data.InputShape[1], data.InputShape[2])
        : TensorShape.Flat(data.Features);

    private static T As<T>(TrainingFailure kind, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (SweepsException error)
        {
            throw new TrainingException(kind, error.Message, error);
        }
    }
}

/// <summary>The ranges of a request's numbers; whatever read the user's text should have checked them before.</summary>
internal static class RequestCheck
{
    /// <summary>Throws if a number is out of range.</summary>
    /// <exception cref="TrainingException">The value, and what is allowed.</exception>
    public static void Check(TrainingRequest request)
    {
        var h = request.Hyperparameters;
        Need(IsFinite(h.LearningRate), "learning_rate", h.LearningRate, "a finite number from 0");
        Need(h.BatchSize >= 1, "batch_size", h.BatchSize, "a whole number from 1");
        Need(h.Epochs >= 1, "epochs", h.Epochs, "a whole number from 1");
        Need(h.Momentum is null or (>= 0 and < 1), "momentum", h.Momentum, "a number from 0 to below 1");
        Need(IsFinite(h.WeightDecay ?? 0), "weight_decay", h.WeightDecay, "a finite number from 0");
        Need(h.ClipNorm is null || (IsFinite(h.ClipNorm.Value) && h.ClipNorm > 0), "clip_norm", h.ClipNorm, Positive);
        Need(h.ClipValue is null || (IsFinite(h.ClipValue.Value) && h.ClipValue > 0), "clip_value", h.ClipValue,
            Positive);
        Need(h.LabelSmoothing is null or (>= 0 and < 1), "label_smoothing", h.LabelSmoothing,
            "a number from 0 to below 1");
        if (h.LearningRateSchedule is { } rates)
            Check(rates);
        if (h.Augment is { } changes)
            Check(changes);
        Need(request.SampleLimit is null or >= 1, "sample limit", request.SampleLimit, "a whole number from 1");
        Need(request.Patience is null or >= 1, "patience", request.Patience, "a whole number from 1");
        var nesterov = !h.Nesterov || h is { Optimizer: OptimizerKind.Sgd, Momentum: > 0 };
        Need(nesterov, "nesterov", true, "SGD with a momentum above 0");
    }

    private static void Check(LearningRateSchedule rates)
    {
        Need(rates.Decay is null or (> 0 and <= 1), "learning_rate_decay", rates.Decay, "a number above 0 and up to 1");
        Need(rates.Every is null or >= 1, "learning_rate_step", rates.Every, "a whole number from 1");
        Need(rates.End is null or (>= 0 and <= 1), "learning_rate_end", rates.End, "a number from 0 to 1");
        Need(IsFinite(rates.Warmup ?? 0), "warmup_epochs", rates.Warmup, "a finite number from 0");
    }

    private static void Check(Augmentation changes)
    {
        const string Below = "a number from 0 to below 1";
        Need(changes.Shift is null or (>= 0 and < 1), "augment_shift", changes.Shift, Below);
        Need(changes.Rotation is null or (>= 0 and <= 180), "augment_rotation", changes.Rotation, "from 0 to 180");
        Need(changes.Zoom is null or (>= 0 and < 1), "augment_zoom", changes.Zoom, Below);
        Need(changes.Brightness is null or (>= 0 and <= 1), "augment_brightness", changes.Brightness, "from 0 to 1");
        Need(changes.Cutout is null or (>= 0 and <= 1), "augment_cutout", changes.Cutout, "from 0 to 1");
    }

    private const string Positive = "a finite number above 0";

    private static bool IsFinite(double value) => double.IsFinite(value) && value >= 0;

    private static void Need(bool holds, string name, object? value, string allowed)
    {
        if (!holds)
        {
            throw new TrainingException(
                TrainingFailure.Network,
                string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is out of range; allowed is {allowed}."));
        }
    }
}

using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Runs;

/// <summary>
/// A request made concrete: its data, the network on it and the samples to use. Nothing is allocated for training yet.
/// </summary>
/// <param name="Request">What to train.</param>
/// <param name="Data">The data set.</param>
/// <param name="Plan">The network on it.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="Configuration">The configuration's canonical text.</param>
/// <param name="Streams">The key of the training's random streams.</param>
/// <param name="Learning">Samples to learn from.</param>
/// <param name="Validation">Samples held out; empty: none.</param>
internal sealed record TrainingSetup(
    TrainingRequest Request,
    DataSet Data,
    NetworkShape Plan,
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

    /// <summary>Works a request out.</summary>
    /// <exception cref="TrainingException">The data or the network make it impossible.</exception>
    public static TrainingSetup Of(TrainingRequest request, DataSets sets)
    {
        var data = As(TrainingFailure.Data, () => sets.Load(request));
        var loss = request.Hyperparameters.Loss ?? Losses.Loss.DefaultOf(data.Task);
        if (loss == LossKind.CrossEntropy && data.Task == TaskKind.Regression)
        {
            throw new TrainingException(
                TrainingFailure.Network,
                $"Cross-entropy needs classes, but {data.Name} has a number to predict; use mean_squared_error.");
        }

        var architecture = As(TrainingFailure.Network, request.Hyperparameters.ReadArchitecture);
        var plan = As(TrainingFailure.Network, () => NetworkShape.Create(
            architecture.WithoutOutputActivation(loss),
            ShapeOf(data),
            data.Task == TaskKind.Regression ? 1 : data.Classes));
        var configuration = HyperparametersKey.Canonical(request.Hyperparameters, architecture);
        var streams = new StreamKey(
            request.Seed, Purpose.Order, HyperparametersKey.Of(configuration), request.StreamOf());
        var (learning, validation) = As(TrainingFailure.Data, () => SplitOf(request, data));
        return new(request, data, plan, loss, configuration, streams, learning, validation)
        {
            Weights = request.Hyperparameters.InitialWeights is { } weights
                ? sets.Weights.Find(weights.Digest) ?? throw new TrainingException(
                    TrainingFailure.Data, $"The initial weights {weights} are not here.")
                : null,
            Frozen = As(TrainingFailure.Network, () => Freezing.LayersOf(request.Hyperparameters.Freeze, plan)),
        };
    }

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
            ["loss"] = ConfigurationText.Word(Loss),
            ["scaling"] = Data.Train.IsBytes
                ? "bytes divided by 255"
                : "each feature to mean 0 and deviation 1 of the training part",
            ["weights_digest"] = result.WeightsDigest,
        };
        if (Data.Pictures is { Color: { } color } pictures)
            metadata["pictures"] = $"{pictures.Size} {ConfigurationText.Word(color)}";
        if (Data.ClassNames.Count > 0)
            metadata["classes"] = ClassNamesText.Write(Data.ClassNames);
        if (result.Test is { } test)
            metadata["test_metric"] = test.Metric.ToString("R", CultureInfo.InvariantCulture);
        return metadata;
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
        Need(request.SampleLimit is null or >= 1, "sample limit", request.SampleLimit, "a whole number from 1");
        Need(request.Patience is null or >= 1, "patience", request.Patience, "a whole number from 1");
        var nesterov = !h.Nesterov || h is { Optimizer: OptimizerKind.Sgd, Momentum: > 0 };
        Need(nesterov, "nesterov", true, "SGD with a momentum above 0");
    }

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

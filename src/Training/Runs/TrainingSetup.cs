using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Runs;

/// <summary>
/// A request made concrete: its data, the network on it and the samples to use. Nothing is allocated for training yet.
/// </summary>
/// <param name="Request">What to train.</param>
/// <param name="Data">The data set.</param>
/// <param name="Plan">The network on it.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="Streams">The key of the training's random streams.</param>
/// <param name="Learning">Samples to learn from.</param>
/// <param name="Validation">Samples held out; empty: none.</param>
internal sealed record TrainingSetup(
    TrainingRequest Request,
    DataSet Data,
    NetworkShape Plan,
    LossKind Loss,
    StreamKey Streams,
    int[] Learning,
    int[] Validation)
{
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

        var plan = As(TrainingFailure.Network, () => NetworkShape.Create(
            request.Hyperparameters, ShapeOf(data), data.Task == TaskKind.Regression ? 1 : data.Classes, loss));
        var fold = request.Split.Kind == SplitKind.KFold ? request.Split.Fold : 0;
        var streams = new StreamKey(request.Seed, Purpose.Order, HyperparametersKey.Of(request.Hyperparameters), fold);
        var (learning, validation) = As(TrainingFailure.Data, () => SampleChoice.Of(request, data));
        return new(request, data, plan, loss, streams, learning, validation);
    }

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

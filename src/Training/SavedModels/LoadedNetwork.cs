using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Runs;

namespace Sweeps.Training.SavedModels;

/// <summary>A saved model at work on samples. Used by one thread.</summary>
public sealed class LoadedNetwork : IDisposable
{
    private const int BatchSize = 128;

    /// <summary>More are held in memory once, however many cores there are.</summary>
    private const long MostWeightsTwice = 10_000_000;

    private readonly SavedModel _model;
    private readonly Network _network;
    private readonly Loss _loss;

    /// <summary>Builds the network and gives it its weights.</summary>
    /// <exception cref="SweepsException">They are not those of the network that the model names.</exception>
    public LoadedNetwork(SavedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        Shape = model.ReadNetwork();
        _loss = Loss.Create(model.Loss);
        _network = NetworkFactory.Create(
            EngineChoice.Of(model.Engine, Shape, model.Stages).Engine, Shape, default(StreamKey), BatchSize,
            stages: model.Stages);
        try
        {
            Fill();
        }
        catch
        {
            _network.Dispose();
            throw;
        }
    }

    /// <summary>The network on its input.</summary>
    public NetworkShape Shape { get; }

    /// <summary>Values of an answer for each sample: the network's outputs, and of one for two classes both classes.
    /// </summary>
    public int Outputs => Math.Max(_model.Classes.Count == 2 ? 2 : 1, checked((int)Shape.Layers[^1].Output.Size));

    /// <summary>What the network says of some samples, and how well that fits their labels or targets.</summary>
    /// <param name="part">Where they are.</param>
    /// <param name="indices">Which.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public ModelAnswers Ask(DataPart part, ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(part);
        var values = new float[indices.Length * Outputs];
        var scores = new BatchScore[BatchesOf(indices.Length)];
        Ask(part, indices, values, scores, cancellation);
        return Answers(values, scores);
    }

    /// <summary>
    /// What a model says of all samples: on all cores, each with a network of its own, and the same on any number of
    /// them. Where this process tested the network, what it said then.
    /// </summary>
    /// <inheritdoc cref="LoadedNetwork(SavedModel)" path="/exception"/>
    public static ModelAnswers AskAll(SavedModel model, DataPart part, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(part);
        using var first = new LoadedNetwork(model);
        var kept = first.KeptOf(part);
        int[] all = [.. Enumerable.Range(0, part.Count)];
        var values = new float[all.Length * first.Outputs];
        var scores = new BatchScore[BatchesOf(all.Length)];
        var networks = kept is not null || first.Shape.Weights > MostWeightsTwice
            ? 1 : Math.Clamp(Environment.ProcessorCount, 1, Math.Max(1, scores.Length));
        Parallel.For(0, networks, new() { CancellationToken = cancellation }, index =>
        {
            var (from, to) = (scores.Length * index / networks, scores.Length * (index + 1) / networks);
            var (start, end) = (from * BatchSize, Math.Min(to * BatchSize, all.Length));
            using var own = index == 0 ? null : new LoadedNetwork(model);
            (own ?? first).Ask(
                part, all.AsSpan(start..end), values.AsSpan((start * first.Outputs)..(end * first.Outputs)),
                scores.AsSpan(from..to), cancellation, kept);
        });
        return first.Answers(values, scores);
    }

    /// <summary>What it said of all samples when this process tested it; null: it did not, or it is not kept.</summary>
    internal KeptOutputs? KeptOf(DataPart part) => part.Kept is { } kept && kept.IsOf(_network, Shape) ? kept : null;

    private static int BatchesOf(int samples) => (samples + BatchSize - 1) / BatchSize;

    private void Ask(
        DataPart part, ReadOnlySpan<int> indices, Span<float> rest, Span<BatchScore> scores,
        CancellationToken cancellation, KeptOutputs? kept = null)
    {
        using var batch = new Batch(part, BatchSize);
        foreach (ref var score in scores)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Fill(indices[..Math.Min(batch.Capacity, indices.Length)]);
            var outputs = kept?.Rows(indices[0], batch.Count) ?? _network.Forward(batch, learning: false);
            indices = indices[batch.Count..];
            score = _loss.Score(outputs, batch);
            for (var row = 0; row < batch.Count; row++)
            {
                ToAnswers(outputs.Row(row)[..outputs.Columns], rest[..Outputs]);
                rest = rest[Outputs..];
            }
        }
    }

    // Sums run in the order of the batches.
    private ModelAnswers Answers(float[] values, BatchScore[] scores)
    {
        var score = scores.Aggregate(default(BatchScore), (sum, batch) => sum + batch);
        return new(score.MeanLoss, score.MeanMetric, values, Outputs);
    }

    /// <inheritdoc />
    public void Dispose() => _network.Dispose();

    // As libtorch's softmax and sigmoid, in double precision.
    private void ToAnswers(ReadOnlySpan<float> outputs, Span<float> answers)
    {
        if (outputs.Length < answers.Length)
        {
            answers[1] = (float)(1 / (1 + Math.Exp(-(double)outputs[0])));
            answers[0] = 1 - answers[1];
            return;
        }

        outputs.CopyTo(answers);
        if (_model.Loss == LossKind.MeanSquaredError)
            return;
        var largest = _model.Loss == LossKind.CrossEntropy ? outputs[Loss.Predict(outputs)] : 0;
        var sum = 0.0;
        foreach (var output in outputs)
            sum += Math.Exp((double)output - largest);
        for (var column = 0; column < outputs.Length; column++)
        {
            answers[column] = (float)(_model.Loss == LossKind.CrossEntropy
                ? Math.Exp((double)outputs[column] - largest) / sum
                : 1 / (1 + Math.Exp(-(double)outputs[column])));
        }
    }

    private void Fill()
    {
        var tensors = _model.Tensors.ToDictionary(tensor => tensor.Name);
        foreach (var place in _network.ParameterPlaces)
            place.CopyTo(Take(tensors, place.Name, place.Shape.Dimensions), _network.Weights.Span);
        foreach (var place in _network.StatisticPlaces)
            Take(tensors, place.Name, [place.Length]).CopyTo(_network.Statistics.Span[place.Offset..]);
        if (tensors.Count > 0)
            throw _model.Bad($"its tensor '{tensors.Keys.First()}' has no place in {Shape.Architecture}");
    }

    private float[] Take(Dictionary<string, ModelTensor> tensors, string name, IReadOnlyList<long> shape)
    {
        if (!tensors.Remove(name, out var tensor))
            throw _model.Bad($"the tensor '{name}' of {Shape.Architecture} is missing");
        return tensor.Shape.Select(size => (long)size).SequenceEqual(shape)
            ? tensor.Values
            : throw _model.Bad(
                $"its tensor '{name}' has the shape {string.Join('x', tensor.Shape)}, not {string.Join('x', shape)}");
    }
}

/// <summary>What a network says of samples.</summary>
/// <param name="Loss">The mean loss over them.</param>
/// <param name="Metric">Accuracy, or mean absolute error.</param>
/// <param name="Values">
/// A row a sample: the probability of each class or label (softmax or sigmoid by the loss; with mean squared error the
/// outputs themselves), or the predicted number.
/// </param>
/// <param name="Columns">Values of a sample.</param>
public sealed record ModelAnswers(double Loss, double Metric, float[] Values, int Columns)
{
    /// <summary>The values of one sample.</summary>
    /// <param name="sample">From 0, in the order asked for.</param>
    public ReadOnlySpan<float> Of(int sample) => Values.AsSpan(sample * Columns, Columns);

    /// <summary>The class that the network names for a sample.</summary>
    /// <param name="sample">From 0, in the order asked for.</param>
    public int ClassOf(int sample) => Losses.Loss.Predict(Of(sample));
}

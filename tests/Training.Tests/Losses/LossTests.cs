using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Numerics;
using static TorchSharp.torch;

namespace Sweeps.Training.Tests.Losses;

/// <summary>Values and gradients against libtorch's own losses and autograd, and against finite differences.</summary>
public sealed unsafe class LossTests
{
    private const int Rows = 9;

    [Theory]
    [InlineData(LossKind.CrossEntropy, 10, 3f)]
    [InlineData(LossKind.CrossEntropy, 17, 40f)]
    [InlineData(LossKind.CrossEntropy, 2000, 5f)]
    [InlineData(LossKind.BinaryCrossEntropy, 10, 3f)]
    [InlineData(LossKind.BinaryCrossEntropy, 33, 60f)]
    [InlineData(LossKind.MeanSquaredError, 10, 3f)]
    public void Classification_LossAndGradient_AreLibtorchs(LossKind kind, int classes, float spread)
    {
        using var scope = NewDisposeScope();
        using var batch = BatchOf(Small.Classes(Rows, 4, classes));
        using var outputs = Outputs(classes, spread, out var matrix);
        using var gradients = Outputs(classes, 1, out var gradient);
        var score = Loss.Create(kind).ScoreWithGradient(matrix, batch, gradient);

        var z = zeros([Rows, classes]);
        for (var row = 0; row < Rows; row++)
            matrix.Row(row)[..classes]
                .CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(z.bytes)[(row * classes)..]);
        z.requires_grad = true;
        var labels = tensor(batch.Labels.ToArray());
        var oneHot = nn.functional.one_hot(labels, classes).to_type(ScalarType.Float32);
        var loss = kind switch
        {
            LossKind.CrossEntropy => nn.functional.cross_entropy(z, labels),
            LossKind.BinaryCrossEntropy => nn.functional.binary_cross_entropy_with_logits(z, oneHot),
            _ => nn.functional.mse_loss(z, oneHot),
        };
        loss.backward();

        Assert.Equal(loss.item<float>(), score.MeanLoss, 1e-5 * Math.Max(1, score.MeanLoss));
        var expected = z.grad!.data<float>().ToArray();
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < classes; column++)
                Assert.Equal(expected[(row * classes) + column], gradient.Row(row)[column], 2e-7);
            foreach (var padding in gradient.Row(row)[classes..])
                Assert.Equal(0, padding);
        }
    }

    /// <summary>
    /// The smoothed targets and weights written out over libtorch's log-softmax and its autograd: cross-entropy's as
    /// torch.nn.CrossEntropyLoss, the binary one's as keras.losses.BinaryCrossentropy; each sample's loss is multiplied
    /// by its class's weight and divided by the number of samples, as Keras's class_weight.
    /// </summary>
    [Theory]
    [InlineData(LossKind.CrossEntropy, 10, 0.1f, false)]
    [InlineData(LossKind.CrossEntropy, 17, 0f, true)]
    [InlineData(LossKind.CrossEntropy, 3, 0.3f, true)]
    [InlineData(LossKind.BinaryCrossEntropy, 10, 0.1f, false)]
    [InlineData(LossKind.BinaryCrossEntropy, 17, 0f, true)]
    [InlineData(LossKind.BinaryCrossEntropy, 2, 0.3f, true)]
    [InlineData(LossKind.MeanSquaredError, 5, 0f, true)]
    public void Classification_SmoothedAndWeighted_IsLibtorchs(
        LossKind kind, int classes, float smoothing, bool isWeighted)
    {
        using var scope = NewDisposeScope();
        using var batch = BatchOf(Small.Classes(Rows, 4, classes));
        using var outputs = Outputs(classes, 3, out var matrix);
        using var gradients = Outputs(classes, 1, out var gradient);
        var weights = isWeighted ? Enumerable.Range(0, classes).Select(i => 0.5f + (0.25f * i)).ToArray() : null;
        var score = Loss.Create(kind, smoothing, weights).ScoreWithGradient(matrix, batch, gradient);

        var z = zeros([Rows, classes]);
        for (var row = 0; row < Rows; row++)
            matrix.Row(row)[..classes]
                .CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(z.bytes)[(row * classes)..]);
        z.requires_grad = true;
        var oneHot = nn.functional.one_hot(tensor(batch.Labels.ToArray()), classes).to_type(ScalarType.Float32);
        var perClass = tensor(batch.Labels.ToArray().Select(label => weights?[label] ?? 1).ToArray()).unsqueeze(1);
        var log = nn.functional.log_softmax(z, 1);
        var loss = kind switch
        {
            LossKind.CrossEntropy =>
                -(((oneHot * (1 - smoothing)) + (smoothing / classes)) * log * perClass).sum() / Rows,
            LossKind.BinaryCrossEntropy => nn.functional.binary_cross_entropy_with_logits(
                z, (oneHot * (1 - smoothing)) + (smoothing / 2), perClass.expand(Rows, classes)),
            _ => ((z - oneHot).pow(2) * perClass).mean(),
        };
        loss.backward();

        Assert.Equal(loss.item<float>(), score.MeanLoss, 1e-5 * Math.Max(1, score.MeanLoss));
        var expected = z.grad!.data<float>().ToArray();
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < classes; column++)
                Assert.Equal(expected[(row * classes) + column], gradient.Row(row)[column], 1e-6);
            Assert.All(gradient.Row(row)[classes..].ToArray(), padding => Assert.Equal(0, padding));
        }
    }

    /// <summary>One output for two classes: libtorch's loss against the labels themselves.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.2f)]
    public void BinaryCrossEntropy_OneOutputForTwoClasses_IsLibtorchs(float smoothing)
    {
        using var scope = NewDisposeScope();
        using var batch = BatchOf(Small.Classes(Rows, 4, 2));
        using var outputs = Outputs(1, 3, out var matrix);
        using var gradients = Outputs(1, 1, out var gradient);
        var score = Loss.Create(LossKind.BinaryCrossEntropy, smoothing, [0.5f, 3])
            .ScoreWithGradient(matrix, batch, gradient);

        var z = tensor(Enumerable.Range(0, Rows).Select(row => matrix.Row(row)[0]).ToArray());
        z.requires_grad = true;
        var labels = tensor(batch.Labels.ToArray().Select(label => (float)label).ToArray());
        var weights = (labels * 2.5f) + 0.5f;
        var loss = nn.functional.binary_cross_entropy_with_logits(
            z, (labels * (1 - smoothing)) + (smoothing / 2), weights);
        loss.backward();
        Assert.Equal(loss.item<float>(), score.MeanLoss, 1e-5);
        var expected = z.grad!.data<float>().ToArray();
        for (var row = 0; row < Rows; row++)
            Assert.Equal(expected[row], gradient.Row(row)[0], 1e-6);
        var right = Enumerable.Range(0, Rows).Count(row => matrix.Row(row)[0] > 0 == (batch.Labels[row] == 1));
        Assert.Equal(right, score.Metric);
    }

    /// <summary>What is held out is judged by the plain loss.</summary>
    [Theory]
    [InlineData(LossKind.CrossEntropy)]
    [InlineData(LossKind.BinaryCrossEntropy)]
    [InlineData(LossKind.MeanSquaredError)]
    public void Score_OfASmoothedAndWeightedLoss_IsThePlainOne(LossKind kind)
    {
        using var batch = BatchOf(Small.Classes(Rows, 4, 3));
        using var outputs = Outputs(3, 2, out var matrix);
        using var gradients = Outputs(3, 1, out var gradient);
        var plain = Loss.Create(kind);
        var other = Loss.Create(kind, 0.2f, [2, 3, 4]);
        Assert.Equal(plain.Score(matrix, batch), other.Score(matrix, batch));
        Assert.NotEqual(
            plain.ScoreWithGradient(matrix, batch, gradient).Loss,
            other.ScoreWithGradient(matrix, batch, gradient).Loss);
    }

    [Theory]
    [InlineData(LossKind.BinaryCrossEntropy)]
    [InlineData(LossKind.MeanSquaredError)]
    public void Regression_Gradient_IsTheFiniteDifference(LossKind kind)
    {
        using var batch = BatchOf(Small.Numbers(Rows, 4));
        using var outputs = Outputs(1, 2, out var matrix);
        using var gradients = Outputs(1, 1, out var gradient);
        var loss = Loss.Create(kind);
        loss.ScoreWithGradient(matrix, batch, gradient);
        for (var row = 0; row < Rows; row++)
        {
            const float Step = 1e-2f;
            var at = matrix.Row(row)[0];
            matrix.Row(row)[0] = at + Step;
            var above = loss.Score(matrix, batch).MeanLoss;
            matrix.Row(row)[0] = at - Step;
            var below = loss.Score(matrix, batch).MeanLoss;
            matrix.Row(row)[0] = at;
            Assert.Equal((above - below) / (2 * Step), gradient.Row(row)[0], 1e-4);
        }
    }

    /// <summary>A row of targets a sample: libtorch's losses, which average over all values, and its autograd; the
    /// metric is the mean of all absolute errors.</summary>
    [Theory]
    [InlineData(LossKind.MeanSquaredError, 2)]
    [InlineData(LossKind.MeanSquaredError, 17)]
    [InlineData(LossKind.BinaryCrossEntropy, 2)]
    [InlineData(LossKind.BinaryCrossEntropy, 33)]
    public void Regression_SeveralTargets_LossGradientAndErrorAreLibtorchs(LossKind kind, int targets)
    {
        using var scope = NewDisposeScope();
        float[] truth = [.. Small.Uniform(Rows * targets, 3).Select(value => (value + 1) / 2)];
        using var batch = BatchOf(Training.Data.DataPart.OfValues(Small.Uniform(Rows * 4, 2), truth, 4, targets));
        using var outputs = Outputs(targets, 3, out var matrix);
        using var gradients = Outputs(targets, 1, out var gradient);
        var score = Loss.Create(kind).ScoreWithGradient(matrix, batch, gradient);

        var values = new float[Rows * targets];
        for (var row = 0; row < Rows; row++)
            matrix.Row(row)[..targets].CopyTo(values.AsSpan(row * targets));
        var z = tensor(values, [Rows, targets]);
        z.requires_grad = true;
        var wanted = tensor(truth, [Rows, targets]);
        var isBinary = kind == LossKind.BinaryCrossEntropy;
        var loss = isBinary
            ? nn.functional.binary_cross_entropy_with_logits(z, wanted) : nn.functional.mse_loss(z, wanted);
        loss.backward();

        Assert.Equal(loss.item<float>(), score.MeanLoss, 1e-5);
        Assert.Equal(loss.item<float>(), Loss.Create(kind).Score(matrix, batch).MeanLoss, 1e-5);
        var answers = isBinary ? z.sigmoid() : z;
        Assert.Equal((answers - wanted).abs().mean().item<float>(), score.MeanMetric, 1e-5);
        var expected = z.grad!.data<float>().ToArray();
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < targets; column++)
                Assert.Equal(expected[(row * targets) + column], gradient.Row(row)[column], 2e-7);
            Assert.All(gradient.Row(row)[targets..].ToArray(), padding => Assert.Equal(0, padding));
        }
    }

    /// <summary>
    /// A row of labels a sample: libtorch's loss over all values, with the targets smoothed as
    /// keras.losses.BinaryCrossentropy does while learning, and its autograd; the slope of the loss at each output; the
    /// metric is the share of all labels on whose side of 0 the output is.
    /// </summary>
    [Theory]
    [InlineData(2, 3f, 0f)]
    [InlineData(5, 3f, 0.2f)]
    [InlineData(33, 40f, 0f)]
    public void Labels_LossGradientAndAccuracy_AreLibtorchs(int labels, float spread, float smoothing)
    {
        using var scope = NewDisposeScope();
        float[] truth = [.. Small.Uniform(Rows * labels, 3).Select(value => value > 0.3 ? 1f : 0)];
        using var batch = BatchOf(
            Training.Data.DataPart.OfValues(Small.Uniform(Rows * 4, 2), truth, 4, labels).AsLabels());
        using var outputs = Outputs(labels, spread, out var matrix);
        using var gradients = Outputs(labels, 1, out var gradient);
        var loss = Loss.Create(LossKind.BinaryCrossEntropy, smoothing);
        var score = loss.ScoreWithGradient(matrix, batch, gradient);

        var values = new float[Rows * labels];
        for (var row = 0; row < Rows; row++)
            matrix.Row(row)[..labels].CopyTo(values.AsSpan(row * labels));
        var z = tensor(values, [Rows, labels]);
        z.requires_grad = true;
        var wanted = tensor(truth, [Rows, labels]);
        var theirs = nn.functional.binary_cross_entropy_with_logits(z, (wanted * (1 - smoothing)) + (smoothing / 2));
        theirs.backward();

        Assert.Equal(theirs.item<float>(), score.MeanLoss, 1e-5 * Math.Max(1, score.MeanLoss));
        var plain = nn.functional.binary_cross_entropy_with_logits(z, wanted).item<float>();
        Assert.Equal(plain, loss.Score(matrix, batch).MeanLoss, 1e-5 * Math.Max(1, plain));
        var right = values.Zip(truth).Count(pair => pair.First > 0 == pair.Second > 0);
        Assert.Equal((double)right / values.Length, score.MeanMetric, 1e-12);
        var expected = z.grad!.data<float>().ToArray();
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < labels; column++)
                Assert.Equal(expected[(row * labels) + column], gradient.Row(row)[column], 2e-7);
            Assert.All(gradient.Row(row)[labels..].ToArray(), padding => Assert.Equal(0, padding));
        }

        // A central difference of the plain loss, for which there is no smoothing.
        const float Step = 1f / 64;
        Loss.Create(LossKind.BinaryCrossEntropy).ScoreWithGradient(matrix, batch, gradient);
        for (var column = 0; column < labels; column++)
        {
            var at = matrix.Row(3)[column];
            var (above, below) = (LossAt(at + Step), LossAt(at - Step));
            LossAt(at);
            Assert.Equal((above - below) / (2 * Step), gradient.Row(3)[column], 2e-5);

            double LossAt(float value)
            {
                outputs.Span[(3 * FloatBuffer.RoundUp(labels)) + column] = value;
                return loss.Score(new(outputs.Pointer, Rows, labels, FloatBuffer.RoundUp(labels)), batch).MeanLoss;
            }
        }
    }

    [Fact]
    public void Score_KnownOutputs_CountsAndAverages()
    {
        using var batch = BatchOf(DataPart(2, [0, 1, 1]), 3);
        using var outputs = new FloatBuffer(3 * 16);
        (outputs.Span[0], outputs.Span[1], outputs.Span[16], outputs.Span[17], outputs.Span[32], outputs.Span[33]) =
            (2, 0, 5, 0, 1, 1);
        var score = Loss.Create(LossKind.CrossEntropy).Score(new(outputs.Pointer, 3, 2, 16), batch);
        // Right, wrong, and a tie: the first of equals is named, which is class 0.
        Assert.Equal(1, score.Metric);
        var expected = Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(5)) + Math.Log(2);
        Assert.Equal(expected, score.Loss, 1e-6);
    }

    [Theory]
    [InlineData(LossKind.CrossEntropy)]
    [InlineData(LossKind.BinaryCrossEntropy)]
    [InlineData(LossKind.MeanSquaredError)]
    public void Score_NotANumber_ShowsInTheLoss(LossKind kind)
    {
        using var batch = BatchOf(Small.Classes(Rows, 4, 3));
        using var outputs = Outputs(3, 1, out var matrix);
        matrix.Row(4)[1] = float.NaN;
        Assert.False(double.IsFinite(Loss.Create(kind).Score(matrix, batch).Loss));
    }

    private static Training.Data.DataPart DataPart(int features, int[] labels) =>
        Training.Data.DataPart.OfValues(new float[labels.Length * features], labels, features);

    private static Batch BatchOf(Training.Data.DataPart part, int rows = Rows)
    {
        var batch = new Batch(part, rows);
        batch.Fill([.. Enumerable.Range(0, rows)]);
        return batch;
    }

    private static FloatBuffer Outputs(int columns, float spread, out Matrix matrix)
    {
        var stride = FloatBuffer.RoundUp(columns);
        var buffer = new FloatBuffer(Rows * stride);
        Small.Uniform(Rows * stride, 5).CopyTo(buffer.Span);
        foreach (ref var value in buffer.Span)
            value *= spread;
        matrix = new(buffer.Pointer, Rows, columns, stride);
        return buffer;
    }
}

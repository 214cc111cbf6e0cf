using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Losses;

/// <summary>What cross-entropy counts as right is what the outputs name: the first of the largest.</summary>
public sealed unsafe class SoftmaxPredictionTests
{
    [Theory]
    [InlineData(0, 1f, 2f, 3f)]
    [InlineData(0, 3f, 3f, 1f)]
    [InlineData(0, -1f, -2f, -1f)]
    [InlineData(0, 0f, -0f, -5f)]
    [InlineData(7, -7f, -8f, -9f)]
    [InlineData(0, float.NaN, 5f, 1f)]
    [InlineData(0, 1f, float.NaN, 5f)]
    [InlineData(0, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(0, float.NegativeInfinity, float.PositiveInfinity, float.PositiveInfinity)]
    public void Score_AnyNumbers_CountsAsPredictSays(int shift, float a, float b, float c)
    {
        foreach (var classes in (int[])[3, 10, 15, 16, 17, 33])
        {
            using var outputs = new FloatBuffer(FloatBuffer.RoundUp(classes));
            // What lies in the padding is none of the outputs.
            outputs.Span.Fill(100);
            outputs.Span[..classes].Fill(-50);
            var places = (int[])[shift % classes, (shift + 1) % classes, (shift + 2) % classes];
            (outputs.Span[places[0]], outputs.Span[places[1]], outputs.Span[places[2]]) = (a, b, c);
            var expected = Loss.Predict(outputs.Span[..classes]);
            for (var label = 0; label < classes; label++)
            {
                using var batch = new Batch(DataPart.OfBytes([0], [label], 1), 1);
                batch.Fill([0]);
                var score = Loss.Create(LossKind.CrossEntropy).Score(
                    new(outputs.Pointer, 1, classes, FloatBuffer.RoundUp(classes)), batch);
                Assert.Equal(label == expected ? 1 : 0, score.Metric);
            }
        }
    }
}

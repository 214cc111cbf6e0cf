using Sweeps.Core.Networks;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native;

/// <summary>
/// One layer of a staged network before its memory exists: where its weights go and how its images lie.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Channels">Floats of a pixel before it; 0 for vectors and images kept channels first.</param>
/// <param name="Weight">Its weights; null: none.</param>
/// <param name="Bias">Its biases; null: none.</param>
internal sealed record StageLayout(LayerShape Layer, int Channels, ParameterPlace? Weight, ParameterPlace? Bias)
{
    /// <summary>Lays the weights of all layers out.</summary>
    public static List<StageLayout> Of(NetworkShape plan, ParameterLayout parameters)
    {
        var stages = new List<StageLayout>();
        // The data set's pixels have no padding, and are channels first unless a convolution begins; those of every
        // convolution are whole vectors.
        var channels = !plan.Input.IsFlat && (plan.Input.Channels == 1 || plan.Layers[0].Layer is ConvLayer)
            ? plan.Input.Channels : 0;
        foreach (var layer in plan.Layers)
        {
            var weight = layer.Layer switch
            {
                DenseLayer => parameters.AddDense(layer.Index, layer.Parameters[0]),
                ConvLayer => parameters.AddKernels(layer.Index, layer.Parameters[0], channels),
                _ => null,
            };
            var bias = layer.Parameters.Count > 1 ? parameters.Add(layer.Index, layer.Parameters[1]) : null;
            stages.Add(new(layer, channels, weight, bias));
            channels = layer.Output.IsFlat ? 0 : layer.Layer is ConvLayer ? FloatBuffer.RoundUp(layer.Output.Channels)
                : channels;
        }

        return stages;
    }
}

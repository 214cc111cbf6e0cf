using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Networks;

namespace Sweeps.Core.Training;

/// <summary>
/// What distinguishes the random numbers of one configuration from those of another: the first 8 bytes (little-endian)
/// of the SHA-256 of a canonical text. Settings that train the same network with the same rule have the same text: a
/// null and its default, a built-in name and its layers, a momentum that the optimizer does not use. The number of
/// epochs is left out, so that a training over 5 epochs is the beginning of one over 10.
/// </summary>
public static class HyperparametersKey
{
    /// <summary>The key of the configuration's random streams.</summary>
    /// <exception cref="SweepsException">The architecture cannot be read.</exception>
    public static ulong Of(Hyperparameters hyperparameters)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(hyperparameters)));
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>
    /// The canonical text: one <c>name=value</c> a line, every field but the epochs in a fixed order with its effective
    /// value; numbers in the shortest form that reads back, in the invariant culture. The loss of the task, chosen when
    /// it is null, is <c>task</c>.
    /// </summary>
    /// <exception cref="SweepsException">The architecture cannot be read.</exception>
    public static string Canonical(Hyperparameters hyperparameters)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        var h = hyperparameters;
        var architecture = Architecture.Parse(h.Architecture).With(h.Dropout, h.Activation);
        var usesMomentum = h.Optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp;
        var text = new StringBuilder("sweeps configuration 1\n");
        text.Append(CultureInfo.InvariantCulture, $"architecture={architecture}\n");
        text.Append(CultureInfo.InvariantCulture, $"learning_rate={h.LearningRate + 0.0:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"batch_size={h.BatchSize}\n");
        text.Append(CultureInfo.InvariantCulture, $"optimizer={h.Optimizer}\n");
        text.Append(CultureInfo.InvariantCulture, $"momentum={(usesMomentum ? (h.Momentum ?? 0) + 0.0 : 0):R}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"nesterov={(h.Optimizer == OptimizerKind.Sgd && h.Nesterov ? "true" : "false")}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"weight_decay={(h.WeightDecay ?? DefaultWeightDecay(h.Optimizer)) + 0.0:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"initializer={h.Initializer ?? InitializerKind.XavierUniform}\n");
        text.Append(CultureInfo.InvariantCulture, $"loss={h.Loss?.ToString() ?? "task"}\n");
        return text.ToString();
    }

    private static double DefaultWeightDecay(OptimizerKind optimizer) => optimizer == OptimizerKind.AdamW ? 0.01 : 0;
}

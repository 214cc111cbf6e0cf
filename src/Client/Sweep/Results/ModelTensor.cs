using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Client.Sweep.Results;

/// <summary>One tensor of a saved model (huggingface.co/docs/safetensors).</summary>
/// <param name="Name">As <c>2.weight</c>.</param>
/// <param name="Shape">libtorch's: [out, in] or [out, in, height, width].</param>
/// <param name="Values">Row-major.</param>
internal sealed record ModelTensor(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>The weights nearest to the input: the first of two dimensions or more; null: there are none.</summary>
    /// <exception cref="SweepsException">The file is no model of ours.</exception>
    public static ModelTensor? FirstWeights(ReadOnlySpan<byte> model)
    {
        try
        {
            var header = (int)BinaryPrimitives.ReadInt64LittleEndian(model);
            var data = model[(sizeof(long) + header)..];
            using var json = JsonDocument.Parse(model.Slice(sizeof(long), header).ToArray());
            foreach (var tensor in json.RootElement.EnumerateObject())
            {
                if (tensor.Name == "__metadata__" || tensor.Value.GetProperty("shape").GetArrayLength() < 2)
                    continue;
                var shape = tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32());
                var place = tensor.Value.GetProperty("data_offsets");
                var bytes = data[place[0].GetInt32()..place[1].GetInt32()];
                return new(tensor.Name, [.. shape], MemoryMarshal.Cast<byte, float>(bytes).ToArray());
            }

            return null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or KeyNotFoundException
            or InvalidOperationException or FormatException)
        {
            throw new SweepsException(ErrorKind.Store, $"The saved model cannot be read: {error.Message}", error);
        }
    }
}

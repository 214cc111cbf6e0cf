using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Sweeps.Training.Networks;

namespace Sweeps.Training.SavedModels;

/// <summary>
/// A network's weights in the safetensors format (huggingface.co/docs/safetensors): 8 bytes of header length, a JSON
/// header with name, shape and place of each tensor, then the tensors as little-endian floats in libtorch's layout.
/// Readable from Python with the safetensors package, or with numpy.frombuffer and the offsets.
/// </summary>
internal static class SafeTensors
{
    // The format asks for tensors aligned to 8 bytes; spaces after the JSON fill up.
    private const int Alignment = 8;

    /// <summary>All parameters, then all running statistics, in layer order.</summary>
    public static byte[] Write(Network network, IReadOnlyDictionary<string, string> metadata)
    {
        var tensors = Tensors(network);
        var header = Header(tensors, metadata);
        var padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        var data = sizeof(long) + padded;
        var length = data + tensors.Sum(tensor => sizeof(float) * tensor.Shape.Aggregate(1L, (a, b) => a * b));
        var bytes = new byte[checked((int)length)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, padded);
        header.CopyTo(bytes.AsSpan(sizeof(long)));
        bytes.AsSpan(sizeof(long) + header.Length, padded - header.Length).Fill((byte)' ');
        var rest = bytes.AsSpan(data);
        foreach (var tensor in tensors)
        {
            var values = tensor.Read();
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(rest);
            rest = rest[(values.Length * sizeof(float))..];
        }

        return bytes;
    }

    /// <summary>
    /// SHA-256, lower-case hex, of the tensors' floats, parameters then statistics: of equal weights, equal.
    /// </summary>
    public static string Digest(Network network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in Tensors(network))
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Read().AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static List<Tensor> Tensors(Network network) =>
    [
        .. network.ParameterPlaces.Select(place => new Tensor(
            place.Name, place.Shape.Dimensions, () => Read(network, place))),
        .. network.StatisticPlaces.Select(place => new Tensor(
            place.Name, [place.Length], () => network.Statistics.Span.Slice(place.Offset, place.Length).ToArray())),
    ];

    private static float[] Read(Network network, ParameterPlace place)
    {
        var values = new float[place.Shape.Size];
        place.CopyFrom(network.Weights.Span, values);
        return values;
    }

    private static byte[] Header(List<Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (name, value) in metadata)
                json.WriteString(name, value);
            json.WriteEndObject();
            var offset = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += sizeof(float) * tensor.Shape.Aggregate(1L, (a, b) => a * b);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private sealed record Tensor(string Name, IReadOnlyList<long> Shape, Func<float[]> Read);
}

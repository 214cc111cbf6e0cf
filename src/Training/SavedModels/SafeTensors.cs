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
    public static byte[] Write(Network network, IReadOnlyDictionary<string, string> metadata) =>
        Write(Tensors(network), metadata);

    /// <summary>These tensors, in this order.</summary>
    public static byte[] Write(IEnumerable<ModelTensor> tensors, IReadOnlyDictionary<string, string> metadata) => Write(
        [.. tensors.Select(tensor => new Tensor(
            tensor.Name, [.. tensor.Shape.Select(size => (long)size)], () => tensor.Values))],
        metadata);

    private static byte[] Write(List<Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
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

    /// <summary>The entry of the header that is no tensor.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The header of a file; a tensor's offsets count from <paramref name="start"/>.</summary>
    /// <exception cref="FormatException">It is no such file.</exception>
    /// <exception cref="JsonException">Its header is no JSON.</exception>
    public static JsonDocument ReadHeader(ReadOnlyMemory<byte> bytes, out int start)
    {
        if (bytes.Length < sizeof(long))
            throw new FormatException("it is too short");
        var header = BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);
        if (header < 2 || header > bytes.Length - sizeof(long))
            throw new FormatException("it does not begin with a header of the format safetensors");
        start = sizeof(long) + (int)header;
        return JsonDocument.Parse(bytes[sizeof(long)..start]);
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

    /// <summary>The values of each tensor, in the order of the file.</summary>
    public static IEnumerable<(string Name, float[] Values)> Values(Network network) =>
        Tensors(network).Select(tensor => (tensor.Name, tensor.Read()));

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
            json.WriteStartObject(MetadataName);
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

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Sweeps.Core;

namespace Sweeps.Training.SavedModels;

/// <summary>A step of an ONNX graph.</summary>
/// <param name="Operation">Such as <c>Conv</c>.</param>
/// <param name="Name">May be empty.</param>
/// <param name="Inputs">Names of values; one that is left out is empty.</param>
/// <param name="Outputs">Names of values.</param>
/// <param name="Numbers">Its attributes of one number.</param>
/// <param name="Lists">Its attributes of several whole numbers.</param>
internal sealed record OnnxNode(
    string Operation,
    string Name,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, double> Numbers,
    IReadOnlyDictionary<string, long[]> Lists);

/// <summary>
/// What of an ONNX file weights are read from, by the numbers of its fields in the published onnx.proto (ModelProto,
/// GraphProto, NodeProto, AttributeProto, TensorProto). Nothing of a file is believed before it is checked: sizes are
/// compared with the bytes that are there before memory is asked for.
/// </summary>
internal sealed class OnnxFile
{
    private const int DimensionsMax = 8;

    // Wire types beside the number of a field.
    private const uint Varint = 0;
    private const uint Delimited = 2;
    private const uint Fixed32 = 5;

    private readonly string _source;
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<string> _outputs = [];
    private readonly Dictionary<string, ModelTensor> _tensors = new(StringComparer.Ordinal);

    private OnnxFile(string source) => _source = source;

    /// <summary>The steps, as the file lists them.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The names of the values that the graph gives.</summary>
    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>Constants of real numbers by name: initialisers, and those of <c>Constant</c> steps.</summary>
    public IReadOnlyDictionary<string, ModelTensor> Tensors => _tensors;

    /// <summary>Reads a file.</summary>
    /// <exception cref="SweepsException">It is none, is damaged, or keeps weights in another file.
    /// </exception>
    public static OnnxFile Read(byte[] bytes, string source)
    {
        var file = new OnnxFile(source);
        try
        {
            var hasGraph = false;
            Each(ByteString.CopyFrom(bytes), (input, tag) =>
            {
                if (tag != Tag(7, Delimited))
                    return false;
                hasGraph = true;
                file.ReadGraph(input.ReadBytes());
                return true;
            });
            if (!hasGraph || file._nodes.Count == 0)
                throw file.Bad("it has no graph of the format ONNX");
            return file;
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or OverflowException
            or InvalidOperationException)
        {
            throw file.Bad("it is no ONNX file, or is damaged or cut off", error);
        }
    }

    internal SweepsException Bad(string why, Exception? cause = null) => SavedModel.Bad(_source, why, cause);

    private void ReadGraph(ByteString graph) => Each(graph, (input, tag) =>
    {
        switch (tag)
        {
            case (1 << 3) | Delimited:
                ReadNode(input.ReadBytes());
                return true;
            case (5 << 3) | Delimited:
                AddTensor(input.ReadBytes(), null);
                return true;
            case (12 << 3) | Delimited:
                _outputs.Add(NameOf(input.ReadBytes()));
                return true;
            default:
                return false;
        }
    });

    private void ReadNode(ByteString node)
    {
        var (operation, name) = ("", "");
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var (numbers, lists) = (new Dictionary<string, double>(), new Dictionary<string, long[]>());
        ByteString? constant = null;
        Each(node, (input, tag) =>
        {
            switch (tag)
            {
                case (1 << 3) | Delimited:
                    inputs.Add(input.ReadString());
                    return true;
                case (2 << 3) | Delimited:
                    outputs.Add(input.ReadString());
                    return true;
                case (3 << 3) | Delimited:
                    name = input.ReadString();
                    return true;
                case (4 << 3) | Delimited:
                    operation = input.ReadString();
                    return true;
                case (5 << 3) | Delimited:
                    constant = ReadAttribute(input.ReadBytes(), numbers, lists) ?? constant;
                    return true;
                default:
                    return false;
            }
        });
        if (operation == "Constant" && constant is not null && outputs is [var output, ..])
            AddTensor(constant, output);
        _nodes.Add(new(operation, name, inputs, outputs, numbers, lists));
    }

    // The tensor of the attribute, where it has one.
    private static ByteString? ReadAttribute(
        ByteString attribute, Dictionary<string, double> numbers, Dictionary<string, long[]> lists)
    {
        var name = "";
        double? number = null;
        var list = new List<long>();
        ByteString? tensor = null;
        Each(attribute, (input, tag) =>
        {
            switch (tag)
            {
                case (1 << 3) | Delimited:
                    name = input.ReadString();
                    return true;
                case (2 << 3) | Fixed32:
                    number = input.ReadFloat();
                    return true;
                case (3 << 3) | Varint:
                    number = input.ReadInt64();
                    return true;
                case (5 << 3) | Delimited:
                    tensor = input.ReadBytes();
                    return true;
                case (8 << 3) | Varint:
                    list.Add(input.ReadInt64());
                    return true;
                case (8 << 3) | Delimited:
                    list.AddRange(Integers(input.ReadBytes()));
                    return true;
                default:
                    return false;
            }
        });
        if (number is { } value)
            numbers[name] = value;
        if (list.Count > 0)
            lists[name] = [.. list];
        return tensor;
    }

    private void AddTensor(ByteString message, string? given)
    {
        var tensor = new Written { Name = given ?? "" };
        Each(message, (input, tag) => tensor.Read(input, tag, given is null));
        var (name, dimensions) = (tensor.Name, tensor.Dimensions);
        if (WidthOf(name, tensor.Type) is not { } width)
            return;
        if (tensor.IsElsewhere)
            throw Bad($"tensor '{Quote.Short(name)}' lies in another file; save the model as one file "
                + "(onnx.save_model(model, path, save_as_external_data=False))");
        if (dimensions.Count > DimensionsMax || dimensions.Exists(size => size is < 0 or > int.MaxValue))
            throw Bad($"tensor '{Quote.Short(name)}' has a shape that no tensor has "
                + $"({string.Join('x', dimensions.Take(DimensionsMax))}); it has at most {DimensionsMax} dimensions");
        var bytes = (tensor.Bytes ?? ByteString.Empty).Span;
        var values = tensor.Bytes is null && tensor.Type == 1 ? [.. tensor.Floats] : Values(bytes, tensor.Type);
        // Of no more than 8 numbers below 2^31; the product is cut where it exceeds all files.
        var size = dimensions.Aggregate(1L, (product, length) => Math.Min(product, int.MaxValue) * length);
        if (size != values.Length || bytes.Length % width != 0)
            throw Bad($"tensor '{Quote.Short(name)}' of {string.Join('x', dimensions)} has {values.Length} numbers: it "
                + "is damaged or cut off");
        if (values.Length > 0 && !_tensors.TryAdd(name, new(name, [.. dimensions.Select(s => (int)s)], values)))
            throw Bad($"it has two tensors '{Quote.Short(name)}'");
    }

    // Whole numbers, truth values and texts are no weights: null.
    private int? WidthOf(string name, int type) => type switch
    {
        1 => sizeof(float),
        10 or 16 => sizeof(ushort),
        11 => sizeof(double),
        >= 2 and <= 9 or 12 or 13 or 21 or 22 => null,
        _ => throw Bad($"tensor '{Quote.Short(name)}' holds numbers of the kind {type}; read are FLOAT (1), FLOAT16 "
            + "(10), DOUBLE (11) and BFLOAT16 (16)"),
    };

    private static float[] Values(ReadOnlySpan<byte> bytes, int type)
    {
        if (type == 1)
            return Floats(bytes);
        var width = type == 11 ? sizeof(double) : sizeof(ushort);
        var values = new float[bytes.Length / width];
        for (var i = 0; i < values.Length; i++)
        {
            var value = bytes[(i * width)..];
            values[i] = type switch
            {
                11 => (float)BinaryPrimitives.ReadDoubleLittleEndian(value),
                10 => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(value) << 16),
            };
        }

        return values;
    }

    private static float[] Floats(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private static List<long> Integers(ByteString packed)
    {
        var values = new List<long>();
        var input = packed.CreateCodedInput();
        while (!input.IsAtEnd)
            values.Add(input.ReadInt64());
        return values;
    }

    private static string NameOf(ByteString value)
    {
        var name = "";
        Each(value, (input, tag) =>
        {
            if (tag != Tag(1, Delimited))
                return false;
            name = input.ReadString();
            return true;
        });
        return name;
    }

    private static uint Tag(uint field, uint wire) => (field << 3) | wire;

    /// <summary>Calls for each field of a message; false: it was not read, and is passed over.</summary>
    private static void Each(ByteString message, Func<CodedInputStream, uint, bool> read)
    {
        var input = message.CreateCodedInput();
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (!read(input, tag))
                input.SkipLastField();
        }
    }

    /// <summary>A tensor as it is written.</summary>
    private sealed class Written
    {
        public required string Name { get; set; }

        public int Type { get; private set; }

        public List<long> Dimensions { get; } = [];

        public List<float> Floats { get; } = [];

        public ByteString? Bytes { get; private set; }

        public bool IsElsewhere { get; private set; }

        public bool Read(CodedInputStream input, uint tag, bool isNamed)
        {
            switch (tag)
            {
                case (1 << 3) | Varint:
                    Dimensions.Add(input.ReadInt64());
                    return true;
                case (1 << 3) | Delimited:
                    Dimensions.AddRange(Integers(input.ReadBytes()));
                    return true;
                case (2 << 3) | Varint:
                    Type = input.ReadInt32();
                    return true;
                case (4 << 3) | Delimited:
                    Floats.AddRange(OnnxFile.Floats(input.ReadBytes().Span));
                    return true;
                case (4 << 3) | Fixed32:
                    Floats.Add(input.ReadFloat());
                    return true;
                case (8 << 3) | Delimited when isNamed:
                    Name = input.ReadString();
                    return true;
                case (9 << 3) | Delimited:
                    Bytes = input.ReadBytes();
                    return true;
                case (13 << 3) | Delimited:
                    IsElsewhere = true;
                    return false;
                case (14 << 3) | Varint:
                    IsElsewhere |= input.ReadInt32() == 1;
                    return true;
                default:
                    return false;
            }
        }
    }
}

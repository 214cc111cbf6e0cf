using Google.Protobuf;

namespace Sweeps.Tests.Shared;

/// <summary>
/// A small ONNX graph: written as a file, by the field numbers of the published onnx.proto, and worked out step by step
/// with plain loops, after the definitions of the operators (onnx.ai, opset 17): a check that knows nothing of ours.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly List<Action<CodedOutputStream>> _fields = [];
    private readonly List<(string Operation, string[] Inputs, string Output, int Stride, int Pad)> _steps = [];
    private readonly Dictionary<string, Value> _constants = [];
    private string _last = "x";

    public sealed record Value(int[] Shape, float[] Values);

    /// <summary>A constant of floats.</summary>
    public OnnxGraph Constant(string name, int[] shape, float[] values, bool isTyped = false)
    {
        _constants[name] = new(shape, values);
        return Raw(5, Tensor(name, shape, values, isTyped));
    }

    /// <summary>A constant as it is written.</summary>
    public OnnxGraph Raw(int field, byte[] message)
    {
        _fields.Add(output => Write(output, field, message));
        return this;
    }

    /// <summary>A step that takes what is named and gives <paramref name="result"/>.</summary>
    public OnnxGraph Step(
        string operation, string[] inputs, string result, int stride = 1, int pad = 0, string name = "",
        params (string Name, object Value)[] attributes)
    {
        _steps.Add((operation, inputs, result, stride, pad));
        _last = result;
        var all = attributes.ToList();
        if (operation == "Conv")
            all.AddRange([("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad })]);
        return Raw(1, Message(output =>
        {
            foreach (var input in inputs)
                Write(output, 1, input);
            Write(output, 2, result);
            if (name.Length > 0)
                Write(output, 3, name);
            Write(output, 4, operation);
            foreach (var attribute in all)
                Write(output, 5, Attribute(attribute.Name, attribute.Value));
        }));
    }

    /// <summary>The file.</summary>
    public byte[] Write() => Message(model =>
    {
        model.WriteTag(1, WireFormat.WireType.Varint);
        model.WriteInt64(8);
        Write(model, 7, Message(graph =>
        {
            foreach (var field in _fields)
                field(graph);
            Write(graph, 12, Message(output => Write(output, 1, _last)));
        }));
    });

    /// <summary>What the last step gives for one sample.</summary>
    public float[] Compute(Value sample)
    {
        var values = new Dictionary<string, Value>(_constants) { ["x"] = sample };
        foreach (var (operation, inputs, output, stride, pad) in _steps)
        {
            Value[] given = [.. inputs.Select(name => values[name])];
            values[output] = operation switch
            {
                "Conv" => Convolve(given[0], given[1], given.ElementAtOrDefault(2), stride, pad),
                "BatchNormalization" => Normalize(given),
                "Relu" => given[0] with { Values = [.. given[0].Values.Select(v => Math.Max(v, 0))] },
                "Add" => given[0] with { Values = [.. given[0].Values.Zip(given[1].Values, (a, b) => a + b)] },
                "GlobalAveragePool" => new(
                    [given[0].Shape[0]],
                    [.. given[0].Values.Chunk(given[0].Shape[1] * given[0].Shape[2]).Select(c => c.Average())]),
                "MatMul" => Multiply(given[0], given[1]),
                _ => throw new NotSupportedException(operation),
            };
        }

        return values[_last].Values;
    }

    private static Value Multiply(Value x, Value weight)
    {
        var result = new float[weight.Shape[1]];
        for (var i = 0; i < x.Values.Length; i++)
        {
            for (var j = 0; j < result.Length; j++)
                result[j] += x.Values[i] * weight.Values[(i * result.Length) + j];
        }

        return new([result.Length], result);
    }

    private static Value Normalize(Value[] given)
    {
        var pixels = given[0].Values.Length / given[0].Shape[0];
        return given[0] with
        {
            Values =
            [
                .. given[0].Values.Select((value, i) =>
                {
                    var (gamma, beta, mean, variance) = (
                        given[1].Values[i / pixels], given[2].Values[i / pixels], given[3].Values[i / pixels],
                        given[4].Values[i / pixels]);
                    return (float)(gamma * (value - mean) / Math.Sqrt(variance + 1e-5)) + beta;
                }),
            ],
        };
    }

    private static Value Convolve(Value x, Value kernel, Value? bias, int stride, int pad)
    {
        var (channels, rows, columns) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        var (filters, size) = (kernel.Shape[0], kernel.Shape[2]);
        var (height, width) = (((rows + (2 * pad) - size) / stride) + 1, ((columns + (2 * pad) - size) / stride) + 1);
        var result = new float[filters * height * width];
        for (var at = 0; at < result.Length; at++)
        {
            var (filter, row, column) = (at / (height * width), at / width % height, at % width);
            double sum = bias?.Values[filter] ?? 0;
            for (var k = 0; k < channels * size * size; k++)
            {
                var (channel, r, c) = (
                    k / (size * size), (row * stride) + (k / size % size) - pad, (column * stride) + (k % size) - pad);
                if (r >= 0 && r < rows && c >= 0 && c < columns)
                    sum += x.Values[(((channel * rows) + r) * columns) + c]
                        * (double)kernel.Values[(filter * channels * size * size) + k];
            }

            result[at] = (float)sum;
        }

        return new([filters, height, width], result);
    }

    /// <summary>A tensor's message.</summary>
    public static byte[] Tensor(string name, int[] shape, float[] values, bool isTyped = false) => Message(output =>
    {
        foreach (var size in shape)
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt64(size);
        }

        Number(output, 2, 1);
        Write(output, 8, name);
        Write(output, isTyped ? 4 : 9, [.. values.SelectMany(BitConverter.GetBytes)]);
    });

    public static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
            write(output);
        return stream.ToArray();
    }

    public static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public static void Write(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    public static void Write(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static byte[] Attribute(string name, object value) => Message(output =>
    {
        Write(output, 1, name);
        switch (value)
        {
            case float number:
                output.WriteTag(2, WireFormat.WireType.Fixed32);
                output.WriteFloat(number);
                break;
            case long number:
                Number(output, 3, number);
                break;
            case byte[] tensor:
                Write(output, 5, tensor);
                break;
            case long[] numbers:
                foreach (var number in numbers)
                    Number(output, 8, number);
                break;
        }
    });
}

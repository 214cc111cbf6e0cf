using Google.Protobuf;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.TensorBoard;

/// <summary>
/// Events as TensorBoard's protocol buffers have them, written by the numbers of their fields: Event, Summary,
/// HistogramProto, and the summary of its plug-in for hyperparameters (version 0 of its data).
/// </summary>
internal static class BoardEvents
{
    private const string Plugin = "hparams";

    private enum DataType
    {
        Text = 1,
        Flag = 2,
        Number = 3,
    }

    /// <summary>What the first record of a file says: the version of the format.</summary>
    public static byte[] Version(double seconds) => Message(output =>
    {
        Number(output, 1, seconds);
        Text(output, 3, "brain.Event:2");
    });

    /// <summary>Numbers of one step; those that are not finite are left out.</summary>
    /// <param name="seconds">Since 1970.</param>
    /// <param name="step">Such as the epoch.</param>
    /// <param name="values">By tag.</param>
    public static byte[] Scalars(double seconds, long step, IEnumerable<(string Tag, double Value)> values) => Event(
        seconds, step, values.Where(value => double.IsFinite(value.Value)).Select(value => Message(output =>
        {
            Text(output, 1, value.Tag);
            output.WriteTag(2, WireFormat.WireType.Fixed32);
            output.WriteFloat((float)value.Value);
        })));

    /// <summary>How the values of a tensor are distributed at one step.</summary>
    public static byte[] Histogram(double seconds, long step, string tag, WeightHistogram values)
    {
        var bins = values.Counts.Count;
        var width = (values.Max - values.Min) / bins;
        var histogram = Message(output =>
        {
            foreach (var (field, number) in ((int, double)[])
                [(1, values.Min), (2, values.Max), (3, values.Count), (4, values.Sum), (5, values.SquareSum)])
                Number(output, field, number);
            Packed(output, 6, [.. Enumerable.Range(1, bins)
                .Select(bin => bin == bins ? values.Max : values.Min + (bin * width))]);
            Packed(output, 7, [.. values.Counts.Select(count => (double)count)]);
        });
        return Event(seconds, step, [Message(output =>
        {
            Text(output, 1, tag);
            Bytes(output, 5, histogram);
        })]);
    }

    /// <summary>What was searched, and by what its trials are compared.</summary>
    /// <param name="seconds">When it was submitted, since 1970.</param>
    /// <param name="name">The sweep.</param>
    /// <param name="parameters">Names with a value each, for their kinds.</param>
    /// <param name="metrics">The tags of the numbers that each trial ends with.</param>
    public static byte[] Experiment(
        double seconds, string name, IEnumerable<KeyValuePair<string, object>> parameters,
        IEnumerable<string> metrics) => Hyperparameters(seconds, "_hparams_/experiment", 2, output =>
        {
            Number(output, 3, seconds);
            foreach (var (parameter, value) in parameters)
                Bytes(output, 4, Message(info =>
                {
                    Text(info, 1, parameter);
                    info.WriteTag(4, WireFormat.WireType.Varint);
                    info.WriteEnum((int)(value switch
                    {
                        bool => DataType.Flag,
                        string => DataType.Text,
                        _ => DataType.Number,
                    }));
                }));
            foreach (var metric in metrics)
                Bytes(output, 5, Message(info =>
                {
                    Bytes(info, 1, Message(part => Text(part, 2, metric)));
                    Text(info, 3, metric.Replace('_', ' '));
                }));
            Text(output, 6, name);
        });

    /// <summary>A trial began.</summary>
    /// <param name="seconds">Since 1970.</param>
    /// <param name="group">Its configuration: trials of one group are averaged.</param>
    /// <param name="parameters">Its values.</param>
    public static byte[] Start(
        double seconds, string group, IEnumerable<KeyValuePair<string, object>> parameters) =>
        Hyperparameters(seconds, "_hparams_/session_start_info", 3, output =>
        {
            foreach (var (name, value) in parameters)
                Bytes(output, 1, Message(entry =>
                {
                    Text(entry, 1, name);
                    Bytes(entry, 2, Message(field => Value(field, value)));
                }));
            Text(output, 4, group);
            Number(output, 5, seconds);
        });

    /// <summary>A trial ended.</summary>
    public static byte[] End(double seconds, bool failed) =>
        Hyperparameters(seconds, "_hparams_/session_end_info", 4, output =>
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteEnum(failed ? 2 : 1);
            Number(output, 2, seconds);
        });

    /// <summary>The step of an event and the tags of its values; none for the first record.</summary>
    public static (long Step, IReadOnlyList<string> Tags) Read(byte[] record)
    {
        var (step, tags) = (0L, new List<string>());
        foreach (var (field, input) in Fields(record))
        {
            if (field == 2)
                step = input.ReadInt64();
            else if (field == 5)
                tags.AddRange(TagsOf(input.ReadBytes().ToByteArray()));
            else
                input.SkipLastField();
        }

        return (step, tags);
    }

    private static IEnumerable<string> TagsOf(byte[] summary)
    {
        foreach (var (field, input) in Fields(summary))
        {
            if (field != 1)
            {
                input.SkipLastField();
                continue;
            }

            foreach (var (part, value) in Fields(input.ReadBytes().ToByteArray()))
            {
                if (part == 1)
                    yield return value.ReadString();
                else
                    value.SkipLastField();
            }
        }
    }

    private static IEnumerable<(int Field, CodedInputStream Input)> Fields(byte[] message)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
            yield return (WireFormat.GetTagFieldNumber(tag), input);
    }

    private static byte[] Event(double seconds, long step, IEnumerable<byte[]> values) => Message(output =>
    {
        Number(output, 1, seconds);
        output.WriteTag(2, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        Bytes(output, 5, Message(summary =>
        {
            foreach (var value in values)
                Bytes(summary, 1, value);
        }));
    });

    private static byte[] Hyperparameters(double seconds, string tag, int field, Action<CodedOutputStream> write) =>
        Event(seconds, 0, [Message(output =>
        {
            Text(output, 1, tag);
            // The plug-in's own data are in the metadata; a value has to have a tensor all the same: one 0.
            Bytes(output, 8, Message(tensor =>
            {
                tensor.WriteTag(1, WireFormat.WireType.Varint);
                tensor.WriteEnum(1);
                Bytes(tensor, 2, []);
                Bytes(tensor, 5, new byte[sizeof(float)]);
            }));
            Bytes(output, 9, Message(metadata => Bytes(metadata, 1, Message(plugin =>
            {
                Text(plugin, 1, Plugin);
                Bytes(plugin, 2, Message(data => Bytes(data, field, Message(write))));
            }))));
        })]);

    // google.protobuf.Value.
    private static void Value(CodedOutputStream output, object value)
    {
        if (value is bool flag)
        {
            output.WriteTag(4, WireFormat.WireType.Varint);
            output.WriteBool(flag);
        }
        else if (value is string text)
            Text(output, 3, text);
        else
            Number(output, 2, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void Packed(CodedOutputStream output, int field, double[] numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(double)];
        foreach (var (index, number) in numbers.Index())
            System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(
                bytes.AsSpan(index * sizeof(double)), number);
        Bytes(output, field, bytes);
    }

    private static void Number(CodedOutputStream output, int field, double number)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(number);
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }
}

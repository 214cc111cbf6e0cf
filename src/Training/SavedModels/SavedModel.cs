using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.Own;

namespace Sweeps.Training.SavedModels;

/// <summary>One tensor of a saved model.</summary>
/// <param name="Name">Layer number and role: <c>2.weight</c>.</param>
/// <param name="Shape">libtorch's: [out, in] or [out, in, height, width].</param>
/// <param name="Values">Row-major.</param>
public sealed record ModelTensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>
/// A model that this program saved, read back: its tensors and what it says about itself. The format is safetensors
/// (huggingface.co/docs/safetensors); nothing of a file is believed before it is checked. Of an ONNX file, weights are
/// read alone (<see cref="OnnxWeights"/>).
/// </summary>
public sealed class SavedModel
{
    private SavedModel(string source, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<ModelTensor> tensors)
    {
        (Source, Metadata, Tensors) = (source, metadata, tensors);
        Classes = metadata.TryGetValue("classes", out var classes) ? ClassNamesText.Read(classes) : [];
        Targets = metadata.TryGetValue("targets", out var targets) ? ClassNamesText.Read(targets) : [];
        Labels = metadata.TryGetValue("labels", out var labels) ? ClassNamesText.Read(labels) : [];
    }

    /// <summary>Where it was read, for messages.</summary>
    public string Source { get; }

    /// <summary>What it says about itself, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Weights, then running statistics, in layer order.</summary>
    public IReadOnlyList<ModelTensor> Tensors { get; }

    /// <summary>The names of the classes in the order of the outputs; empty without classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The names of several targets in the order of the outputs; empty: there is one, or there are classes.
    /// </summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The names of several labels in the order of the outputs; empty: there are none.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Classification where there are classes.</summary>
    public TaskKind Task => Classes.Count > 0 ? TaskKind.Classification
        : Labels.Count > 0 ? TaskKind.MultiLabel : TaskKind.Regression;

    /// <summary>The data set that it was trained on.</summary>
    public string? Data => Metadata.GetValueOrDefault("data");

    /// <summary>What the pictures of a folder were brought to; null: it was trained on other data.</summary>
    public PictureForm? Pictures => Metadata.GetValueOrDefault("pictures") is { } text
        && text.Split(' ') is [var first, var second]
        && PictureForm.TryParseSize(first, out var size) && Enum.TryParse<PictureColor>(second, true, out var color)
            ? new(size.Height, size.Width, color)
            : null;

    /// <summary>
    /// The columns of its table and their scaling; null: it was trained on other data, or saved by a version that did
    /// not keep them.
    /// </summary>
    /// <exception cref="SweepsException">They are damaged, or of a later version.</exception>
    public TableForm? ReadTable()
    {
        try
        {
            return Metadata.TryGetValue("table", out var text) && Metadata.TryGetValue("input", out var input)
                ? TableForm.Read(text, input.Split('x').Aggregate(
                    1, (product, size) => checked(product * int.Parse(size, Format))))
                : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw Bad(error.Message.TrimEnd('.'), error);
        }
    }

    /// <summary>The weights nearest to the input: the first tensor of at least two dimensions; null: none.</summary>
    public ModelTensor? FirstWeights => Tensors.FirstOrDefault(tensor => tensor.Shape.Count >= 2);

    /// <summary>What it was trained to minimise; what older files do not say is the task's default.</summary>
    public LossKind Loss => Enum.TryParse<LossKind>(
        Metadata.GetValueOrDefault("loss")?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var loss)
        ? loss
        : LossKinds.DefaultOf(Task);

    /// <summary>The engine that trained it; what older files do not say is chosen by the network.</summary>
    public EngineKind Engine => Enum.TryParse<EngineKind>(
        Metadata.GetValueOrDefault("engine"), ignoreCase: true, out var engine) && engine != EngineKind.Native
        ? engine
        : EngineKind.Auto;

    /// <summary>The native stages that it was trained with; files that do not say are older than the second set.
    /// </summary>
    internal StageSet Stages =>
        Metadata.GetValueOrDefault("stages") is { } name && Enum.TryParse<StageSet>(name, true, out var stages)
            ? stages : StageSet.First;

    /// <summary>The network on the shape of its data.</summary>
    /// <exception cref="SweepsException">It does not say which, or it is damaged.</exception>
    public NetworkShape ReadNetwork()
    {
        if (!Metadata.TryGetValue("architecture", out var architecture)
            || !Metadata.TryGetValue("input", out var input))
            throw Bad("it does not say its architecture, so it was written by another program");
        // The last tensor of one's own code may be any.
        var outputs = int.TryParse(Metadata.GetValueOrDefault("outputs"),
            System.Globalization.NumberStyles.None, Format, out var said)
            && said > 0
            ? said
            : Tensors.LastOrDefault(tensor => tensor.Shape.Count >= 2)?.Shape[0] ?? throw Bad("it has no weights");
        if (Classes.Count > 0 && Classes.Count != outputs && !(Classes.Count == 2 && outputs == 1))
            throw Bad($"it has {outputs} outputs and names {Classes.Count} classes");
        if (Targets.Count > 0 && Targets.Count != outputs)
            throw Bad($"it has {outputs} outputs and names {Targets.Count} targets");
        if (Labels.Count > 0 && Labels.Count != outputs)
            throw Bad($"it has {outputs} outputs and names {Labels.Count} labels");
        var network = Said(() => Core.Networks.Architecture.Parse(architecture));
        if (network.Own is { } own && OwnAssemblies.BytesOf(own.Assembly) is null)
            throw Bad(
                $"its network is the code {own.Type} of '{Metadata.GetValueOrDefault("assembly", "an assembly")}' with "
                + $"the SHA-256 {own.Assembly}; name that file with --assembly FILE");
        return Said(() => NetworkShape.Create(network, ShapeOf(input), outputs));
    }

    // What it says of itself may be anything.
    private T Said<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException
            or SweepsException)
        {
            throw Bad(error.Message.TrimEnd('.'), error);
        }
    }

    private static TensorShape ShapeOf(string input)
    {
        int[] sizes = [.. input.Split('x').Select(size => int.Parse(size, Format))];
        return sizes.Length switch
        {
            1 => TensorShape.Flat(sizes[0]),
            3 => TensorShape.Image(sizes[0], sizes[1], sizes[2]),
            _ => throw new FormatException($"'{input}' is no shape"),
        };
    }

    /// <summary>Reads a file of the format.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="SweepsException">It is no such file, or holds something else than 4-byte floats.</exception>
    public static SavedModel Read(ReadOnlyMemory<byte> bytes, string source)
    {
        var empty = new SavedModel(source, new Dictionary<string, string>(), []);
        JsonDocument json;
        int start;
        try
        {
            json = SafeTensors.ReadHeader(bytes, out start);
        }
        catch (FormatException error)
        {
            throw empty.Bad(error.Message, error);
        }
        catch (JsonException error)
        {
            throw empty.Bad($"its header is damaged: {error.Message.TrimEnd('.')}", error);
        }

        using (json)
            return empty.Read(json, bytes.Span[start..]);
    }

    private SavedModel Read(JsonDocument json, ReadOnlySpan<byte> data)
    {
        try
        {
            var metadata = new Dictionary<string, string>();
            var tensors = new List<ModelTensor>();
            var rest = (long)data.Length;
            foreach (var entry in json.RootElement.EnumerateObject())
            {
                if (entry.Name != SafeTensors.MetadataName)
                    tensors.AddRange(ReadTensor(entry, data, ref rest));
                else
                    foreach (var value in entry.Value.EnumerateObject())
                        metadata[value.Name] = value.Value.GetString() ?? string.Empty;
            }

            return tensors.DistinctBy(tensor => tensor.Name).Count() == tensors.Count
                ? new(Source, metadata, tensors)
                : throw Bad("it has two tensors of one name");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw Bad($"its header is damaged: {error.Message.TrimEnd('.')}", error);
        }
    }

    private static IFormatProvider Format => System.Globalization.CultureInfo.InvariantCulture;

    // Whole numbers count batches and the like: they are no weights. A tensor of no dimension has one value.
    // Tensors share no bytes: together they have no more than the file (a header could name the same ones for ever).
    private IEnumerable<ModelTensor> ReadTensor(JsonProperty entry, ReadOnlySpan<byte> data, ref long rest)
    {
        var type = entry.Value.GetProperty("dtype").GetString() ?? "";
        if (type is "BOOL" || type.AsSpan().IndexOfAny('I', 'U') == 0)
            return [];
        if (!s_widths.TryGetValue(type, out var width))
            throw Bad($"tensor '{Quote.Short(entry.Name)}' holds {Quote.Short(type)}; read are "
                + string.Join(", ", s_widths.Keys));
        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        var place = entry.Value.GetProperty("data_offsets");
        var (begin, end) = (place[0].GetInt64(), place[1].GetInt64());
        var size = shape.Aggregate((Int128)width, (product, length) => checked(product * length));
        if (shape.Any(length => length < 1) || begin < 0 || end > data.Length || end - begin != size)
            throw Bad($"the bytes of tensor '{Quote.Short(entry.Name)}' do not fit its shape or the file: it is "
                + "damaged or cut off");
        rest -= end - begin;
        if (rest < 0)
            throw Bad($"tensor '{Quote.Short(entry.Name)}' has bytes of another one: its header is damaged");
        return [new(entry.Name, shape, Floats(data[(int)begin..(int)end], type))];
    }

    private static readonly Dictionary<string, int> s_widths = new(StringComparer.Ordinal)
    {
        ["F32"] = sizeof(float),
        ["F64"] = sizeof(double),
        ["F16"] = sizeof(ushort),
        ["BF16"] = sizeof(ushort),
    };

    private static float[] Floats(ReadOnlySpan<byte> bytes, string type)
    {
        if (type == "F32")
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        var values = new float[bytes.Length / s_widths[type]];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * sizeof(ushort))..]),
                // The upper half of a float.
                _ => BitConverter.Int32BitsToSingle(
                    BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * sizeof(ushort))..]) << 16),
            };
        }

        return values;
    }

    /// <summary>The error for a model that cannot be used.</summary>
    internal SweepsException Bad(string why, Exception? cause = null) => Bad(Source, why, cause);

    /// <summary>The error for a file that is no model.</summary>
    internal static SweepsException Bad(string source, string why, Exception? cause = null) =>
        new(ErrorKind.Data, $"The model {source} cannot be read: {why}.", cause);

    /// <summary>A model of another format.</summary>
    internal static SavedModel Of(
        string source, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<ModelTensor> tensors) =>
        new(source, metadata, tensors);
}

using System.Globalization;
using System.Text.Json;

namespace Sweeps.Core.Networks;

/// <summary>
/// A tree of values, neither YAML nor JSON: what the list-of-maps notation is read from. A YAML reader makes it from
/// its own nodes, and <see cref="Parse"/> makes it from JSON.
/// </summary>
internal abstract record LayerNode
{
    private LayerNode()
    {
    }

    /// <summary>A single value as text: <c>32</c>, <c>same</c>, <c>true</c>; null for an absent value.</summary>
    /// <param name="Text">The text, without quotes.</param>
    public sealed record Scalar(string? Text) : LayerNode;

    /// <summary>A list of nodes.</summary>
    /// <param name="Items">The nodes, in order.</param>
    public sealed record Sequence(IReadOnlyList<LayerNode> Items) : LayerNode;

    /// <summary>Names with nodes.</summary>
    /// <param name="Entries">The pairs, in order; a name that comes twice is refused by the reader of layers.</param>
    public sealed record Map(IReadOnlyList<KeyValuePair<string, LayerNode>> Entries) : LayerNode
    {
        /// <summary>The node of that name, or null.</summary>
        public LayerNode? Find(string name) => Entries.FirstOrDefault(entry => entry.Key == name).Value;
    }

    /// <summary>The text of a scalar, or null for anything else.</summary>
    internal string? Word => (this as Scalar)?.Text;

    /// <summary>Reads JSON.</summary>
    /// <exception cref="SweepsException">Not JSON, nested deeper than 64, or longer than
    /// <see cref="NetworkLimits.MaxText"/>.</exception>
    public static LayerNode Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > NetworkLimits.MaxText)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The JSON of an architecture has {json.Length} characters; at most {NetworkLimits.MaxText} are read.");
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return From(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // InvalidOperationException: an escape that is half of a surrogate pair. ArgumentException: such a half in
            // the text itself. The reader's own message repeats the text, however long.
            var place = error is JsonException { LineNumber: { } line, BytePositionInLine: { } column }
                ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, byte {column + 1}: ")
                : "";
            throw new SweepsException(
                ErrorKind.Usage,
                $"The architecture looks like JSON but cannot be read: {place}{Quote.Short(error.Message)} "
                + "Write what Keras's model.to_json() gives.",
                error);
        }
    }

    private static LayerNode From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new Map(
            [.. element.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, From(pair.Value)))]),
        JsonValueKind.Array => new Sequence([.. element.EnumerateArray().Select(From)]),
        JsonValueKind.String => new Scalar(element.GetString()),
        JsonValueKind.Null or JsonValueKind.Undefined => new Scalar(null),
        _ => new Scalar(element.GetRawText()),
    };
}

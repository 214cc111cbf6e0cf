using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// Reads one layer of the short notation: its name, then numbers, activations, <c>same</c>/<c>valid</c>, <c>no_bias</c>
/// and pairs such as <c>stride 2</c>, <c>pad 1</c>, <c>momentum 0.9</c>, in any order.
/// </summary>
internal static class LayerSyntax
{
    public static Layer Read(string text)
    {
        if (OwnLayer.Begins(text))
            return OwnLayer.Read(text);
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw new LayerException("there is nothing between two '|'; write a layer or remove one of them");
        var start = 1;
        var entry = LayerTable.Find(words[0]);
        if (entry is null && Activation.IsName(words[0]))
        {
            entry = LayerTable.Find("activation");
            start = 0;
        }

        if (entry is null)
            throw new LayerException(LayerTable.Unknown(words[0]));
        var fields = new LayerFields(entry);
        for (var i = start; i < words.Length;)
            i = ReadField(fields, words, i);
        return fields.Build();
    }

    /// <returns>The index of the next unread word.</returns>
    private static int ReadField(LayerFields fields, string[] words, int i)
    {
        var word = words[i];
        if (fields.Entry.Has("activation") && Activation.IsName(word))
        {
            // A number right after an activation that has a slope is its slope.
            var slope = Activation.Read(word).Slope != 0 && i + 1 < words.Length && IsNumber(words[i + 1]);
            fields.Set("activation", slope ? $"{word} {words[i + 1]}" : word);
            return slope ? i + 2 : i + 1;
        }

        if (fields.Entry.Has("padding") && (Is(word, "same") || Is(word, "valid")))
        {
            fields.Set("padding", word);
            return i + 1;
        }

        if (fields.Entry.Has("use_bias") && Is(word, "no_bias"))
        {
            fields.Set("use_bias", "false");
            return i + 1;
        }

        if (fields.Entry.Has("as") && NormalizeLayer.Known.Contains(word, StringComparer.OrdinalIgnoreCase))
        {
            fields.Set("as", word);
            return i + 1;
        }

        if (LayerTable.FindField(fields.Entry, word) is { } field)
        {
            if (i + 1 >= words.Length)
                throw new LayerException($"a value is missing after '{Quote.Short(word)}'");
            if (field != "activation")
            {
                fields.Set(field, words[i + 1]);
                return i + 2;
            }

            // An unknown name is refused by Activation, with the nearest one.
            Activation.Read(words[i + 1]);
            return ReadField(fields, words, i + 1);
        }

        if (IsNumber(word))
        {
            var free = Array.Find(fields.Entry.Positional, name => !fields.Has(name))
                ?? throw new LayerException($"the number '{Quote.Short(word)}' is one too many");
            fields.Set(free, word);
            return i + 1;
        }

        if (LayerTable.Find(word) is not null)
            throw new LayerException($"'{Quote.Short(word)}' is a layer of its own; write it after a '|', or as the "
                + $"next item of a list: '{Quote.Short(string.Join(' ', words[..i]))} | "
                + $"{Quote.Short(string.Join(' ', words[i..]))}'");
        throw new LayerException($"'{Quote.Short(word)}' means nothing in a {fields.Entry.Name} "
            + $"layer{NearestName.Suggest(word, WordsOf(fields.Entry))}");
    }

    private static List<string> WordsOf(LayerTable.Entry entry)
    {
        var words = entry.Fields.Where(field => field is not ("activation" or "use_bias")).Select(Spoken).ToList();
        if (entry.Has("padding"))
            words.AddRange(["same", "valid"]);
        if (entry.Has("use_bias"))
            words.Add("no_bias");
        if (entry.Has("as"))
            words.AddRange(NormalizeLayer.Known);
        if (entry.Has("activation"))
            words.AddRange(Activation.Names);
        return words;
    }

    private static string Spoken(string field) => field switch
    {
        "strides" => "stride",
        "kernel_size" => "kernel",
        "pool_size" => "size",
        "dilation_rate" => "dilation",
        "depth_multiplier" => "multiplier",
        _ => field,
    };

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(string word) =>
        char.IsAsciiDigit(word[0]) || (word.Length > 1 && word[0] is '-' or '+' or '.');
}

/// <summary>
/// Reads one part of the short notation: a layer, or so many times the layers that follow a count and an <c>x</c>, as
/// in <c>3 x dense 128 relu dropout 0.2</c>. There a word that the layer before it has no use for begins the next one.
/// </summary>
internal static class RepeatedLayers
{
    public static IReadOnlyList<Layer> Read(string text)
    {
        if (JoinSyntax.Begins(text))
            return [JoinSyntax.Read(text)];
        if (OwnLayer.Begins(text))
            return [OwnLayer.Read(text)];
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !words[1].Equals("x", StringComparison.OrdinalIgnoreCase) || IsLayer(words[0]))
            return [LayerSyntax.Read(text)];
        if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > NetworkLimits.MaxLayers)
        {
            throw new LayerException(
                $"'{Quote.Short(words[0])}' before 'x' is not a whole number from 0 to {NetworkLimits.MaxLayers}");
        }

        var repeated = string.Join(' ', words[2..]);
        List<Layer> layers = JoinSyntax.Begins(repeated) ? [JoinSyntax.Read(repeated)] : Layers(words.AsSpan(2));
        if (count * layers.Count > NetworkLimits.MaxLayers)
            throw new LayerException($"{count} times {layers.Count} layers are too many; at most "
                + $"{NetworkLimits.MaxLayers} are allowed");
        return [.. Enumerable.Repeat(layers, count).SelectMany(group => group)];
    }

    private static List<Layer> Layers(ReadOnlySpan<string> words)
    {
        if (words.IsEmpty)
            throw new LayerException("no layer follows the 'x'; an example: '2 x dense 128 relu'");
        var layers = new List<Layer>();
        var first = 0;
        for (var i = 1; i <= words.Length; i++)
        {
            if (i < words.Length && !Begins(words[first..i], words[i]))
                continue;
            layers.Add(LayerSyntax.Read(string.Join(' ', words[first..i])));
            first = i;
        }

        return layers;
    }

    /// <summary>Whether a word begins another layer than that of the words before it.</summary>
    private static bool Begins(ReadOnlySpan<string> before, string word)
    {
        if (LayerTable.Find(before[0]) is not { } entry)
            return IsLayer(word);
        if (Activation.IsName(word))
        {
            var hasOne = false;
            foreach (var earlier in before[1..])
                hasOne |= Activation.IsName(earlier);
            return hasOne || !entry.Has("activation");
        }

        return IsLayer(word) && LayerTable.FindField(entry, word) is null;
    }

    private static bool IsLayer(string word) => LayerTable.Find(word) is not null || Activation.IsName(word);
}

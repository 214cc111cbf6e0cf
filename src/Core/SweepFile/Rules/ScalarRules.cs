using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>A finite number, or a whole number, within bounds. Quoted numbers are taken too.</summary>
internal sealed class NumberRule : Rule<double>
{
    /// <summary>Only whole numbers.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Lower bound.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>The lower bound itself is not allowed.</summary>
    public bool ExcludesMin { get; init; }

    /// <summary>Upper bound.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>The upper bound itself is not allowed.</summary>
    public bool ExcludesMax { get; init; }

    public override string Allowed
    {
        get
        {
            var noun = IsInteger ? "a whole number" : "a number";
            var low = double.IsFinite(Min) ? (ExcludesMin ? $" above {Show(Min)}" : $" at least {Show(Min)}") : "";
            var high = double.IsFinite(Max) ? (ExcludesMax ? $" below {Show(Max)}" : $" at most {Show(Max)}") : "";
            if (low.Length > 0 && high.Length > 0 && !ExcludesMin && !ExcludesMax)
                return $"{noun} from {Show(Min)} to {Show(Max)}";
            return noun + low + (low.Length > 0 && high.Length > 0 ? " and" : "") + high;
        }
    }

    /// <summary>A whole number within bounds that fit an int.</summary>
    public static Rule<int> Whole(int min, int max) =>
        new NumberRule { IsInteger = true, Min = min, Max = max }.Select(n => (int)n);

    /// <summary>Whether a number lies within the bounds; wholeness apart.</summary>
    public bool Contains(double number) =>
        (ExcludesMin ? number > Min : number >= Min) && (ExcludesMax ? number < Max : number <= Max);

    public override bool Read(SourceNode node, string path, ReadingContext context, out double value)
    {
        if (node is not SourceScalar scalar)
            return Reject(node, path, context, out value);
        if (!scalar.TryGetNumber(out value))
        {
            return !IsInteger && WithPoint(scalar.Text) is { } meant
                ? Refuse(node, path, $"{scalar.Found} has a decimal comma; write {meant}", context, out value)
                : Reject(node, path, context, out value);
        }

        if (IsInteger && value != Math.Truncate(value))
            return Refuse(node, path, $"{scalar.Found} is not whole; allowed: {Allowed}", context, out value);
        return Contains(value) || Refuse(node, path,
            $"{scalar.Found} is too {(value <= Min ? "small" : "large")}; allowed: {Allowed}", context, out value);
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions)
    {
        var schema = new JsonObject { ["type"] = IsInteger ? "integer" : "number" };
        if (double.IsFinite(Min))
            schema[ExcludesMin ? "exclusiveMinimum" : "minimum"] = ToJson(Min);
        if (double.IsFinite(Max))
            schema[ExcludesMax ? "exclusiveMaximum" : "maximum"] = ToJson(Max);
        return schema;
    }

    /// <summary>A number with a decimal comma, written with a point; null: it is none.</summary>
    private static string? WithPoint(string text) =>
        text.Count(letter => letter == ',') == 1
        && text.Replace(',', '.') is var point
        && double.TryParse(point, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? point : null;

    private static JsonValue ToJson(double number) =>
        number == Math.Truncate(number) ? JsonValue.Create((long)number) : JsonValue.Create(number);

    private static string Show(double number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A text of at least one character.</summary>
internal sealed class TextRule : Rule<string>
{
    /// <summary>What the text is, as the end of a sentence: <c>a column's name</c>.</summary>
    public required string Noun { get; init; }

    /// <summary>Most characters.</summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>A number without quotes is meant as well: a column's index.</summary>
    public bool OrInteger { get; init; }

    public override string Allowed => Noun;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        if (node is not SourceScalar scalar || scalar.IsNull || string.IsNullOrWhiteSpace(scalar.Text))
            return Reject(node, path, context, out value);
        if (!IsReadable(scalar.Text))
        {
            return Refuse(
                node, path, $"{scalar.Found} holds control characters or broken ones; remove them", context, out value);
        }

        value = scalar.Text.Trim();
        return scalar.Text.Length <= MaxLength || Refuse(node, path, string.Create(
            CultureInfo.InvariantCulture,
            $"{scalar.Text.Length} characters are too many; allowed: {Noun} of at most {MaxLength}"),
            context, out value);
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["type"] = OrInteger ? new JsonArray("string", "integer") : "string",
        ["maxLength"] = MaxLength,
        ["pattern"] = "\\S",
    };

    private static bool IsReadable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')))
                return false;
        }

        return true;
    }
}

/// <summary>A SHA-256, in lower case whatever was written.</summary>
internal sealed class DigestRule : Rule<string>
{
    private const int Digits = 64;

    public override string Allowed => $"a SHA-256 of {Digits} hexadecimal digits";

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        value = node is SourceScalar { IsNull: false } scalar && scalar.Text.Trim() is { Length: Digits } text
            && text.All(char.IsAsciiHexDigit)
                ? text.ToLowerInvariant() : null;
        return value is not null || Reject(node, path, context, out value);
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["type"] = "string",
        ["pattern"] = "^[0-9A-Fa-f]{64}$",
    };
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class FlagRule : Rule<bool>
{
    public override string Allowed => "true or false";

    public override bool Read(SourceNode node, string path, ReadingContext context, out bool value) =>
        (node is SourceScalar scalar && scalar.TryGetFlag(out value))
        || (OlderFlag(node) is { } meant
            ? Refuse(
                node, path, $"{node.Found} is a text in YAML 1.2, which sweep files are written in; write {meant}",
                context, out value)
            : Reject(node, path, context, out value));

    /// <summary>What YAML 1.1, and W&amp;B with it, reads a word as; null: no flag.</summary>
    private static string? OlderFlag(SourceNode node) => (node as SourceScalar)?.Text.ToLowerInvariant() switch
    {
        "yes" or "on" or "y" => "true",
        "no" or "off" or "n" => "false",
        _ => null,
    };

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new() { ["type"] = "boolean" };
}

/// <summary>One of a fixed set of names, in any spelling of case, <c>-</c> and <c>_</c>.</summary>
internal sealed class ChoiceRule : Rule<string>
{
    private readonly Dictionary<string, string> _canonical = new(StringComparer.Ordinal);

    /// <summary>Creates the rule.</summary>
    public ChoiceRule(params IReadOnlyList<Choice> choices)
    {
        Choices = choices;
        foreach (var choice in choices)
        {
            foreach (var name in choice.OtherNames.Prepend(choice.Name))
                _canonical.TryAdd(ForeignNames.Normalize(name), choice.Name);
        }
    }

    /// <summary>The names.</summary>
    public IReadOnlyList<Choice> Choices { get; }

    public override string Allowed => string.Join(", ", Choices.Select(c => c.Name));

    /// <summary>What to write instead of other words that users bring along, by their <see
    /// cref="ForeignNames.Normalize"/>d form.</summary>
    public IReadOnlyDictionary<string, Hint> Hints { get; init; } = new Dictionary<string, Hint>();

    /// <summary>The canonical name of a choice, in any spelling; null when it is none.</summary>
    public string? Canonical(string text) => _canonical.GetValueOrDefault(ForeignNames.Normalize(text));

    /// <summary>What to say of a synonym from another program: the table shows our name; null for our own.</summary>
    public string? NoteOn(string text) => Canonical(text) is { } name
        && ForeignNames.Normalize(name) != ForeignNames.Normalize(text)
            ? $"'{Quote.Short(text)}' is {name} here" : null;

    /// <summary>Why a word is none of the choices, and what to write instead.</summary>
    public string Unknown(string found, string text, ReadingContext context) =>
        Hints.TryGetValue(ForeignNames.Normalize(text), out var hint)
            ? $"{found} is not known; {hint}{(hint.Name is null ? context.ListOnce(Names, "; ") : "")}"
            : $"{found} is not known{context.NamesInstead(text, [.. _canonical.Keys], Names, Canonical)}";

    private string[] Names => [.. Choices.Select(c => c.Name)];

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        if (node is not SourceScalar { IsNull: false } scalar)
            return Reject(node, path, context, out value);
        value = Canonical(scalar.Text);
        if (value is null)
            return Refuse(node, path, Unknown(scalar.Found, scalar.Text, context), context, out value);
        if (NoteOn(scalar.Text) is { } note)
            context.Note(node, path, note);
        return true;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions)
    {
        // An editor shows the first names; the others only keep it from complaining.
        var names = Choices.Select(c => c.Name).Concat(Choices.SelectMany(c => c.OtherNames));
        var documents = string.Join("\n", Choices.Select(c => $"{c.Name}: {c.Doc}"));
        return new()
        {
            ["enum"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]),
            ["description"] = documents,
        };
    }
}

/// <summary>One of several names.</summary>
/// <param name="Name">The name in canonical files.</param>
/// <param name="Doc">What it means.</param>
/// <param name="OtherNames">Names of other programs that mean the same.</param>
internal sealed record Choice(string Name, string Doc, params string[] OtherNames);

/// <summary>The size of pictures: <c>32x48</c> (height, width), or one number for both.</summary>
internal sealed class PictureSizeRule : Rule<string>
{
    // 1 to 1024.
    private const string Side = "([1-9][0-9]{0,2}|10[01][0-9]|102[0-4])";

    public override string Allowed => PictureForm.SizeAllowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        if (node is not SourceScalar { IsNull: false } scalar
            || !PictureForm.TryParseSize(scalar.Text, out var size))
            return Reject(node, path, context, out value);
        value = string.Create(CultureInfo.InvariantCulture, $"{size.Height}x{size.Width}");
        return true;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = PictureForm.SideMax },
            new JsonObject { ["type"] = "string", ["pattern"] = $"^{Side}(x{Side})?$" }),
    };
}

/// <summary>The shape of pictures whose pixels are the columns of a table.</summary>
internal sealed class ShapeTextRule : Rule<string>
{
    public override string Allowed => TableReading.ShapeAllowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        if (node is not SourceScalar { IsNull: false } scalar
            || !TableReading.TryParseShape(scalar.Text, out var shape))
            return Reject(node, path, context, out value);
        value = TableReading.ShapeOf(shape);
        return true;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["type"] = "string",
        ["pattern"] = "^[1-9][0-9]{0,3}x[1-9][0-9]{0,3}(x[13])?$",
    };
}

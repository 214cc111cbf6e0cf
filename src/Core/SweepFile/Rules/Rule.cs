using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>
/// What a value in a sweep file may be. One description serves two readers: <see cref="Rule{T}.Read"/> turns a file's
/// node into a value or into problems, and <see cref="ToSchema"/> tells an editor; whatever the first refuses, the
/// second refuses too.
/// </summary>
internal abstract class Rule
{
    /// <summary>What is allowed, as the end of a sentence: <c>a number from 0 to 1</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>The rule as JSON Schema (draft 2020-12).</summary>
    public abstract JsonObject ToSchema(SchemaDefinitions definitions);

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public static string Join(string path, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}

/// <inheritdoc cref="Rule" />
/// <typeparam name="T">What a value means.</typeparam>
internal abstract class Rule<T> : Rule
    where T : notnull
{
    /// <summary>Reads a value; adds a problem for everything in <paramref name="node"/> that is not allowed.</summary>
    /// <returns>False when there is no value, and a problem at least.</returns>
    public abstract bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out T value);

    /// <summary>The same rule whose values mean something else.</summary>
    public Rule<TOther> Select<TOther>(Func<T, TOther> convert)
        where TOther : notnull => new ConvertedRule<T, TOther>(this, (value, _) => convert(value));

    /// <inheritdoc cref="Select{TOther}(Func{T, TOther})" />
    public Rule<TOther> Select<TOther>(Func<T, SourceNode, TOther> convert)
        where TOther : notnull => new ConvertedRule<T, TOther>(this, convert);

    /// <summary>The problem of a value of the wrong kind.</summary>
    private protected bool Reject(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out T value) =>
        Refuse(
            node, path, $"{node.Found} is not allowed; allowed: {Allowed}{WhereSeveralStand(node, path)}", context,
            out value);

    private static string WhereSeveralStand(SourceNode node, string path) =>
        node is SourceList && Parameters.Names.Contains(path)
            ? $"; several are searched as a parameter: 'parameters: {{{path}: [...]}}'" : "";

    private protected static bool Refuse(
        SourceNode node, string path, string message, ReadingContext context, [MaybeNullWhen(false)] out T value)
    {
        context.Refuse(node.Position, path, message);
        value = default;
        return false;
    }
}

/// <summary>A rule whose values are turned into others.</summary>
internal sealed class ConvertedRule<TFrom, T>(Rule<TFrom> rule, Func<TFrom, SourceNode, T> convert) : Rule<T>
    where TFrom : notnull
    where T : notnull
{
    public override string Allowed => rule.Allowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out T value)
    {
        var isRight = rule.Read(node, path, context, out var read);
        value = isRight ? convert(read!, node) : default;
        return isRight;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => rule.ToSchema(definitions);
}

/// <summary>Anything: for keys of other programs that mean nothing here, and for what a parser of its own
/// reads.</summary>
/// <param name="types">The JSON types that an editor accepts; none: all.</param>
internal sealed class AnyRule(params string[] types) : Rule<SourceNode>
{
    public override string Allowed => "anything";

    public override bool Read(SourceNode node, string path, ReadingContext context, out SourceNode value)
    {
        value = node;
        return true;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) =>
        types.Length == 0 ? [] : new() { ["type"] = new JsonArray([.. types.Select(t => JsonValue.Create(t))]) };
}

/// <summary>A value that may be written in several shapes: short as a scalar or a list, long as a map.</summary>
internal sealed class ShapeRule<T> : Rule<T>
    where T : notnull
{
    /// <summary>The rule of a single value; null: not allowed.</summary>
    public Rule<T>? Scalar { get; init; }

    /// <summary>The rule of a list; null: not allowed.</summary>
    public Rule<T>? List { get; init; }

    /// <summary>The rule of a map; null: not allowed.</summary>
    public Rule<T>? Map { get; init; }

    private IEnumerable<Rule<T>> Rules => new[] { Scalar, List, Map }.OfType<Rule<T>>();

    public override string Allowed => string.Join(", or ", Rules.Select(r => r.Allowed));

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out T value)
    {
        var rule = node switch { SourceScalar => Scalar, SourceList => List, _ => Map };
        return rule is null ? Reject(node, path, context, out value) : rule.Read(node, path, context, out value);
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) =>
        new() { ["anyOf"] = new JsonArray([.. Rules.Select(r => r.ToSchema(definitions))]) };
}

/// <summary>A map of one of two forms: the one that has a key, or the other.</summary>
internal sealed class FormRule<T>(string key, Rule<T> with, Rule<T> without) : Rule<T>
    where T : notnull
{
    public override string Allowed => $"{without.Allowed}, or {with.Allowed}";

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out T value) =>
        (node is SourceMap map && map.ValueOf(key) is not null ? with : without).Read(node, path, context, out value);

    public override JsonObject ToSchema(SchemaDefinitions definitions) =>
        new() { ["anyOf"] = new JsonArray(without.ToSchema(definitions), with.ToSchema(definitions)) };
}

/// <summary>A list whose items all follow one rule.</summary>
/// <param name="item">The items' rule.</param>
/// <param name="max">Most items.</param>
internal sealed class ListRule<T>(Rule<T> item, int max) : Rule<ImmutableArray<T>>
    where T : notnull
{
    /// <summary>A list with wrong items is the list of the right ones; otherwise it has no value.</summary>
    public bool KeepsRightItems { get; init; }

    public override string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"a list of 1 to {max} items, each {item.Allowed}");

    public override bool Read(SourceNode node, string path, ReadingContext context, out ImmutableArray<T> value)
    {
        if (node is not SourceList list || list.Items.IsEmpty)
            return Reject(node, path, context, out value);
        var isRight = true;
        if (list.Items.Length > max)
        {
            isRight = Refuse(node, path, string.Create(
                CultureInfo.InvariantCulture, $"{list.Items.Length} items are too many; allowed: at most {max}"),
                context, out value);
        }

        var items = ImmutableArray.CreateBuilder<T>(list.Items.Length);
        for (var i = 0; i < list.Items.Length; i++)
        {
            if (item.Read(list.Items[i], Join(path, i), context, out var read))
                items.Add(read);
            else
                isRight = false;
        }

        value = items.ToImmutable();
        return isRight || KeepsRightItems;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["type"] = "array",
        ["minItems"] = 1,
        ["maxItems"] = max,
        ["items"] = item.ToSchema(definitions),
    };
}

/// <summary>A rule used in many places, which the schema writes once under <c>$defs</c>.</summary>
/// <param name="name">Its name there.</param>
/// <param name="rule">The rule.</param>
internal sealed class SharedRule<T>(string name, Rule<T> rule) : Rule<T>
    where T : notnull
{
    public override string Allowed => rule.Allowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out T value) =>
        rule.Read(node, path, context, out value);

    public override JsonObject ToSchema(SchemaDefinitions definitions) =>
        definitions.Refer(name, () => rule.ToSchema(definitions));
}

/// <summary>What stands under <c>$defs</c>, in the order of first use.</summary>
internal sealed class SchemaDefinitions
{
    private readonly JsonObject _definitions = [];

    /// <summary>A reference to the definition of that name, which is made at its first use.</summary>
    public JsonObject Refer(string name, Func<JsonObject> make)
    {
        if (!_definitions.ContainsKey(name))
        {
            // Holds the place, so that a definition that refers to itself ends.
            _definitions[name] = new JsonObject();
            _definitions[name] = make();
        }

        return new() { ["$ref"] = $"#/$defs/{name}" };
    }

    public JsonObject ToJson() => _definitions.DeepClone().AsObject();
}

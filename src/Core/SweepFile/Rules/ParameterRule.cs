using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>
/// What may stand under the name of a parameter: a value, a list of values, a map (a
/// <see cref="ParameterForms">form</see>), or a list of maps of which the first whose <c>when</c> holds applies.
/// </summary>
/// <param name="parameter">The parameter.</param>
/// <param name="when">The rule of a <c>when</c>.</param>
internal sealed class ParameterRule(ParameterDescription parameter, Rule<ImmutableArray<Condition>> when)
    : Rule<ImmutableArray<ParameterBranch>>
{
    private const int MaxBranches = 100;

    private readonly ParameterForms _forms = new(parameter, when);

    public override string Allowed => _forms.Allowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, out ImmutableArray<ParameterBranch> value)
    {
        ParameterDomain? domain = null;
        switch (node)
        {
            case SourceMap map:
                var isRight = _forms.Read(map, path, context, out var branch);
                value = isRight ? [branch!] : [];
                return isRight;
            case SourceList list when list.Items.Any(i => i is SourceMap):
                return ReadBranches(list, path, context, out value);
            case SourceList:
                if (parameter.Values.Read(node, path, context, out var values))
                    domain = CategoricalForm.Distinct(values, node, path, context);
                break;
            default:
                if (parameter.Rule.Read(node, path, context, out var only))
                    domain = new ChoiceDomain(only);
                break;
        }

        value = domain is null ? [] : [new([], domain)];
        return domain is not null;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions)
    {
        var form = definitions.Refer(
            $"{parameter.Kind}_form", () => new() { ["anyOf"] = new JsonArray([.. _forms.ToSchemas(definitions)]) });
        var branches = new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["maxItems"] = MaxBranches,
            ["items"] = form.DeepClone(),
        };
        return new()
        {
            ["anyOf"] = new JsonArray(
                parameter.Rule.ToSchema(definitions), parameter.Values.ToSchema(definitions), form, branches),
        };
    }

    private bool ReadBranches(
        SourceList list, string path, ReadingContext context, out ImmutableArray<ParameterBranch> value)
    {
        var branches = ImmutableArray.CreateBuilder<ParameterBranch>();
        if (list.Items.Length > MaxBranches)
        {
            context.Refuse(list.Position, path, string.Create(
                CultureInfo.InvariantCulture,
                $"{list.Items.Length} alternatives are too many; allowed: at most {MaxBranches}"));
        }

        for (var i = 0; i < list.Items.Length; i++)
        {
            var at = Join(path, i);
            if (list.Items[i] is not SourceMap map)
            {
                context.Refuse(list.Items[i].Position, at, list.Items[i] is SourceScalar { IsNull: false } plain
                    ? $"{plain.Found} stands beside alternatives, which are maps; write {{value: {plain.Found}}}"
                        + (i < list.Items.Length - 1 ? " with its 'when', or put it last" : string.Empty)
                    : $"{list.Items[i].Found} is not allowed among alternatives; allowed: maps with value, values, or "
                        + "min and max, and 'when'");
                continue;
            }

            if (!_forms.Read(map, at, context, out var branch))
                continue;
            branches.Add(branch);
            if (i < list.Items.Length - 1 && branch.When.IsEmpty)
                context.Error(
                    map, at, "an alternative without 'when' always applies and hides those after it; put it last");
        }

        value = branches.ToImmutable();
        return branches.Count == list.Items.Length;
    }
}

/// <summary>
/// The maps that describe a parameter's values, one form for each distribution. Without <c>distribution</c> the keys
/// decide, as in W&amp;B: <c>value</c> is constant, <c>values</c> categorical, <c>min</c> and <c>max</c> uniform.
/// </summary>
internal sealed class ParameterForms
{
    private readonly ParameterDescription _parameter;
    private readonly Dictionary<string, ParameterForm> _forms = new(StringComparer.Ordinal);
    private readonly ParameterForm? _plainRange;

    public ParameterForms(ParameterDescription parameter, Rule<ImmutableArray<Condition>> when)
    {
        _parameter = parameter;
        foreach (var distribution in Distributions.All.Where(d => IsSupported(parameter, d)))
            _forms.Add(distribution.Name, ParameterForm.Of(parameter, distribution, when));
        _plainRange = parameter.IsNumeric ? ParameterForm.Of(parameter, null, when) : null;
    }

    public string Allowed => _parameter.IsNumeric
        ? $"{_parameter.Rule.Allowed}, a list of such values, or a map with value, values, or min and max"
        : $"{_parameter.Rule.Allowed}; a list of them; or a map with value or values";

    /// <summary>Reads a map with the form that its keys ask for.</summary>
    public bool Read(
        SourceMap map, string path, ReadingContext context,
        [MaybeNullWhen(false)] out ParameterBranch branch)
    {
        branch = null;
        if (map.Find("distribution") is { } named && !IsKnown(named.Value))
        {
            var text = named.Value is SourceScalar scalar ? scalar.Text : "";
            context.Refuse(
                named.Value.Position,
                Rule.Join(path, "distribution"),
                $"{named.Value.Found} is not a distribution of {_parameter.Name}"
                + (Distributions.Instead(text) is { } instead && _forms.ContainsKey(instead)
                    ? $"; the nearest is {instead}"
                    : context.NamesInstead(text, [.. _forms.Keys])));
            return false;
        }

        if (Implied(map) is { } distribution)
            return _forms[distribution.Name].Read(map, path, context, out branch);
        if (map.Find("mu") is not null || map.Find("sigma") is not null)
        {
            context.Refuse(
                map.Position, path, "mu and sigma need a distribution: normal, log_normal, q_normal or q_log_normal");
            return false;
        }

        if (_plainRange is not null && (map.Find("min") is not null || map.Find("max") is not null))
            return _plainRange.Read(map, path, context, out branch);
        RefuseShapeless(map, path, context);
        return false;
    }

    /// <summary>One JSON Schema for each form; distributions that take the same keys share one.</summary>
    public IEnumerable<JsonNode> ToSchemas(SchemaDefinitions definitions)
    {
        if (_plainRange is not null)
            yield return _plainRange.Map.ToSchema(definitions);
        var alike = new List<(string Keys, ParameterForm Form, JsonObject Schema)>();
        foreach (var (name, form) in _forms)
        {
            var schema = form.Map.ToSchema(definitions);
            var properties = schema["properties"]!.AsObject();
            var named = properties["distribution"]!.AsObject();
            properties.Remove("distribution");
            var keys = schema.ToJsonString();
            properties["distribution"] = named;
            var index = alike.FindIndex(a => a.Keys == keys);
            if (index < 0)
            {
                alike.Add((keys, form, schema));
                continue;
            }

            var first = alike[index].Schema["properties"]!["distribution"]!.AsObject();
            foreach (var other in named["enum"]!.AsArray())
                first["enum"]!.AsArray().Add(other!.DeepClone());
            first["description"] = $"{first["description"]}\n{name}: {Distributions.Find(name)!.Doc}";
        }

        foreach (var (_, form, schema) in alike)
            yield return form.SharedName is { } shared ? definitions.Refer(shared, () => schema) : schema;
    }

    /// <summary>Whether a parameter with such values can have such a distribution.</summary>
    private static bool IsSupported(ParameterDescription parameter, DistributionDescription distribution) =>
        distribution.Family is DistributionFamily.Constant or DistributionFamily.Categorical || parameter.IsNumeric;

    /// <summary>The distribution that the keys imply; null: a plain range, or none.</summary>
    private static DistributionDescription? Implied(SourceMap map)
    {
        if (map.Find("distribution")?.Value is SourceScalar scalar)
            return Distributions.Find(scalar.Text);
        if (map.Find("values") is not null)
            return Distributions.Find("categorical");
        return map.Find("value") is not null ? Distributions.Find("constant") : null;
    }

    /// <summary>No key says what the values are: unknown keys first, as a misspelt 'value' is the likeliest
    /// cause.</summary>
    private void RefuseShapeless(SourceMap map, string path, ReadingContext context)
    {
        var known = (_plainRange?.Map.Keys ?? []).Concat(_forms["categorical"].Map.Keys)
            .Append(_forms["constant"].Map.Keys[0]).DistinctBy(k => k.Name).Select(k => k.Optional());
        var before = context.Errors.Count;
        new MapRule(_parameter.Name, [.. known]) { Hint = ParameterForm.HintFor }.Read(map, path, context, out _);
        if (context.Errors.Count == before)
            context.Refuse(map.Position, path, $"nothing says what the values are; allowed: {Allowed}");
    }

    private bool IsKnown(SourceNode node) =>
        node is SourceScalar scalar && Distributions.Find(scalar.Text) is { } known && _forms.ContainsKey(known.Name);
}

/// <summary>The conditions of a <c>when</c>, in the file's order.</summary>
internal sealed class WhenRule : Rule<ImmutableArray<Condition>>
{
    private readonly MapRule _map = new("'when'", [.. Parameters.All.Select(ConditionKey)])
    {
        Hint = ForeignNames.OfCondition,
        Placeholder = name => ConditionKey(Parameters.Size(name)),
    };

    public override string Allowed => _map.Allowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, out ImmutableArray<Condition> value)
    {
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        var isRight = _map.Read(node, path, context, out var values) && values.IsRight;
        if (isRight)
        {
            foreach (var entry in values!.Node.Entries)
            {
                if (values.KeyOf<ImmutableArray<ParameterValue>>(entry.Key) is { } key)
                    conditions.Add(new(entry.Key, values.Get(key)));
            }
        }

        value = conditions.ToImmutable();
        return isRight;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => _map.ToSchema(definitions);

    private static Key<ImmutableArray<ParameterValue>> ConditionKey(ParameterDescription parameter) => new(
        parameter.Name,
        new ShapeRule<ImmutableArray<ParameterValue>>
        {
            Scalar = parameter.Rule.Select(v => ImmutableArray.Create(v)),
            List = parameter.Values.Select(v => v.Distinct().ToImmutableArray()),
        },
        $"Where {parameter.Name} is this, or one of these.");
}

using System.Text.Json.Nodes;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>
/// The maps that describe a parameter's values, one form for each distribution. Without <c>distribution</c> the keys
/// decide, as in W&amp;B: <c>value</c> is constant, <c>values</c> categorical, <c>min</c> and <c>max</c> uniform.
/// </summary>
internal sealed class ParameterForms
{
    private readonly ParameterDescription _parameter;
    private readonly Dictionary<string, MapRule> _forms = new(StringComparer.Ordinal);
    private readonly MapRule _plainRange;

    public ParameterForms(ParameterDescription parameter, Rule when)
    {
        _parameter = parameter;
        Supported = [.. Distributions.All.Where(d => IsSupported(parameter, d))];
        foreach (var distribution in Supported)
            _forms.Add(distribution.Name, Form(distribution, when));
        _plainRange = Form(null, when);
    }

    /// <summary>The distributions that the parameter can have.</summary>
    public IReadOnlyList<DistributionDescription> Supported { get; }

    public string Allowed => _parameter.IsNumeric
        ? $"{_parameter.Rule.Allowed}, a list of such values, or a map with value, values, or min and max"
        : $"{_parameter.Rule.Allowed}; a list of them; or a map with value or values";

    /// <summary>Whether a parameter with such values can have such a distribution.</summary>
    public static bool IsSupported(ParameterDescription parameter, DistributionDescription distribution) =>
        distribution.Family is DistributionFamily.Constant or DistributionFamily.Categorical || parameter.IsNumeric;

    /// <summary>The distribution that the keys imply; null: a plain range, or none.</summary>
    public static DistributionDescription? Implied(SourceMap map)
    {
        if (map.Find("distribution")?.Value is SourceScalar scalar)
            return Distributions.Find(scalar.Text);
        if (map.Find("values") is not null)
            return Distributions.Find("categorical");
        return map.Find("value") is not null ? Distributions.Find("constant") : null;
    }

    public void Check(SourceMap map, string path, ProblemList problems)
    {
        if (map.Find("distribution") is { } named && !IsKnown(named.Value))
        {
            var text = named.Value is SourceScalar scalar ? scalar.Text : "";
            var nearest = NearestName.Find(text, _forms.Keys);
            problems.Add(
                named.Value.Position,
                Rule.Join(path, "distribution"),
                $"{named.Value.Found} is not a distribution of {_parameter.Name}; "
                + $"{(nearest is null ? "" : $"did you mean '{nearest}'? ")}allowed: {string.Join(", ", _forms.Keys)}");
            return;
        }

        if (Implied(map) is { } distribution)
            _forms[distribution.Name].Check(map, path, problems);
        else if (map.Find("mu") is not null || map.Find("sigma") is not null)
            problems.Add(
                map.Position, path, "mu and sigma need a distribution: normal, log_normal, q_normal or q_log_normal");
        else if (_parameter.IsNumeric && (map.Find("min") is not null || map.Find("max") is not null))
            _plainRange.Check(map, path, problems);
        else
            CheckShapeless(map, path, problems);
    }

    /// <summary>One JSON Schema for each form; distributions that take the same keys share one.</summary>
    public List<JsonNode> ToSchemas()
    {
        var schemas = _parameter.IsNumeric ? new List<JsonNode> { _plainRange.ToSchema() } : [];
        var alike = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var distribution in Supported)
        {
            var schema = _forms[distribution.Name].ToSchema();
            var properties = schema["properties"]!.AsObject();
            var named = properties["distribution"]!.AsObject();
            properties.Remove("distribution");
            var keys = schema.ToJsonString();
            if (alike.TryGetValue(keys, out var first))
            {
                foreach (var name in named["enum"]!.AsArray())
                    first["enum"]!.AsArray().Add(name!.DeepClone());
                first["description"] = $"{first["description"]}\n{distribution.Name}: {distribution.Doc}";
                continue;
            }

            properties["distribution"] = alike[keys] = named;
            schemas.Add(schema);
        }

        return schemas;
    }

    /// <summary>No key says what the values are: unknown keys first, as a misspelt 'value' is the likeliest
    /// cause.</summary>
    private void CheckShapeless(SourceMap map, string path, ProblemList problems)
    {
        var all = _parameter.IsNumeric ? _plainRange.Keys.Concat(_forms["categorical"].Keys)
            : _forms["categorical"].Keys;
        var known = all.Append(_forms["constant"].Keys[0]).DistinctBy(k => k.Name)
            .Select(k => k with { IsRequired = false });
        var before = problems.Count;
        new MapRule(_parameter.Name, [.. known]) { Instead = _plainRange.Instead }.Check(map, path, problems);
        if (problems.Count == before)
            problems.Add(map.Position, path, $"nothing says what the values are; allowed: {Allowed}");
    }

    private bool IsKnown(SourceNode node) =>
        node is SourceScalar scalar && Distributions.Find(scalar.Text) is { } known && _forms.ContainsKey(known.Name);

    private MapRule Form(DistributionDescription? distribution, Rule when)
    {
        var keys = new List<KeyDescription>();
        switch (distribution?.Family ?? DistributionFamily.Range)
        {
            case DistributionFamily.Constant:
                keys.Add(new("value", _parameter.Rule, "The one value.") { IsRequired = true });
                break;
            case DistributionFamily.Categorical:
                keys.Add(new("values", new ListRule(
                    _parameter.Rule, ParameterRule.MaxValues), "All values.")
                { IsRequired = true });
                keys.Add(
                    new("probabilities", ParameterKeys.Probabilities, "How likely each value is to a random search."));
                break;
            case DistributionFamily.Range:
                keys.AddRange(ParameterKeys.Range(_parameter, distribution));
                break;
            case DistributionFamily.Exponents:
                keys.AddRange(ParameterKeys.Exponents);
                break;
            default:
                keys.AddRange(ParameterKeys.Normal);
                break;
        }

        if (distribution?.IsQuantized == true)
            keys.Add(ParameterKeys.Step);
        if (distribution is not null)
            keys.Add(ParameterKeys.Distribution(distribution));
        keys.Add(new("when", when, "Applies only where other parameters have these values."));
        return new(
            distribution is null ? _parameter.Name : $"{_parameter.Name} with distribution {distribution.Name}", keys)
        {
            Instead = ParameterKeys.Instead,
        };
    }
}

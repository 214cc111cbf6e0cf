using System.Text.Json.Nodes;

namespace Sweeps.Core.Specs.Rules;

/// <summary>One key of a map in a sweep file.</summary>
/// <param name="Name">The key.</param>
/// <param name="Rule">What its value may be.</param>
/// <param name="Doc">What it means, for people.</param>
public sealed record KeyDescription(string Name, Rule Rule, string Doc)
{
    /// <summary>The map is wrong without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What holds when it is left out, as JSON; null: nothing, or it depends and <see cref="Doc"/> says
    /// how.</summary>
    public string? Default { get; init; }

    /// <summary>Told to whoever uses it: a key of another program that has no effect here.</summary>
    public string? Note { get; init; }

    internal JsonObject ToSchema()
    {
        var schema = Rule.ToSchema();
        var choices = schema["description"]?.GetValue<string>();
        schema["description"] = choices is null ? Doc : $"{Doc}\n{choices}";
        if (Default is not null)
            schema["default"] = JsonNode.Parse(Default);
        return schema;
    }
}

using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

/// <summary>Anything: for keys of other programs that mean nothing here, and for what a parser of its own
/// reads.</summary>
/// <param name="types">The JSON types that an editor accepts; none: all.</param>
public sealed class AnyRule(params string[] types) : Rule
{
    /// <inheritdoc />
    public override string Allowed => "anything";

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
    }

    internal override JsonObject ToSchema() =>
        types.Length == 0 ? [] : new() { ["type"] = new JsonArray([.. types.Select(t => JsonValue.Create(t))]) };
}

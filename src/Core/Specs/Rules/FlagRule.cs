using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class FlagRule : Rule
{
    /// <inheritdoc />
    public override string Allowed => "true or false";

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceScalar scalar || !scalar.TryGetFlag(out _))
            Reject(node, path, problems);
    }

    internal override JsonObject ToSchema() => new() { ["type"] = "boolean" };
}

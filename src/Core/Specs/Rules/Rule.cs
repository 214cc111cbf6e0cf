using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

/// <summary>
/// What a value in a sweep file may be. One description serves two readers: <see cref="Check"/> holds a file to it, and
/// <see cref="ToSchema"/> tells an editor; whatever the first rejects, the second rejects too.
/// </summary>
public abstract class Rule
{
    /// <summary>What is allowed, as the end of a sentence: <c>a number from 0 to 1</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>Adds a problem for everything in <paramref name="node"/> that is not allowed.</summary>
    internal abstract void Check(SourceNode node, string path, ProblemList problems);

    /// <summary>The rule as JSON Schema (draft 2020-12).</summary>
    internal abstract JsonObject ToSchema();

    /// <summary>Whether <see cref="Check"/> finds nothing.</summary>
    internal bool Accepts(SourceNode node)
    {
        var problems = new ProblemList();
        Check(node, "", problems);
        return problems.Count == 0;
    }

    /// <summary>The problem of a value of the wrong kind.</summary>
    private protected void Reject(SourceNode node, string path, ProblemList problems) =>
        problems.Add(node.Position, path, $"{node.Found} is not allowed; allowed: {Allowed}");

    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

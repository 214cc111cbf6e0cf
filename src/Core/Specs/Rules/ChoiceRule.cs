using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

/// <summary>One of a fixed set of names, in any case.</summary>
public sealed class ChoiceRule : Rule
{
    private readonly Dictionary<string, string> _canonical = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the rule.</summary>
    public ChoiceRule(params IReadOnlyList<Choice> choices)
    {
        Choices = choices;
        foreach (var choice in choices)
        {
            _canonical.Add(choice.Name, choice.Name);
            foreach (var other in choice.OtherNames)
                _canonical.Add(other, choice.Name);
        }
    }

    /// <summary>The names.</summary>
    public IReadOnlyList<Choice> Choices { get; }

    /// <summary>Names that users may bring along and that are not there yet, each with what to do instead.</summary>
    public IReadOnlyDictionary<string, string> NotYet { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc />
    public override string Allowed => string.Join(", ", Choices.Select(c => c.Name));

    /// <summary>The canonical name of a choice; null when it is none.</summary>
    public string? Canonical(string text) => _canonical.GetValueOrDefault(text);

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceScalar { IsNull: false } scalar)
            Reject(node, path, problems);
        else if (NotYet.TryGetValue(scalar.Text, out var instead))
            problems.Add(node.Position, path, $"{scalar.Found} is not supported yet; {instead}");
        else if (Canonical(scalar.Text) is null)
            problems.Add(
                node.Position, path, $"{scalar.Found} is not known; {DidYouMean(scalar.Text)}allowed: {Allowed}");
    }

    internal override JsonObject ToSchema()
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

    private string DidYouMean(string text) =>
        NearestName.Find(text, _canonical.Keys) is { } nearest ? $"did you mean '{_canonical[nearest]}'? " : "";
}

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The keys of weights to start with, and of the layers that keep them.</summary>
internal static class WeightsRules
{
    private const int MaxNames = 1_000;

    private static readonly Rule<string> s_model = new TextRule
    {
        Noun = "a model: a folder, a file or a sweep's id",
        MaxLength = 1_000,
    };

    public static Key<string> Model { get; } = new(
        "model", s_model,
        "A saved model (file or folder), a safetensors or ONNX file of another program, or a sweep's id.")
    {
        IsRequired = true,
    };

    public static Key<ImmutableArray<(SourceEntry Entry, string Value)>> Names { get; } = new(
        "names",
        new ShapeRule<ImmutableArray<(SourceEntry Entry, string Value)>>
        {
            Scalar = new ChoiceRule(new Choice("in order", "to the layers with weights, one after the other"))
                .Select(_ => ImmutableArray<(SourceEntry Entry, string Value)>.Empty),
            Map = new NamedMapRule<string>(
                "a layer or tensor of the file",
                new TextRule { Noun = "the number of a layer, from 1, or the name of a tensor", OrInteger = true },
                MaxNames),
        },
        "Of another program's file: its layers (fc) or tensors (fc.weight), and the number of the layer, or the "
            + "tensor, that each becomes; or 'in order'.");

    public static Key<string> Digest { get; } = new(
        "digest", new DigestRule(),
        "What the weights' digest must be; default: what they are.");

    private static ShapeRule<MapValues> Weights { get; } = new()
    {
        Scalar = s_model.Select(model => MapValues.Empty.With(Model, model)),
        Map = new MapRule("weights", Model, Names, Digest).Whole,
    };

    public static Key<ImmutableArray<(SourceEntry? Entry, MapValues Value)>> InitialWeights { get; } = new(
        "initial_weights",
        new ShapeRule<ImmutableArray<(SourceEntry? Entry, MapValues Value)>>
        {
            Scalar = s_model.Select(model => ImmutableArray.Create<(SourceEntry? Entry, MapValues Value)>(
                (null, MapValues.Empty.With(Model, model)))),
            Map = new NamedMapRule<MapValues>("weights", Weights, MaxNames).Select(
                named => named.Select(n => ((SourceEntry?)n.Entry, n.Value)).ToImmutableArray()),
        },
        "What trainings start with instead of drawn weights: a model, or names with a model each. All of them are "
            + "tried unless 'parameters' says otherwise.");

    public static Key<string> Freeze { get; } = new(
        "freeze", new FreezeRule(),
        "The layers that keep their initial weights, where 'parameters' does not search them.");
}

/// <summary>The layers that are frozen, as <see cref="Freezing"/> reads them.</summary>
internal sealed class FreezeRule : Rule<string>
{
    public override string Allowed => Freezing.Allowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out string value)
    {
        value = node is SourceScalar { IsNull: false } scalar ? Freezing.Canonical(scalar.Text) : null;
        return value is not null || Reject(node, path, context, out value);
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 9999 },
            new JsonObject
            {
                ["type"] = "string",
                ["pattern"] = "^([Nn]one|all but [1-9][0-9]{0,3}|[1-9][0-9]{0,3}( *, *[1-9][0-9]{0,3}){0,99})$",
            }),
    };
}

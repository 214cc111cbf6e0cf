using System.Text.Json.Nodes;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Tests;

namespace Sweeps.Core.Tests.SweepFile;

public class SpecificationSchemaTests
{
    internal static MiniJsonSchema Schema { get; } = new(JsonNode.Parse(SpecificationSchema.Generate())!.AsObject());

    public static TheoryData<string> Examples =>
        new(Directory.GetFiles(RepositoryRoot.Combine("examples"), "*.yaml").Select(f => Path.GetFileName(f)!));

    [Fact]
    public void Generate_Committed_IsTheSame() => Assert.True(
        File.ReadAllText(RepositoryRoot.Combine("schema", "sweep.schema.json")) == SpecificationSchema.Generate(),
        "schema/sweep.schema.json is not what the rules say; write it again: sweeps schema > schema/sweep.schema.json");

    [Theory]
    [MemberData(nameof(Examples))]
    public void Schema_Example_IsValid(string file) =>
        Assert.True(Schema.IsValid(ToJson(File.ReadAllText(RepositoryRoot.Combine("examples", file)))));

    [Fact]
    public void Schema_WandbFiles_AreValid() =>
        Assert.All(WandbFiles.Adapted.Where(f => !f.Contains("\"1e-5\"", StringComparison.Ordinal)), f =>
            Assert.True(Schema.IsValid(ToJson(f))));

    [Fact]
    public void Schema_CanonicalForm_IsValid() => Assert.All(
        CanonicalFormTests.All, text =>
            Assert.True(Schema.IsValid(JsonNode.Parse(SpecificationWriter.ToJson(Reading.Valid(text))))));

    /// <summary>Every single key and parameter, with a value that its rule refuses.</summary>
    [Theory]
    [InlineData("folds: 1")]
    [InlineData("folds: 2.5")]
    [InlineData("validation: 1")]
    [InlineData("method: genetic")]
    [InlineData("metric: {name: speed}")]
    [InlineData("metric: {goal: minimize}")]
    [InlineData("refit: maybe")]
    [InlineData("seed: -1")]
    [InlineData("slots: [1]")]
    [InlineData("run_cap: 0")]
    [InlineData("nmae: x")]
    [InlineData("data: {name: mnist, sample: 3}")]
    [InlineData("architectures: []")]
    [InlineData("architectures: {'a b': linear}")]
    [InlineData("architectures: {a: {kears: x}}")]
    [InlineData("parameters: {lr: 0.1}")]
    [InlineData("parameters: {learning_rate: -0.1}")]
    [InlineData("parameters: {learning_rate: fast}")]
    [InlineData("parameters: {batch_size: [16, 0]}")]
    [InlineData("parameters: {batch_size: {min: 1}}")]
    [InlineData("parameters: {batch_size: {min: 1, max: 2.5}}")]
    [InlineData("parameters: {optimizer: adm}")]
    [InlineData("parameters: {optimizer: {min: 1, max: 2}}")]
    [InlineData("parameters: {optimizer: {values: [sgd], value: sgd}}")]
    [InlineData("parameters: {momentum: {value: 1}}")]
    [InlineData("parameters: {momentum: {value: 0, when: {optimzer: sgd}}}")]
    [InlineData("parameters: {momentum: {value: 0, when: {optimizer: [sgd, 3]}}}")]
    [InlineData("parameters: {learning_rate: {distribution: log_uniform_values, min: 0, max: 1}}")]
    [InlineData("parameters: {learning_rate: {distribution: unifrm, min: 0, max: 1}}")]
    [InlineData("parameters: {learning_rate: {distribution: normal, mu: 0, sigma: 0}}")]
    [InlineData("parameters: {learning_rate: {min: 0, max: 1, points: 1}}")]
    [InlineData("parameters: {learning_rate: {distribution: q_uniform, min: 0, max: 1, points: 3}}")]
    [InlineData("parameters: {learning_rate: {}}")]
    public void Schema_WhatTheReaderRefuses_IsRefused(string line)
    {
        const string Rest = "data: mnist\narchitectures: [linear]\n";
        var kept = string.Join('\n', Rest.Split('\n').Where(l => l.Split(':')[0] != line.Split(':')[0]));

        Assert.NotEmpty(Reading.Errors(kept + line));
        Assert.False(Schema.IsValid(ToJson(kept + line)));
        Assert.True(Schema.IsValid(ToJson(Rest)));
    }

    [Fact]
    public void Schema_EveryKey_IsDocumented()
    {
        var undocumented = SweepRules.File.Keys.Concat(DataRules.Map.Keys).Concat(SweepRules.MetricMap.Keys)
            .Where(k => !k.Doc.EndsWith('.')).Select(k => k.Name);

        Assert.Empty(undocumented);
    }

    /// <summary>A file as an editor's schema checker sees it: YAML 1.2's types.</summary>
    internal static JsonNode? ToJson(string text)
    {
        var problems = new ProblemList();
        var node = SourceReader.Read(text, "sweep.yaml", problems);
        Assert.Empty(problems);
        return ToJson(node!);
    }

    internal static JsonNode? ToJson(SourceNode node) => node switch
    {
        SourceMap map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key, ToJson(e.Value)))),
        SourceList list => new JsonArray([.. list.Items.Select(ToJson)]),
        SourceScalar { IsNull: true } => null,
        SourceScalar { IsQuoted: false } scalar when scalar.TryGetNumber(out var number) => JsonValue.Create(number),
        SourceScalar { IsQuoted: false } scalar when scalar.TryGetFlag(out var flag) => JsonValue.Create(flag),
        SourceScalar scalar => JsonValue.Create(scalar.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}

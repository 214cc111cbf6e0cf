using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>Networks of one's own code in a sweep file: how they are written, and what names them.</summary>
public class OwnSectionTests
{
    private const string Rest = "data: digits\nfolds: 2\nepochs: 1\n";

    private static readonly string s_digest = new('a', 64);

    [Theory]
    [InlineData("{assembly: my nets/Nets.dll, type: My.Net, arguments: {width: 64, deep: true}}", "deep=true width=64")]
    [InlineData("own Nets.dll My.Net width=64 deep=true", "deep=true width=64")]
    [InlineData("{assembly: Nets.dll, type: My.Net}", "")]
    public void Read_EachForm_NamesTheAssemblyByItsDigest(string written, string arguments)
    {
        var sweep = Read($"architectures:\n  mine: {written}\n").Require();

        Assert.Equal($"own {s_digest} My.Net {arguments}".Trim(), OwnText(sweep.ArchitectureText("mine")));
        Assert.Equal([s_digest], sweep.Assemblies);
        // What a store keeps needs no file.
        var json = SpecificationWriter.ToJson(sweep);
        var again = SpecificationReader.Read(json, "plan.json").Require();
        Assert.Equal(json, SpecificationWriter.ToJson(again));
    }

    [Fact]
    public void Read_Placeholders_AreSearched()
    {
        var sweep = Read("""
            architectures:
              mine: {assembly: Nets.dll, type: My.Net, arguments: {width: "{width}", rate: "{dropout}"}}
            parameters: {width: [8, 16], dropout: [0.1, 0.5]}

            """).Require();
        var searcher = sweep.CreateSearcher();
        var layers = Enumerable.Range(0, searcher.Count).Select(n => searcher.Propose(n, []).Hyperparameters.Layers())
            .Select(OwnText).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(
            [
                $"own {s_digest} My.Net rate=0.1 width=16", $"own {s_digest} My.Net rate=0.1 width=8",
                $"own {s_digest} My.Net rate=0.5 width=16", $"own {s_digest} My.Net rate=0.5 width=8",
            ],
            layers);
    }

    [Theory]
    [InlineData("{assembly: Nets.dll}", "needs the key 'type'")]
    [InlineData("{assembly: Nets.dll, type: My.Net, width: 3}", "'width' is not a key")]
    [InlineData("{assembly: Nets.dll, type: My.Net, arguments: 3}", "arguments")]
    [InlineData("{assembly: Nets.dll, type: My Net}", "the full name of a type")]
    [InlineData("{assembly: Nets.dll, type: My.Net, arguments: {name: a b}}", "allowed are numbers")]
    [InlineData("{assembly: gone.dll, type: My.Net}", "gone.dll is not there")]
    [InlineData("own Nets.dll My.Net width", "is no argument")]
    [InlineData("own Nets.dll My.Net width=1 width=2", "given twice")]
    [InlineData("own Nets.dll My.Net | dense", "stands alone")]
    public void Read_Wrong_SaysWhatAndWhere(string written, string problem)
    {
        var reading = Read($"architectures:\n  mine: {written}\n");

        Assert.NotEmpty(reading.Errors);
        Assert.Contains(problem, reading.Describe(reading.Errors[0]), StringComparison.Ordinal);
        Assert.StartsWith("sweep.yaml:2:", reading.Describe(reading.Errors[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Canonical_TellsCodeAndArgumentsApart_WhateverTheirOrder()
    {
        string Text(string own) => HyperparametersKey.Canonical(Of(own), Of(own).ReadArchitecture());

        Assert.Equal(Text($"own {s_digest} N b=2 a=1"), Text($"own {s_digest}  N a=1 b=2"));
        Assert.NotEqual(Text($"own {s_digest} N a=1"), Text($"own {s_digest} N a=2"));
        Assert.NotEqual(Text($"own {s_digest} N a=1"), Text($"own {new string('b', 64)} N a=1"));
    }

    /// <summary>Whoever coordinates a sweep does not have its code.</summary>
    [Fact]
    public void Engine_OfOwnCode_IsTorchWithoutTheCode()
    {
        var choice = EngineChoice.Of(
            EngineKind.Auto, new(NumericsScope.Torch, "28x28", 10), TaskKind.Classification, Of($"own {s_digest} N"),
            NativeStages.Newest);
        Assert.Equal(new(EngineKind.Torch, false), choice);
    }

    [Theory]
    [InlineData("0.weight", new long[] { 8, 3, 5, 5 }, ParameterRole.Weight, 75, 200)]
    [InlineData("a.kernel", new long[] { 8, 3 }, ParameterRole.Weight, 3, 8)]
    [InlineData("norm.weight", new long[] { 8 }, ParameterRole.Gamma, 0, 0)]
    [InlineData("norm.bias", new long[] { 8 }, ParameterRole.Bias, 0, 0)]
    [InlineData("scale", new long[0], ParameterRole.Bias, 0, 0)]
    public void Parameter_ByShapeAndName_StartsAsLibtorchCountsFans(
        string name, long[] dimensions, ParameterRole role, long fanIn, long fanOut)
    {
        var shape = OwnShape.Parameter(name, dimensions);
        Assert.Equal((role, fanIn, fanOut), (shape.Role, shape.FanIn, shape.FanOut));
    }

    private static string OwnText(string text) => Architecture.Parse(ArchitectureTemplate.Find(text)?.Sample() ?? text)
        .ToString();

    private static Hyperparameters Of(string architecture) =>
        new() { Architecture = architecture, LearningRate = 0.1, BatchSize = 1, Epochs = 1 };

    private static SpecificationReading Read(string architectures) => SpecificationReader.Read(
        architectures + Rest, "sweep.yaml",
        assembly: path => path == "gone.dll"
            ? throw new SweepsException(ErrorKind.Data, "gone.dll is not there")
            : s_digest);
}

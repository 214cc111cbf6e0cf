using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile;

namespace Sweeps.Core.Tests.SweepFile;

public class SpecificationReaderTests
{
    [Fact]
    public void Read_LeastFile_TakesTheDocumentedDefaults()
    {
        var specification = Reading.Valid(Reading.Head);

        Assert.Equal(SearchMethod.Grid, specification.Method);
        Assert.Equal(5, specification.Folds);
        Assert.Equal(10, specification.Epochs);
        Assert.Equal(1, specification.Seed);
        Assert.True(specification.Refit);
        Assert.Null(specification.Metric);
        Assert.Equal(["architecture"], specification.Parameters.Select(p => p.Name));
    }

    [Theory]
    [InlineData("epochs:\n", "'epochs' has no value, so its default applies")]
    [InlineData("parameters:\n  learning_rate:\n", "'learning_rate' has no value, so its default applies")]
    [InlineData("epochs: null\n", null)]
    public void Read_KeyWithoutAValue_IsNoted(string keys, string? expected)
    {
        var notes = Reading.Notes("data: digits\narchitectures: linear\n" + keys)
            .Where(note => note.Contains("no value", StringComparison.Ordinal)).ToList();

        if (expected is null)
            Assert.Empty(notes);
        else
            Assert.Contains(expected, Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Json_GivesTheSameAsYaml()
    {
        var yaml = Reading.Valid("data: mnist\narchitectures: {a: mlp-5}\nparameters: {learning_rate: [0.1, 1e-3]}\n");
        var json = Reading.Valid("{\n\t\"data\": \"mnist\", \"architectures\": {\"a\": \"mlp-5\"},\n\t\"parameters\": "
            + "{\"learning_rate\": [0.1, \"1e-3\"]}}");

        Assert.Equal(SpecificationWriter.ToJson(yaml), SpecificationWriter.ToJson(json));
    }

    [Fact]
    public void Require_SeveralErrors_NamesAllInOneException()
    {
        var reading = SpecificationReader.Read("data: mnits\nfolds: 1\n", "sweep.yaml");

        var error = Assert.Throws<SweepsException>(() => reading.Require());

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Equal(reading.Errors.Length, error.Message.Split('\n').Length);
        Assert.Contains("sweep.yaml:1:7: data: 'mnits'", error.Message, StringComparison.Ordinal);
    }
}

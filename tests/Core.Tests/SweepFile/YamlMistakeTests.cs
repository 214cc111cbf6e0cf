using Sweeps.Core.SweepFile;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>Files that are no YAML: the error names the line that its author has to change.</summary>
public class YamlMistakeTests
{
    [Theory]
    [InlineData(4, 1, "a tab", "data: digits\narchitectures: linear\nparameters:\n\tlearning_rate: 0.1\n")]
    [InlineData(4, 1, "a tab", "data: digits\r\narchitectures: linear\r\nparameters:\r\n\tlearning_rate: 0.1\r\n")]
    [InlineData(6, 33, "']' is missing", "data: digits\ndescription: |\n  a\n  \tb\narchitectures: linear\n"
        + "parameters: {learning_rate: [0.1}\n")]
    [InlineData(4, 13, "quote", "data: digits\narchitectures: linear\nparameters:\n  momentum: \"0.1\n  epochs: 1\n")]
    [InlineData(3, 7, "quote", "data: digits\narchitectures: linear\nname: 'abc\nparameters:\n  epochs: 1\nfolds: 2\n")]
    [InlineData(5, 4, "indented", "data: digits\narchitectures: linear\nparameters:\n  momentum: 0.1\n   epochs: 1\n")]
    [InlineData(5, 3, "indented", "data: digits\narchitectures: linear\nparameters:\n    momentum: 0.1\n  epochs: 1\n")]
    [InlineData(2, 2, "indented", "data: digits\n architectures: linear\nparameters: {epochs: 1}\n")]
    [InlineData(2, 16, "']' is missing", "data: digits\narchitectures: [linear, mlp-5\nparameters:\n  epochs: 1\n")]
    [InlineData(2, 7, "quotes", "data: digits\nname: `x`\narchitectures: linear\n")]
    [InlineData(4, 8, "quotes", "data: digits\nfolds: 2\narchitectures: linear\nname: x: y\n")]
    [InlineData(3, 8, "needs quotes", "data: digits\narchitectures:\n  mlp: {depth} x dense 8 | dense\nfolds: 2\n")]
    [InlineData(2, 38, "needs quotes", "data: digits\narchitectures: {mlp: flatten | dense {width} | dense}\n")]
    [InlineData(3, 1, "merge keys", "data: digits\nbase: &b {folds: 2}\n<<: *b\narchitectures: linear\n")]
    [InlineData(3, 1, "second document", "data: digits\narchitectures: linear\n---\ndata: mnist\n")]
    [InlineData(1, 1, "empty", "")]
    [InlineData(1, 1, "empty", "\uFEFF# nothing\r\n\r\n")]
    [InlineData(4, 3, "a space after the ':'", "data: digits\narchitectures: linear\nparameters:\n  epochs:1\n")]
    public void Read_TextThatIsNoSweep_NamesTheLineToChange(int line, int column, string part, string text)
    {
        var reading = SpecificationReader.Read(text, "sweep.yaml");

        Assert.Contains(
            reading.Errors,
            e => e.Position == new Core.SweepFile.Syntax.SourcePosition(line, column)
                && e.Message.Contains(part, StringComparison.Ordinal));
        Assert.All(reading.Errors, e => Assert.DoesNotMatch(@"\.$|\.\.|[?!]\.", e.Message));
    }

    [Theory]
    [InlineData("[0.001, {value: 0.01, when: {batch_size: 20}}]", "write {value: 0.001} with its 'when'")]
    [InlineData("[{value: 0.01, when: {batch_size: 20}}, 0.001]", "write {value: 0.001}")]
    [InlineData("[{value: 0.01, when: {batch_size: 20}}, [0.001]]", "a list is not allowed among alternatives")]
    public void Read_ValueAmongAlternatives_SaysHowItIsWritten(string rate, string part)
    {
        var error = Assert.Single(SpecificationReader.Read(
            $"data: digits\narchitectures: linear\nparameters: {{batch_size: [20, 50], learning_rate: {rate}}}\n",
            "sweep.yaml").Errors);

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("from 0 to", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ByteOrderMarkAndCarriageReturns_AreNoPartOfTheFile() =>
        Reading.Valid("\uFEFF" + Reading.Head.Replace("\n", "\r\n", StringComparison.Ordinal));
}

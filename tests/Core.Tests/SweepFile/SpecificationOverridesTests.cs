using Sweeps.Core.Space;
using Sweeps.Core.SweepFile;

namespace Sweeps.Core.Tests.SweepFile;

public class SpecificationOverridesTests
{
    private const string Text = Reading.Head + """
        folds: 5
        epochs: 20
        parameters:
          learning_rate: {min: 0.0001, max: 1, points: 5, scale: log}
          batch_size: [16, 32]
        """;

    [Fact]
    public void Read_ShortenedRun_ChangesWhatIsNamedAndNothingElse()
    {
        var specification = Reading.Valid(
            Text, "epochs=1", "data.samples=2000", "folds=2", "parameters.learning_rate.points=2");

        Assert.Equal(1, specification.Epochs);
        Assert.Equal(new DataSource("mnist", IsFile: false) { Samples = 2000 }, specification.Data);
        Assert.Equal(2, specification.Folds);
        Assert.Equal(2, ((PointsDomain)Domain(specification, "learning_rate")).Points);
        Assert.Equal(2, ((ChoiceDomain)Domain(specification, "batch_size")).Values.Length);
    }

    [Theory]
    [InlineData("learning_rate=0.5", "learning_rate", "0.5")]
    [InlineData("parameters.batch_size={values: [8, 9]}", "batch_size", "8 9")]
    [InlineData("parameters.batch_size.1=64", "batch_size", "16 64")]
    [InlineData("optimizer=[sgd, adam]", "optimizer", "sgd adam")]
    [InlineData("architecture=linear", "architecture", "linear")]
    public void Read_ParameterOverride_IsYaml(string change, string parameter, string expected) => Assert.Equal(
        expected, string.Join(' ', Domain(Reading.Valid(Text, change), parameter).Enumerate(10)!.Select(v => v.Value)));

    [Fact]
    public void Read_Validation_ReplacesFolds()
    {
        var specification = Reading.Valid(Text, "validation=0.2");

        Assert.Equal((0, 0.2), (specification.Folds, specification.HoldoutFraction));
        Assert.Equal(3, Reading.Valid(Text, "validation=0.2", "folds=3").Folds);
    }

    [Fact]
    public void Read_Null_RemovesTheKey() => Assert.Equal(10, Reading.Valid(Text, "epochs=null").Epochs);

    [Theory]
    [InlineData("epochs=")]
    [InlineData("data.samples= ")]
    public void Read_NoValue_IsRefusedWithWhatToWrite(string change) => Assert.Contains(
        $"has no value; write one after '=', or null to leave the key to its default: {change.TrimEnd()}null",
        Assert.Single(Reading.Errors(Text, change)));

    [Fact]
    public void Read_EpochsWhereTheFileSearchesThem_SetsTheParameter()
    {
        var specification = Reading.Valid(Reading.Head + "parameters: {epochs: [5, 10]}\n", "epochs=1");

        Assert.Equal(["1"], Domain(specification, "epochs").Enumerate(5)!.Select(v => v.Value.ToString()));
    }

    [Theory]
    [InlineData("epochs=[1, 5]")]
    [InlineData("parameters.epochs=[1, 5]")]
    [InlineData("epochs={values: [1, 5]}")]
    public void Read_SeveralEpochs_AreSearchedInPlaceOfTheNumber(string change) => Assert.Equal(
        ["1", "5"], Domain(Reading.Valid(Text, change), "epochs").Enumerate(5)!.Select(v => v.Value.ToString()));

    [Fact]
    public void Read_ListOfEpochsInTheFile_NamesWhereItStands() => Assert.Contains(
        "several are searched as a parameter: 'parameters: {epochs: [...]}'",
        Assert.Single(Reading.Errors(Reading.Head + "epochs: [1, 5]\n")));

    [Theory]
    [InlineData("epochs", "--set epochs: not of the form PATH=VALUE; write for example epochs=1 or data.samples=2000")]
    [InlineData("=1", "--set =1: not of the form PATH=VALUE; write for example epochs=1 or data.samples=2000")]
    [InlineData("epochs=0", "--set epochs=0: epochs: 0 is too small; allowed: a whole number from 1 to 100000")]
    [InlineData(
        "epochs.x=1",
        "--set epochs.x=1: 'epochs.x' leads through 20, which has no 'x'; set the value above it as a whole")]
    [InlineData(
        "folds=[1", "--set folds=[1: not valid YAML: a ',' or a ']' is missing here")]
    public void Read_WrongOverride_IsBlamedByItsText(string change, string expected) =>
        Assert.Equal(expected, Assert.Single(Reading.Errors(Text, change)));

    [Theory]
    [InlineData("epochs=1", "epochs=2")]
    [InlineData("parameters.learning_rate=0.1", "learning_rate=2")]
    public void Read_OneKeySetTwice_IsNoted(string first, string second) => Assert.Contains(
        $"--set {second}: counts in place of --set {first}, which sets the same",
        Reading.Notes(Text, first, second));

    [Fact]
    public void Read_OverrideOfUnknownKey_NamesTheNearest() => Assert.StartsWith(
        "--set epoch=1: epoch: 'epoch' is not a key of a sweep; did you mean 'epochs'?",
        Assert.Single(Reading.Errors(Text, "epoch=1")),
        StringComparison.Ordinal);

    private static ParameterDomain Domain(SweepSpecification specification, string name) =>
        specification.Parameters.Single(p => p.Name == name).Branches.Single().Domain;
}

using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>The keys that say how the fields of a table become numbers.</summary>
public class DataKeysTests
{
    [Fact]
    public void Read_KeysOfATable_AreItsReading()
    {
        var reading = Read("path: t.csv, impute: mean, impute_text: mode, one_hot: [sex, 3], levels: 9, "
            + "ignore: [id], decimal: ',', separator: tab").Require();
        Assert.Equal(
            new TableReading
            {
                Impute = Imputation.Mean,
                ImputeText = Imputation.MostFrequent,
                OneHot = ["sex", "3"],
                Levels = 9,
                Ignore = ["id"],
                DecimalComma = true,
                Separator = "tab",
            },
            reading.Data.Reading);
        Assert.True(Read("path: t.csv, one_hot: text").Require().Data.Reading!.OneHotText);
        Assert.Equal("28x28x1", Read("path: t.csv, shape: 28x28").Require().Data.Reading!.Shape);
        Assert.Equal(
            new TableReading { Targets = ["x", "3"] }, Read("path: t.csv, target: [x, 3]").Require().Data.Reading);
        Assert.Equal(["y"], Read("path: t.csv, target: y").Require().Data.Reading!.Targets);
        Assert.Equal(
            new TableReading { Labels = ["x", "3"] }, Read("path: t.csv, labels: [x, 3]").Require().Data.Reading);
        Assert.Equal(
            new TableReading { Labels = ["tags"], LabelSeparator = "|" },
            Read("path: t.csv, labels: tags, label_separator: '|'").Require().Data.Reading);
        Assert.Null(Read("path: t.csv, decimal: .").Require().Data.Reading);
    }

    [Theory]
    [InlineData("path: t.csv, impute: zero", "data.impute", "mean, median, most_frequent")]
    [InlineData("path: t.csv, one_hot: sex", "data.one_hot", "text")]
    [InlineData("path: t.csv, levels: 1", "data.levels", "2")]
    [InlineData("path: t.csv, shape: 28x28x2", "data.shape", "28x28x1")]
    [InlineData("path: t.csv, separator: ':'", "data.separator", ";")]
    [InlineData("path: t.csv, label: x, target: [x, y]", "data.target", "keep one")]
    [InlineData("path: t.csv, task: classification, target: [x, y]", "data.target", "'label'")]
    [InlineData("path: t.csv, target: []", "data.target", "a list of 1 to")]
    [InlineData("path: t.csv, target: [a, b], labels: [x, y]", "data.labels", "both 'target' and 'labels'")]
    [InlineData("path: t.csv, label: a, labels: [x, y]", "data.labels", "both 'label' and 'labels'")]
    [InlineData("path: t.csv, task: classification, labels: [x, y]", "data.labels", "leave 'task' out")]
    [InlineData("path: t.csv, labels: x", "data.labels", "'label_separator' alone")]
    [InlineData("path: t.csv, labels: [x, y], label_separator: ;", "data.label_separator", "'labels' has 2")]
    [InlineData("path: t.csv, label_separator: ;", "data.label_separator", "write it as 'labels'")]
    [InlineData("path: t.csv, labels: x, label_separator: '#'", "data.label_separator", "space")]
    [InlineData("name: mnist, labels: [x, y]", "data.labels", "is for CSV files; mnist is no table")]
    [InlineData("name: mnist, target: x", "data.target", "is for CSV files; mnist is no table")]
    [InlineData("name: mnist, impute: mean", "data.impute", "is for CSV files; mnist is no table")]
    public void Read_WordsThatAreNone_AreRefusedAtTheirKey(string data, string path, string says)
    {
        var error = Assert.Single(Read(data).Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static SpecificationReading Read(string data) =>
        SpecificationReader.Read($"data: {{{data}}}\narchitectures: linear\n", "sweep.yaml");
}

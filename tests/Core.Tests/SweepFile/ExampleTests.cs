using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Core.SweepFile;
using Sweeps.Tests;

namespace Sweeps.Core.Tests.SweepFile;

public partial class ExampleTests
{
    public static TheoryData<string> Files =>
        new(Directory.GetFiles(RepositoryRoot.Combine("examples"), "*.yaml").Select(f => Path.GetFileName(f)!));

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_Example_IsRightAndHasAsManyTrialsAsItsCommentSays(string file)
    {
        var text = File.ReadAllText(RepositoryRoot.Combine("examples", file));

        var specification = Reading.Valid(text);

        var trials = SpecificationPlan.ConfigurationsOf(specification) * specification.TrialsPerConfiguration;
        Assert.Equal(Path.GetFileNameWithoutExtension(file), specification.Name);
        Assert.Equal(Trials().Match(text).Groups[1].Value, trials.ToString(CultureInfo.InvariantCulture));
        Assert.Empty(Reading.Notes(text));
        Assert.StartsWith("#", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_ExampleShortened_KeepsItsConfigurations(string file)
    {
        var text = File.ReadAllText(RepositoryRoot.Combine("examples", file));

        var shortened = Reading.Valid(text, "epochs=1", "data.samples=300", "folds=2");

        Assert.Equal((1, 300, 2), (shortened.Epochs, shortened.Data.Samples, shortened.Folds));
        Assert.Equal(
            SpecificationPlan.ConfigurationsOf(Reading.Valid(text)), SpecificationPlan.ConfigurationsOf(shortened));
    }

    /// <summary>The formula in csv-regression.yaml explains the data up to normal noise of deviation 1.</summary>
    [Fact]
    public void Friedman_Data_FollowTheStatedFormula()
    {
        var rows = File.ReadLines(RepositoryRoot.Combine("examples", "data", "friedman.csv")).Skip(1)
            .Select(l => l.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()).ToList();

        var noise = rows.Select(x => x[7] - (10 * Math.Sin(Math.PI * x[0] * x[1])) - (20 * Math.Pow(
            x[2] - 0.5, 2)) - (10 * x[3]) - (5 * x[4])).ToList();

        Assert.Equal(500, rows.Count);
        Assert.InRange(noise.Average(), -0.15, 0.15);
        Assert.InRange(noise.Average(n => n * n), 0.8, 1.2);
        Assert.InRange(noise.Average(Math.Abs), 0.72, 0.88);
    }

    /// <summary>The labels that csv-labels.yaml states, of which one in twenty is wrong.</summary>
    [Fact]
    public void Discs_Data_FollowTheStatedFormula()
    {
        var rows = File.ReadLines(RepositoryRoot.Combine("examples", "data", "discs.csv")).Skip(1)
            .Select(line => line.Split(',')).ToList();

        var wrong = rows.Average(row =>
        {
            var x = row[..4].Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
            var labels = row[4].Split(';');
            return new[]
            {
                labels.Contains("above") != x[0] + x[1] > 0,
                labels.Contains("inside") != (x[0] * x[0]) + (x[1] * x[1]) < 0.5,
                labels.Contains("right") != x[2] > 0.3 * x[0],
            }.Average(isWrong => isWrong ? 1.0 : 0);
        });

        Assert.Equal(600, rows.Count);
        Assert.InRange(wrong, 0.04, 0.06);
    }

    [GeneratedRegex(@"(\d+) trials")]
    private static partial Regex Trials();
}

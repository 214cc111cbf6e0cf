using Sweeps.Core.Randomness;
using Sweeps.Core.Tests.SweepFile;

namespace Sweeps.Core.Tests.Space;

/// <summary>Multiples of a step stay where the file says.</summary>
public sealed class StepTests
{
    [Theory]
    [InlineData("batch_size", "{distribution: q_uniform, q: 32, min: 50, max: 250}", 50, 250)]
    [InlineData("dropout", "{distribution: q_uniform, q: 0.4, min: 0.1, max: 0.7}", 0.1, 0.7)]
    [InlineData("learning_rate", "{distribution: q_log_uniform_values, q: 0.03, min: 0.001, max: 0.1}", 0.001, 0.1)]
    [InlineData("learning_rate", "{distribution: q_log_uniform, q: 0.03, min: -6.9, max: -2.3}", 0.001, 0.1003)]
    [InlineData("learning_rate", "{distribution: q_normal, q: 0.03, mu: 0, sigma: 1}", 0, 1e6)]
    [InlineData("learning_rate", "{distribution: q_log_normal, q: 0.03, mu: -3, sigma: 1}", 0, 1e6)]
    [InlineData("batch_size", "{distribution: log_uniform_values, min: 3, max: 9}", 3, 9)]
    public void At_EveryQuantile_IsWithinMinAndMax(string parameter, string form, double min, double max)
    {
        var domain = Reading
            .AsWritten($"{Reading.Head}method: random\nrun_cap: 1\nparameters:\n  {parameter}: {form}\n")
            .Parameters.Single(p => p.Name == parameter).Branches.Single().Domain;
        var stream = new RandomStream(new(3, Purpose.Search));
        double[] quantiles = [1e-12, 1 - 1e-12, .. Enumerable.Range(0, 2_000).Select(_ => stream.NextOpenDouble())];
        Assert.All(quantiles, u => Assert.InRange(domain.At(u).Number, min, max));
        if (domain.Enumerate(10_000) is not { } listed)
            return;
        Assert.All(listed, value => Assert.InRange(value.Value.Number, min, max));
        Assert.Equal(1, listed.Sum(value => value.Probability), 9);
    }

    [Fact]
    public void Read_StepWithoutAMultipleBetween_IsAnError() => Assert.Contains(
        "no multiple of 0.5 lies between 0.1 and 0.4",
        Assert.Single(Reading.Errors(Reading.Head
            + "method: random\nparameters: {learning_rate: {distribution: q_uniform, q: 0.5, min: 0.1, max: 0.4}}\n")),
        StringComparison.Ordinal);

    /// <summary>exp(1e-5) = 1.00001, exp(0.01) = 1.01005.</summary>
    [Theory]
    [InlineData("log_uniform", "1.00001 to 1.01005")]
    [InlineData("inv_log_uniform", "0.99005 to 0.99999")]
    public void Read_ExponentsThatLookLikeValues_AreNotedWithTheirRange(string distribution, string range)
    {
        string Text(string min, string max) => Reading.Head + "method: random\nrun_cap: 1\n"
            + $"parameters: {{learning_rate: {{distribution: {distribution}, min: {min}, max: {max}}}}}\n";
        var note = Assert.Single(Reading.Notes(Text("1.0e-5", "1.0e-2")));
        Assert.Contains(range, note, StringComparison.Ordinal);
        Assert.Contains("log_uniform_values", note, StringComparison.Ordinal);
        Assert.Empty(Reading.Notes(Text("-9", "-2")));
    }
}

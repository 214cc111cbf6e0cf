using Sweeps.Core.SweepFile;
using Sweeps.Core.Tests.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

public class CanonicalFormTests
{
    private const string Everything = """
        name: 'yes: "quoted" # not a comment'
        description: |
          two lines,
          and ümlauts 日本
        data: {path: ./a b.csv, label: 3, task: regression, samples: 100}
        method: random
        metric: mae
        validation: 0.15
        epochs: 7
        architectures:
          a: flatten | dense 3 | dropout 0.5 | dense
          b: [flatten, {dense: {units: 4, activation: tanh}}, dense]
        parameters:
          architecture: [b, a]
          learning_rate: {distribution: log_uniform, min: -9.21, max: 0}
          batch_size: {distribution: log_uniform_values, min: 8, max: 512}
          momentum:
            {distribution: q_uniform, q: 0.1, min: 0, max: 0.9, when: {optimizer: [sgd, rmsprop], architecture: a}}
          weight_decay:
            - {distribution: log_normal, mu: -8, sigma: 2, when: {optimizer: sgd}}
            - {min: 1e-6, max: 1e-2, points: 5, scale: log}
          dropout: {distribution: q_normal, mu: 0.3, sigma: 0.1, q: 0.05}
          optimizer: {values: [sgd, rmsprop, adam], probabilities: [0.5, 0.25, 0.25]}
          nesterov: {values: [true, false], when: {optimizer: sgd, momentum: [0.5, 0.9]}}
          epochs: {values: [1, 2], when: {optimizer: adam}}
        run_cap: 50
        seed: 9007199254740991
        patience: 3
        refit: false
        slots: 2
        """;

    private const string Table = """
        data:
          path: t.csv
          target: [rain, 3]
          impute: median
          impute_text: most_frequent
          one_hot: text
          levels: 7
          ignore: [id, 4]
          decimal: ","
          separator: ";"
        architectures: dense
        """;

    internal static IReadOnlyList<string> All { get; } = [Reading.Head, Everything, Table, .. WandbFiles.Adapted];

    public static TheoryData<string> Texts => [.. All];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Write_ThenRead_GivesTheSameTextsAndConfigurations(string text)
    {
        var specification = Reading.Valid(text);

        var fromYaml = Reading.Valid(SpecificationWriter.ToYaml(specification));
        var fromJson = Reading.Valid(SpecificationWriter.ToJson(specification));

        Assert.Equal(SpecificationWriter.ToYaml(specification), SpecificationWriter.ToYaml(fromYaml));
        Assert.Equal(SpecificationWriter.ToYaml(specification), SpecificationWriter.ToYaml(fromJson));
        Assert.Equal(SpecificationWriter.ToJson(specification), SpecificationWriter.ToJson(fromYaml));
        Assert.Equal(First(specification), First(fromYaml));
        Assert.Equal(First(specification), First(fromJson));
    }

    [Fact]
    public void Write_RandomSpaces_RoundTrips()
    {
        for (var seed = 1_000; seed < 1_200; seed++)
        {
            var specification = Reading.AsWritten(RandomSpaces.Text(seed));
            var yaml = SpecificationWriter.ToYaml(specification);

            var again = Reading.AsWritten(yaml);

            Assert.Equal(yaml, SpecificationWriter.ToYaml(again));
            Assert.Equal(First(specification), First(again));
        }
    }

    [Fact]
    public void Write_SmallNumbers_AreNumbersToPythonsYamlToo() => Assert.Contains(
        "value: 1.0E-05", SpecificationWriter.ToYaml(
            Reading.Valid(Reading.Head + "parameters: {learning_rate: 1e-5}\n")), StringComparison.Ordinal);

    private static List<Hyperparameters> First(SweepSpecification specification)
    {
        var searcher = specification.CreateSearcher();
        return
        [
            .. Enumerable.Range(0, Math.Min(20, searcher.Count)).Select(n => searcher.Propose(n, []).Hyperparameters),
        ];
    }
}

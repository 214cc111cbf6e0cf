using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>Sizes and depth of a network as parameters: placeholders in an architecture.</summary>
public sealed class SizeTests
{
    private const string Mlp = "  mlp: \"flatten | {depth} x dense {width} relu dropout {dropout} | dense\"\n";

    private static readonly DataSize s_table = new(TensorShape.Flat(4), 3, 150, TaskKind.Classification);

    private static readonly SampleCounts s_samples = new(120, [new("a", 50), new("b", 50), new("c", 50)]);

    /// <summary>Weights of a dense layer are (inputs + 1) times units: counted here by hand.</summary>
    [Fact]
    public void Read_WidthAndDepth_MakesEveryNetworkWithItsWeights()
    {
        var all = All("data: mnist\narchitectures:\n" + Mlp
            + "parameters: {width: [16, 32], depth: [1, 2, 3], dropout: 0.25}\n");

        Assert.Equal(
            new[] { (1, 16), (1, 32), (2, 16), (2, 32), (3, 16), (3, 32) }.Select(s => WeightsOf(s.Item1, s.Item2)),
            all.OrderBy(h => h.Sizes!["depth"]).ThenBy(h => h.Sizes!["width"])
                .Select(h => h.NetworkOn(TensorShape.Image(1, 28, 28), 10, LossKind.CrossEntropy).Weights));
        Assert.Equal(
            "flatten | dense 32 relu | dropout 0.25 | dense 32 relu | dropout 0.25 | dense",
            all.Single(h => h.Sizes!["depth"] == 2 && h.Sizes["width"] == 32).ReadArchitecture().ToString());

        static long WeightsOf(int depth, int width) =>
            (785L * width) + ((depth - 1) * (width + 1L) * width) + ((width + 1L) * 10);
    }

    [Fact]
    public void Read_FiltersAndKernel_MakesConvolutions()
    {
        const string Text = """
            data: mnist
            architectures: {cnn: "conv {filters} {kernel} same relu | max_pool 2 | flatten | dense"}
            parameters: {filters: [4, 8], kernel: [3, 5]}
            """;

        // Kernel squared times filters, and biases; then 14 x 14 x filters inputs of 10 outputs.
        Assert.Equal(
            new[] { (4, 3), (4, 5), (8, 3), (8, 5) }
                .Select(s => (long)(s.Item1 * (s.Item2 * s.Item2 + 1)) + ((196 * s.Item1 + 1) * 10)),
            All(Text).OrderBy(h => h.Sizes!["filters"]).ThenBy(h => h.Sizes!["kernel"])
                .Select(h => h.NetworkOn(TensorShape.Image(1, 28, 28), 10, LossKind.CrossEntropy).Weights));
    }

    [Theory]
    [InlineData("flatten | 2 x dense 8 relu dropout 0.5 | dense",
        "flatten | dense 8 relu | dropout 0.5 | dense 8 relu | dropout 0.5 | dense")]
    [InlineData("2 x conv 4 3x3 same no_bias batch_norm relu max_pool 2 | flatten | dense",
        "conv 4 3x3 same no_bias | batch_norm | relu | max_pool 2 | conv 4 3x3 same no_bias | batch_norm | relu | "
        + "max_pool 2 | flatten | dense")]
    [InlineData("flatten | 0 x dense 8 relu | dense", "flatten | dense")]
    [InlineData("flatten | 1 x dense 8 leaky_relu 0.1 tanh | dense", "flatten | dense 8 leaky_relu 0.1 | tanh | dense")]
    public void Parse_RepeatedLayers_AreTheLayersWrittenOut(string text, string layers) =>
        Assert.Equal(Architecture.Parse(layers), Architecture.Parse(text));

    [Theory]
    [InlineData("2 x", "no layer follows")]
    [InlineData("501 x dense 8", "501")]
    [InlineData("1.5 x dense 8", "1.5")]
    [InlineData("300 x dense 8 dropout 0.1", "too many")]
    [InlineData("2 x dense 8 dropot 0.1", "'dropot'")]
    [InlineData("dense {width}", "placeholders (width)")]
    public void Parse_WrongRepetition_SaysWhatIsWrong(string text, string part) => Assert.Contains(
        part, Assert.ThrowsAny<SweepsException>(() => Architecture.Parse(text)).Message, StringComparison.Ordinal);

    /// <summary>What is tried in place of a placeholder is not what the user wrote.</summary>
    [Fact]
    public void Read_WrongLayerWithPlaceholders_QuotesThemAsTheyAreWritten()
    {
        var error = Assert.Single(SpecificationReader.Read(
            "data: mnist\narchitectures: {mlp: \"flatten | dense 32 {activation} dropout {dropout} | dense\"}\n"
            + "parameters: {activation: [tanh, relu], dropout: [0.1, 0.2]}\n",
            "sweep.yaml").Errors);

        Assert.Contains("'dense 32 {activation} dropout {dropout}'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0.5", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A list of layers takes the same notation.</summary>
    [Fact]
    public void Read_ListOfLayers_TakesPlaceholdersAndRepetition()
    {
        var listed = All("""
            data: mnist
            architectures:
              mlp:
                - flatten
                - "{depth} x dense {width} relu"
                - dense
            parameters: {depth: 2, width: 9}
            """);
        var written = All("""
            data: mnist
            architectures: {mlp: [flatten, 2 x dense 9 relu, dense]}
            """);

        Assert.Equal(Assert.Single(written).ReadArchitecture(), Assert.Single(listed).ReadArchitecture());
    }

    [Theory]
    [InlineData("{width: 8, depth: 1}", "3:8: architectures: the placeholder {dropout} has no values; write them")]
    [InlineData("{width: 8, dept: 1, dropout: 0}", "{depth} has no values")]
    [InlineData("{width: 8, dept: 1, dropout: 0}", "'dept' is not a key of 'parameters'; did you mean 'depth'?")]
    [InlineData("{width: 8, depth: 1, dropout: 0, filters: 3}", "'filters' is not a key of 'parameters'; sizes are")]
    [InlineData("{width: 8.5, depth: 1, dropout: 0}", "parameters.width: 8.5")]
    [InlineData("{width: -8, depth: 1, dropout: 0}", "parameters.width: -8")]
    [InlineData("{width: wide, depth: 1, dropout: 0}", "parameters.width: 'wide'")]
    [InlineData("{width: 8, depth: {value: 2, when: {optimizer: sgd}}, optimizer: [sgd, adam], dropout: 0}",
        "the placeholder {depth} has no value with optimizer adam")]
    [InlineData("{width: [8, 0], depth: [1, 2], dropout: 0}", "with depth 1, width 0: Layer 2 '1 x dense 0 relu")]
    [InlineData("{width: {min: 0, max: 999000, distribution: int_uniform}, depth: 1, dropout: 0}", "width 0:")]
    [InlineData("{width: 999999, depth: [1, 3], dropout: 0}", "with depth 1, width 999999: ")]
    [InlineData("{width: 8, depth: [2, 400], dropout: 0}", "with depth 400, width 8: ")]
    [InlineData("{width: {value: 8, when: {deph: 1}}, depth: 1, dropout: 0}",
        "'deph' is not a key of 'when'; did you mean 'depth'?")]
    [InlineData("{width: {value: 8, when: {depth: 3}}, depth: 1, dropout: 0}", "depth is never 3")]
    public void Read_WrongSizes_SaysWhichAndWhere(string parameters, string part) => Assert.Contains(
        Reading.Errors($"data: mnist\narchitectures:\n{Mlp}method: random\nrun_cap: 3\nparameters: {parameters}\n"),
        error => error.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData("flatten | dense {learning_rate} | dense", "{learning_rate} is no part of a network")]
    [InlineData("[flatten, {dense: {units: \"{width}\"}}, dense]", "write 'dense {width} relu' instead of a map")]
    public void Read_PlaceholderInTheWrongPlace_IsRefused(string network, string part)
    {
        var node = network.StartsWith('[') ? network : $"\"{network}\"";
        Assert.Contains(
            Reading.Errors($"data: mnist\narchitectures: {{n: {node}}}\nparameters: {{width: 8, learning_rate: 1}}\n"),
            error => error.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>On a table whose shape only the data tell.</summary>
    [Fact]
    public void On_OutputsThatAreNotTheClasses_SaysWhichCombination()
    {
        var reading = SpecificationReader.Read("""
            data: ./t.csv
            architectures: {mlp: "dense {width} relu | dense {classes}"}
            parameters: {width: [4, 8], classes: [3, 5]}
            """, "sweep.yaml");

        var error = Assert.Single(reading.On(s_table, s_samples).Errors);

        Assert.Equal("2:22", error.Position.ToString());
        Assert.StartsWith("with classes 5, width 4: The architecture", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("(2 of the 4 combinations that were tried are wrong)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Of 2^30 combinations: all first ends, all last ends, and one at the other end than all the others.
    /// </summary>
    [Fact]
    public void Read_ManySizes_TriesTheEndsOfEach()
    {
        var names = Enumerable.Range(0, 29).Select(n => $"w{n}").ToList();
        var errors = Reading.Errors(
            "data: mnist\nmethod: random\nrun_cap: 9\narchitectures:\n  n: \"conv 4 {kernel} | flatten | "
            + string.Join(" | ", names.Select(name => $"dense {{{name}}}")) + " | dense\"\n"
            + "parameters:\n  kernel: [3, 29]\n"
            + string.Concat(names.Select(name => $"  {name}: [8, 16]\n")));

        // A kernel of 29 does not fit into 28 pixels: the last ends, with one of 29 others at its first end, and alone.
        Assert.EndsWith(
            "(31 of the 62 combinations that were tried are wrong)", Assert.Single(errors), StringComparison.Ordinal);
    }

    /// <summary>A size is searched with the architectures that have it, and not in layers that are there 0 times.
    /// </summary>
    [Fact]
    public void Read_SizeWithoutEffect_IsNotSearchedThere()
    {
        var all = All("""
            data: mnist
            architectures: {soft: linear, mlp: "flatten | {depth} x dense {width} relu dropout 0.2 | dense"}
            parameters: {width: [8, 16], depth: [0, 1, 2], dropout: [0.1, 0.3]}
            """);

        // linear, and mlp of depth 0, which is the same network; 2 depths, 2 widths, 2 rates.
        Assert.Equal(1 + (2 * 2 * 2), all.Count);
        Assert.Equal(
            all.Count, all.Select(h => HyperparametersKey.Canonical(h, h.ReadArchitecture())).Distinct().Count());
    }

    [Fact]
    public void Read_TheSameNetworkFromTwoTexts_IsOne()
    {
        const string Text = """
            data: mnist
            architectures:
              fixed: flatten | dense 16 relu | dense
              mlp: "flatten | dense {width} relu | dense"
              again: "flatten |  dense { width } relu|dense"
            parameters: {width: [8, 16]}
            """;

        var all = All(Text);

        Assert.Equal(["mlp", "mlp"], all.Select(h => Reading.Valid(Text).ArchitectureName(h.Architecture)));
        Assert.All(
            ["fixed", "again"],
            name => Assert.Contains(
                Reading.Notes(Text),
                note => note.Contains($"'{name}' and 'mlp' are one network", StringComparison.Ordinal)));

        // Its random streams do not depend on how it is written.
        var by = new Hyperparameters
        {
            Architecture = "flatten | dense 16 relu | dense",
            LearningRate = 0.001,
            BatchSize = 100,
            Epochs = 10,
        };
        var sized = all.Single(h => h.Sizes!["width"] == 16);
        Assert.Equal(
            HyperparametersKey.Canonical(by, by.ReadArchitecture()),
            HyperparametersKey.Canonical(sized, sized.ReadArchitecture()));
    }

    [Fact]
    public void Read_Sizes_TakeRangesConditionsAndAllDistributions()
    {
        const string Text = """
            data: mnist
            architectures: {mlp: "flatten | {depth} x dense {width} {activation} | dense"}
            method: random
            run_cap: 40
            seed: 3
            parameters:
              depth: {min: 1, max: 3}
              width:
                - {min: 16, max: 64, q: 16, distribution: q_uniform, when: {depth: [2, 3]}}
                - {min: 100, max: 1000, distribution: q_log_uniform_values}
              activation: [relu, tanh]
              learning_rate: [{value: 0.1, when: {depth: 1}}, {value: 0.01}]
            """;

        var all = All(Text);

        Assert.All(all, h => Assert.Equal(h.Sizes!["depth"] == 1 ? 0.1 : 0.01, h.LearningRate));
        Assert.All(
            all.Where(h => h.Sizes!["depth"] > 1), h => Assert.Contains(h.Sizes!["width"], (int?[])[16, 32, 48, 64]));
        Assert.All(all.Where(h => h.Sizes!["depth"] == 1), h => Assert.InRange(h.Sizes!["width"]!.Value, 100, 1000));
        Assert.Equal(3, all.Select(h => h.Sizes!["depth"]).Distinct().Count());
        var again = SpecificationWriter.ToJson(Reading.Valid(Text));
        Assert.Equal(again, SpecificationWriter.ToJson(Reading.Valid(again)));
        Assert.Equal(all, All(SpecificationWriter.ToYaml(Reading.Valid(Text))));
    }

    [Fact]
    public void Read_OverrideOfASize_MeansTheParameter()
    {
        const string Text = """
            data: mnist
            architectures: {m: "flatten | dense {width} | dense"}
            parameters: {width: [7, 9]}
            """;

        var specification = Reading.Valid(Text, "width=5");

        Assert.Equal(5, specification.CreateSearcher().Propose(0, []).Hyperparameters.Sizes!["width"]);
    }

    /// <summary>Names with hints of their own are sizes where an architecture has the placeholder.</summary>
    [Theory]
    [InlineData("units")]
    [InlineData("hidden_size")]
    [InlineData("x")]
    public void Read_AnyName_CanBeASize(string name) => Assert.Equal(7, Assert.Single(All(
        $"data: mnist\narchitectures: {{m: \"flatten | dense {{{name}}} relu | dense\"}}\nparameters: {{{name}: 7}}\n"))
        .Sizes![name]);

    private static List<Hyperparameters> All(string text)
    {
        var searcher = Reading.Valid(text).CreateSearcher();
        var count = SpecificationPlan.ConfigurationsOf(Reading.Valid(text));
        return [.. Enumerable.Range(0, count).Select(n => searcher.Propose(n, []).Hyperparameters)];
    }
}

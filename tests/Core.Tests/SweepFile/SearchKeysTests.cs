using Sweeps.Core.Schedulers;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Tests.Searchers;
using static Sweeps.Core.Tests.SweepFile.Reading;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>The keys lag, warmup and start_with.</summary>
public class SearchKeysTests
{
    private const string Search = Head + """
        method: tpe
        run_cap: 40
        parameters:
          optimizer: [sgd, adam]
          momentum: {values: [0.5, 0.9], when: {optimizer: sgd}}
          learning_rate: {min: 0.0001, max: 0.1}
          batch_size: {value: 32}

        """;

    [Theory]
    [InlineData("folds=5", 4)]
    [InlineData("folds=10", 2)]
    [InlineData("folds=20", 2)]
    [InlineData("validation=0.2", 16)]
    [InlineData("lag=3", 3)]
    public void Lag_ByDefault_GivesSixteenTrials(string set, int lag) => Assert.Equal(lag, Valid(Search, set).Lag);

    [Fact]
    public void StartWith_Guesses_ComeFirstAndNotAgain()
    {
        var text = Search + """
            start_with:
              - {architecture: linear, optimizer: sgd, momentum: 0.9, learning_rate: 0.01}
              - {architecture: mlp-5, optimizer: adam, learning_rate: 0.001, batch_size: 32}
            """;
        foreach (var method in new[] { "random", "sobol", "tpe" })
        {
            var specification = Valid(text, $"method={method}");
            var again = Valid(SpecificationWriter.ToYaml(specification));
            var searcher = specification.CreateSearcher();

            var first = Enumerable.Range(0, 40).Select(n => searcher.Propose(n, []).Values).ToList();

            Assert.Equal(
                "architecture=linear batch_size=32 learning_rate=0.01 momentum=0.9 optimizer=sgd", $"{first[0]}");
            Assert.Equal("architecture=mlp-5 batch_size=32 learning_rate=0.001 optimizer=adam", $"{first[1]}");
            Assert.Equal(40, first.Distinct().Count());
            Assert.Equal(specification.StartWith.AsEnumerable(), again.StartWith);
            Assert.Equal(SpecificationWriter.ToJson(specification), SpecificationWriter.ToJson(again));
        }
    }

    /// <summary>Each network with one batch size alone: what the note says is counted here among the configurations.
    /// </summary>
    [Fact]
    public void RunCap_SobolPointsThatGoTogether_AreNotedWithTheNextEvenNumber()
    {
        var text = """
            data: {name: digits, samples: 1000}
            architectures:
              mlp: "flatten | {depth} x dense {width} relu | dense"
              cnn: "conv {filters} 5x5 relu | flatten | dense"
            method: sobol
            parameters:
              learning_rate: {distribution: log_uniform_values, min: 0.0005, max: 0.05}
              depth: [1, 2]
              width: {min: 8, max: 64, distribution: q_log_uniform_values, q: 8}
              filters: [4, 8]
              batch_size: [25, 100]
            epochs: 3

            """;

        var note = Assert.Single(Notes(text, "run_cap=12"), IsOfPairs);

        Assert.Contains("architecture always goes with batch_size (", note, StringComparison.Ordinal);
        Assert.Contains("write 'run_cap: 32' or 'method: random'", note, StringComparison.Ordinal);
        Assert.Equal([6, 6], Meetings(text, 12));
        Assert.Equal([8, 8, 8, 8], Meetings(text, 32));
        Assert.DoesNotContain(Notes(text, "run_cap=32"), IsOfPairs);
        Assert.DoesNotContain(Notes(text, "run_cap=12", "method=random"), IsOfPairs);

        int[] Meetings(string file, int count)
        {
            var searcher = Valid(file, $"run_cap={count}").CreateSearcher();
            return [.. Enumerable.Range(0, count).Select(n => searcher.Propose(n, []).Values)
                .CountBy(point => (point["architecture"], point["batch_size"])).Select(pair => pair.Value)];
        }
    }

    [Theory]
    [InlineData("optimizer: [sgd, adam]\n  loss: [cross_entropy, mean_squared_error]\n  batch_size: [25, 50]", 8, 1)]
    [InlineData("optimizer: [sgd, adam]\n  loss: [cross_entropy, mean_squared_error]\n  batch_size: [25, 50]", 16, 0)]
    [InlineData("optimizer: [sgd, adam]\n  loss: cross_entropy\n  batch_size: {min: 10, max: 90}", 8, 0)]
    public void RunCap_SobolPoints_AreNotedOnlyWhereOneDecidesTheOther(string parameters, int cap, int notes) =>
        Assert.Equal(notes, Notes(
            "data: digits\narchitectures: [linear, mlp-5]\nmethod: sobol\nparameters:\n"
            + $"  learning_rate: {{min: 0.001, max: 0.1}}\n  {parameters}\n", $"run_cap={cap}").Count(IsOfPairs));

    /// <summary>One line, however many pairs there are; a grid has few configurations too.</summary>
    [Fact]
    public void RunCap_ManyPairsOfSobol_AreOneNote()
    {
        var note = Assert.Single(Notes(
            "data: digits\narchitectures: [linear, mlp-5]\nmethod: sobol\nparameters:\n  optimizer: [sgd, adam]\n"
            + "  loss: [cross_entropy, mean_squared_error]\n  batch_size: [25, 50]\n", "run_cap=4"), IsOfPairs);

        Assert.Contains("'method: grid' for all 16 or 'method: random'", note, StringComparison.Ordinal);
        Assert.InRange(note.Length, 100, 600);
    }

    /// <summary>What the file's own conditions decide is no surprise.</summary>
    [Fact]
    public void RunCap_ConditionsDecideAValue_AreNotNoted() => Assert.DoesNotContain(
        Notes(
            "data: digits\narchitectures: [linear, mlp-5]\nmethod: sobol\nparameters:\n  optimizer:\n"
            + "    - {value: sgd, when: {architecture: linear}}\n    - {value: adam, when: {architecture: mlp-5}}\n"
            + "  learning_rate: {min: 0.001, max: 0.1}\n", "run_cap=12"),
        IsOfPairs);

    private static bool IsOfPairs(string note) => note.Contains("always goes with", StringComparison.Ordinal);

    /// <summary>A space without an end by its description may have few values: the search still ends.</summary>
    [Theory]
    [InlineData("sobol", "{distribution: q_normal, mu: 64, sigma: 8, q: 16}")]
    [InlineData("random", "{distribution: q_normal, mu: 64, sigma: 8, q: 16}")]
    [InlineData("tpe", "{distribution: q_normal, mu: 64, sigma: 8, q: 16}")]
    [InlineData("cmaes", "{distribution: q_normal, mu: 64, sigma: 8, q: 16}")]
    [InlineData("bayes", "{distribution: q_normal, mu: 64, sigma: 8, q: 16}")]
    public void Propose_RangeOfFewValues_RepeatsThemAndEnds(string method, string domain)
    {
        var searcher = Valid(
            $"data: digits\narchitectures: linear\nmethod: {method}\nrun_cap: 30\n"
                + $"parameters: {{batch_size: {domain}}}\nstart_with: [{{batch_size: 64}}]\n").CreateSearcher();

        var points = SearchRun.Of(searcher, 30, _ => 0.5);

        Assert.Equal(30, points.Count);
        Assert.InRange(points.Distinct().Count(), 3, 12);
    }

    [Fact]
    public void Method_OfEvenPoints_RefusesMoreParametersThanItsDirections()
    {
        var names = Enumerable.Range(0, 41).Select(n => $"w{n}").ToList();
        var layers = string.Join(" | ", names.Select(name => $"dense {{{name}}}"));
        var text = $"data: digits\narchitectures: {{a: 'flatten | {layers} | dense'}}\nrun_cap: 9\nparameters:\n"
            + string.Concat(names.Select(name => $"  {name}: [8, 16]\n"));

        Assert.Contains(
            "tpe takes at most 40 parameters", Assert.Single(Errors(text + "method: tpe\n")), StringComparison.Ordinal);
        Assert.Equal(9, Valid(text + "method: random\n").RunCap);
    }

    /// <summary>A size is guessed as a hyperparameter is, and only where its network has it.</summary>
    [Fact]
    public void StartWith_SizesOfANetwork_AreKnown()
    {
        const string head = "data: digits\nmethod: tpe\nrun_cap: 9\nparameters: {width: [16, 32], depth: [1, 2]}\n"
            + "architectures: {mlp: 'flatten | {depth} x dense {width} relu | dense', l: linear}\n";
        var searcher = Valid(head + "start_with: [{architecture: mlp, width: 32, depth: 2}]\n").CreateSearcher();

        Assert.Equal("architecture=mlp depth=2 width=32", $"{searcher.Propose(0, []).Values}");
        Assert.Contains(
            "there is no depth beside architecture l",
            Assert.Single(Errors(head + "start_with: [{architecture: l, depth: 2}]\n")));
        Assert.Contains(
            "48 is not searched here; allowed: 16, 32",
            Assert.Single(Errors(head + "start_with: [{architecture: mlp, width: 48, depth: 2}]\n")));
    }

    [Fact]
    public void StartWith_FiniteSpace_GivesEachConfigurationOnce()
    {
        var text = Head + "method: random\nparameters: {batch_size: [16, 32, 64], optimizer: [sgd, adam]}\n"
            + "start_with: [{architecture: mlp-5, batch_size: 64, optimizer: adam}]\n";
        var searcher = Valid(text).CreateSearcher();

        Assert.Equal(12, searcher.Count);
        Assert.Equal(12, Enumerable.Range(0, 12).Select(n => searcher.Propose(n, []).Values).Distinct().Count());
    }

    [Theory]
    [InlineData(
        "{architecture: linear, optimizer: sgd, learning_rate: 0.01}", "11:5", "needs 'momentum'; allowed: 0.5, 0.9")]
    [InlineData(
        "{architecture: linear, optimizer: adam, momentum: 0.9, learning_rate: 0.01}", "11:55",
        "there is no momentum beside architecture linear, optimizer adam; remove it")]
    [InlineData(
        "{architecture: linear, optimizer: adam, learning_rate: 0.5}", "11:60",
        "0.5 is not searched here; allowed: from 0.0001 to 0.1")]
    [InlineData(
        "{architecture: linear, optimizer: rmsprop, learning_rate: 0.01}", "11:39",
        "rmsprop is not searched here; allowed: sgd, adam")]
    [InlineData(
        "{architecture: mlp-7, optimizer: adam, learning_rate: 0.01}", "11:20",
        "mlp-7 is not searched here; allowed: linear, mlp-5")]
    [InlineData(
        "{architecture: linear, optimizer: adam, learning_rate: 0.01, dropout: 0.5}", "11:75",
        "'dropout' is not searched; allowed: architecture, optimizer, momentum, learning_rate, batch_size")]
    [InlineData("{architecture: linear, optimiser: adam, learning_rate: 0.01}", "11:28", "did you mean 'optimizer'?")]
    public void StartWith_NoConfigurationOfTheSpace_IsAnErrorAtItsPlace(string guess, string place, string error)
    {
        var found = Errors($"{Search}start_with:\n  - {guess}\n");

        Assert.StartsWith($"sweep.yaml:{place}", found[0], StringComparison.Ordinal);
        Assert.Contains(error, found[0], StringComparison.Ordinal);
    }

    [Fact]
    public void StartWith_SameTwice_IsAnError() => Assert.Contains(
        "start_with[1]: this is start_with[0] again; remove one",
        Assert.Single(Errors(Search + "start_with:\n"
            + "  - {architecture: linear, optimizer: adam, learning_rate: 0.01}\n"
            + "  - {architecture: linear, optimizer: adam, learning_rate: 1e-2, batch_size: 32}\n")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("method: random\nlag: 3\n", "'lag' has no effect: random does not learn from scores")]
    [InlineData("method: sobol\nwarmup: 3\n", "'warmup' has no effect: sobol does not learn from scores")]
    [InlineData(
        "start_with: [{architecture: linear, learning_rate: 0.1}]\n", "'start_with' has no effect: a grid tries every")]
    public void Read_KeyWithoutEffect_SaysSo(string keys, string note) => Assert.Contains(
        Notes(Head + keys + "run_cap: 4\nparameters: {learning_rate: [0.1, 0.01]}\n"),
        text => text.Contains(note, StringComparison.Ordinal));

    [Theory]
    [InlineData("run_cap: 10\n", "there are 10; write 'warmup: 2', or more configurations, as 'run_cap: 20'")]
    [InlineData("run_cap: 10\n", "tpe learns nothing here: 'warmup' asks for 10 configurations")]
    [InlineData("run_cap: 22\nlag: 20\n", "tpe learns nothing here: 'lag' asks for 22 configurations")]
    [InlineData("run_cap: 16\nwarmup: 4\nlag: 16\n", "there are 16; write 'lag: 3', or more configurations")]
    [InlineData(
        "run_cap: 15\nepochs: 27\nschedule: {method: hyperband, over: epochs}\n",
        "tpe learns nothing here: hyperband's first group has 27 configurations")]
    public void Read_TooFewConfigurationsToLearn_SaysSo(string keys, string note) => Assert.Contains(
        Notes(Head + "method: tpe\n" + keys + "parameters: {learning_rate: {min: 0.001, max: 0.1}}\n"),
        text => text.Contains(note, StringComparison.Ordinal));

    [Theory]
    [InlineData(5, 4, 25, false)]
    [InlineData(5, 4, 26, true)]
    [InlineData(2, 12, 64, true)]
    public void Read_MoreSlotsThanTheLagKeepsAtWork_SaysSo(int folds, int lag, int slots, bool isTold)
    {
        var notes = Notes($"{Search}folds: {folds}\nlag: {lag}\nslots: {slots}\n");

        Assert.Equal(
            isTold ? 1 : 0,
            notes.Count(note => note.Contains($"lets at most {(lag + 1) * folds} trials", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("halving")]
    [InlineData("race")]
    public void Read_LearnerWithOneClosedBracket_IsAnError(string schedule) => Assert.Contains(
        $"{schedule} with order bracket decides about all configurations together, when they have all been chosen, so "
            + "that tpe could learn",
        Assert.Single(Errors($"{Search}schedule: {{method: {schedule}, order: bracket}}\n")), StringComparison.Ordinal);

    /// <summary>Most are stopped soon: those that go on must not hold up the ones after them.</summary>
    [Fact]
    public void Read_LearnerWithHalving_GoesInIndexOrderWithALargerLag()
    {
        var halving = Valid(Search + "folds: 5\nschedule: halving\n");

        Assert.Equal((RungOrder.Index, 16), (halving.Schedule!.Order, halving.Lag));
        // A configuration that goes on has all its folds.
        Assert.Equal(17 * 5, halving.MostAtOnce);
        var hyperband = Valid(Search + "folds: 5\nschedule: hyperband\n");
        Assert.Equal((4, null), (hyperband.Lag, hyperband.MostAtOnce));
        Assert.True(hyperband.Learns);
        var random = Valid(Search.Replace("tpe", "random", StringComparison.Ordinal) + "schedule: halving\n");
        Assert.Equal(RungOrder.Bracket, random.Schedule!.Order);
        Assert.Null(random.MostAtOnce);
    }
}

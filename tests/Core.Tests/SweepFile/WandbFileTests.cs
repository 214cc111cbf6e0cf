using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Rules;

namespace Sweeps.Core.Tests.SweepFile;

public class WandbFileTests
{
    [Fact]
    public void Read_DocumentedFiles_NeedNothingButDataAndNetworks()
    {
        foreach (var file in WandbFiles.Adapted.Where(f => !f.StartsWith('{')))
        {
            Reading.Valid(file);
            var theirs = string.Join('\n', file.Split('\n').Where(
                l => !l.StartsWith("data:", StringComparison.Ordinal)
                    && !l.StartsWith("architectures:", StringComparison.Ordinal)));
            Assert.Equal(
                ["a sweep needs the key 'data'", "a sweep needs networks"],
                Reading.Errors(theirs).Select(e => e.Split(": ")[1]));
        }
    }

    [Fact]
    public void Read_KeysWithoutMeaningHere_AreNotesWithTheirPlace()
    {
        var notes = Reading.Notes(WandbFiles.Adapted[2]);

        Assert.Equal(
            ["project", "entity", "program", "metric.name", "metric.target", "early_terminate", "command"],
            notes.Select(n => n.Split(": ")[1]));
        Assert.StartsWith("sweep.yaml:1:1: project: 'project' has no effect", notes[0], StringComparison.Ordinal);
        Assert.Contains(
            "is run as 'schedule: {method: hyperband, over: epochs, eta: 3, min_epochs: 3}'", notes[5],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{type: hyperband, min_iter: 2, eta: 4, strict: true}", 4, 2)]
    [InlineData("{type: hyperband, max_iter: 27, s: 2}", 3, 3)]
    [InlineData("{type: hyperband, max_iter: 8, s: 2}", 3, 2)]
    [InlineData("{type: hyperband, max_iter: 100, s: 9}", 3, 1)]
    [InlineData("{type: hyperband, max_iter: 27, s: 2, min_iter: 1}", 3, 3)]
    [InlineData("{type: hyperband, max_iter: 27, min_iter: 2}", 3, 2)]
    public void Read_EarlyTerminate_IsHyperbandOverEpochs(string early, int eta, int least)
    {
        var specification = Reading.Valid(
            Reading.Head + $"method: random\nrun_cap: 9\nepochs: 27\nearly_terminate: {early}\n"
                + "parameters: {learning_rate: {min: 0.0, max: 1.0}}\n");

        Assert.Equal(
            new SchedulePlan
            {
                Method = ScheduleMethod.Hyperband,
                Over = ScheduleBudget.Epochs,
                Eta = eta,
                MinEpochs = least,
            },
            specification.Schedule);
    }

    /// <summary>
    /// Of W&amp;B's own tests and documentation: max_iter 81 with eta 3 and s 3 is 3, 9, 27; max_iter 27 with s 2 is 3
    /// and 9; min_iter 3 is 3, 9, 27, ... A part of an epoch is cut off, and less than one epoch is no band.
    /// </summary>
    [Theory]
    [InlineData(81, 3, 3, "3 9 27")]
    [InlineData(27, 2, 3, "3 9")]
    [InlineData(5, 2, 2, "1 2")]
    [InlineData(10, 9, 3, "1 3")]
    [InlineData(8, 2, 3, "2")]
    [InlineData(100, 3, 3, "3 11 33")]
    [InlineData(2, 3, 3, "")]
    public void Below_MaxIter_IsWhatWandbComputes(int most, int times, int eta, string bands) =>
        Assert.Equal(bands, string.Join(' ', WandbBands.Below(most, times, eta)));

    [Theory]
    [InlineData(3, 3, "3 9 27 81")]
    [InlineData(2, 4, "2 8 32 128")]
    public void From_MinIter_IsWhatWandbComputes(int least, int eta, string bands) =>
        Assert.Equal(bands, string.Join(' ', WandbBands.From(least, eta).Take(4)));

    [Theory]
    [InlineData("{type: hyperband, min_iter: 3, max_iter: 27, s: 2}", "early_terminate.min_iter")]
    [InlineData("{type: hyperband, min_iter: 3, max_iter: 27}", "early_terminate.max_iter")]
    [InlineData("{type: hyperband, min_iter: 3, s: 2}", "early_terminate.s")]
    public void Read_EarlyTerminateSaidTwice_TellsWhatHasNoEffect(string early, string idle) => Assert.Equal(
        [idle],
        Reading.Notes(
            Reading.Head + $"method: random\nrun_cap: 9\nepochs: 27\nearly_terminate: {early}\n"
                + "parameters: {learning_rate: {min: 0.0, max: 1.0}}\n")
            .Where(note => note.Contains("no effect beside", StringComparison.Ordinal))
            .Select(note => note.Split(": ")[1]));

    [Theory]
    [InlineData("early_terminate: {type: hyperband, s: 2}", "it needs 'min_iter', or 'max_iter' and 's'")]
    [InlineData("early_terminate: {type: hyperband, max_iter: 2, s: 2}", "less than an epoch")]
    [InlineData("early_terminate: {type: envelope, min_iter: 2}", "'envelope' is not known")]
    [InlineData("early_terminate: {type: hyperband, min_iter: 2}\nschedule: halving", "keep one")]
    public void Read_EarlyTerminateThatSaysTooLittleOrTooMuch_IsAnError(string lines, string says) => Assert.Contains(
        says,
        Assert.Single(Reading.Errors(
            Reading.Head + $"{lines}\nparameters: {{learning_rate: [0.1, 0.2]}}\n")),
        StringComparison.Ordinal);

    [Fact]
    public void Read_Bayes_RunsAsItIs()
    {
        const string Text = "method: bayes\nmetric: {name: val_loss, goal: minimize}\n" + Reading.Head
            + "parameters: {learning_rate: {min: 0.0001, max: 0.1}, optimizer: {values: [adam, sgd]}}\n";
        var specification = Reading.Valid(Text);

        Assert.IsType<BayesSearcher>(specification.CreateSearcher());
        Assert.Equal(20, specification.RunCap);
        Assert.Contains(Reading.Notes(Text), note => note.Contains("a search with bayes", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NestedParameters_SaysWhatToWriteInstead() => Assert.Contains(
        "nested parameters are not supported",
        Assert.Single(
            Reading.Errors(Reading.Head + "parameters: {optimizer: {parameters: {momentum: {value: 0.9}}}}\n")),
        StringComparison.Ordinal);

    [Fact]
    public void Read_RandomWithoutEnd_TriesTwentyAndSaysSo()
    {
        const string Text = Reading.Head + "method: random\nparameters: {learning_rate: {min: 0.0, max: 1.0}}\n";

        Assert.Equal(20, Reading.Valid(Text).RunCap);
        Assert.Contains(
            "20 configurations are tried", Assert.Single(Reading.Notes(Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WholeEndsOfARealParameter_MeansNumbersAndSaysSo() => Assert.Contains(
        "any number from 0 to 1 is meant",
        Assert.Single(
            Reading.Notes(Reading.Head + "method: random\nrun_cap: 3\nparameters: {weight_decay: {min: 0, max: 1}}\n")),
        StringComparison.Ordinal);

    /// <summary>The names in the table of W&amp;B's documentation.</summary>
    [Fact]
    public void Distributions_All_AreTheDocumentedOnes() => Assert.Equal(
        new[]
        {
            "constant", "categorical", "int_uniform", "uniform", "q_uniform", "log_uniform", "log_uniform_values",
                "q_log_uniform",
            "q_log_uniform_values", "inv_log_uniform", "inv_log_uniform_values", "normal", "q_normal", "log_normal",
                "q_log_normal",
        }.Order(),
        Distributions.All.Select(d => d.Name).Order());
}

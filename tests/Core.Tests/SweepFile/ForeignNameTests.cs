using System.Text.RegularExpressions;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Rules;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>The words that users of W&amp;B, Keras, Optuna and scikit-learn write, and what they are told.</summary>
public partial class ForeignNameTests
{
    /// <summary>As strangers' sweep files have them; null: there is no right name to suggest.</summary>
    public static TheoryData<string, string?> InParameters => new()
    {
        { "lr", "learning_rate" }, { "learning-rate", "learning_rate" }, { "learnRate", "learning_rate" },
        { "bs", "batch_size" }, { "batchSize", "batch_size" }, { "num_epochs", "epochs" }, { "n_epochs", "epochs" },
        { "weight_init", "initializer" }, { "init", "initializer" }, { "weights_init", "initializer" },
        { "activation_function", "activation" }, { "act_fn", "activation" }, { "optim", "optimizer" },
        { "loss_function", "loss" }, { "l2", "weight_decay" }, { "dropout_prob", "dropout" },
        { "arch", "architecture" }, { "model", "architecture" }, { "momentun", "momentum" },
        { "dataset", null }, { "seed", null },
        { "patience", null }, { "val_ratio", null }, { "num_layers", null }, { "hidden_size", null }, { "beta1", null },
        { "scheduler", "learning_rate_schedule" }, { "max_grad_norm", "clip_norm" },
        { "num_workers", null }, { "temperature", null }, { "wandb_project", null },
    };

    [Theory]
    [MemberData(nameof(InParameters))]
    public void Read_ForeignParameter_SuggestsTheRightNameOrNone(string word, string? expected)
    {
        var error = Assert.Single(Reading.Errors(Reading.Head + $"parameters: {{{word}: {{value: 3}}}}\n"));

        Assert.StartsWith("sweep.yaml:3:14: ", error, StringComparison.Ordinal);
        Assert.Equal(expected, Suggested(error));
    }

    [Theory]
    [InlineData("seed", "'seed' is a key of the sweep")]
    [InlineData("dataset", "'data' is a key of the sweep")]
    [InlineData("val_ratio", "'validation' is a key of the sweep")]
    [InlineData("n_trials", "'run_cap' is a key of the sweep")]
    [InlineData("num_layers", "under 'architectures', for example architectures: [mlp-64-64")]
    [InlineData("beta_1", "adam has beta 0.9 and 0.999")]
    public void Read_ForeignParameterOfAnotherPlace_SaysWhere(string word, string part) => Assert.Contains(
        part, Assert.Single(Reading.Errors(Reading.Head + $"parameters: {{{word}: 3}}\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("dataset: mnist", "data")]
    [InlineData("networks: linear", "architectures")]
    [InlineData("params: {}", "parameters")]
    [InlineData("n_trials: 3", "run_cap")]
    [InlineData("random_state: 3", "seed")]
    [InlineData("cv: 3", "folds")]
    [InlineData("validation_split: 0.1", "validation")]
    [InlineData("early_stopping: 3", "patience")]
    [InlineData("n_jobs: 3", "slots")]
    [InlineData("sampler: grid", "method")]
    public void Read_ForeignKey_SuggestsTheRightName(string line, string expected)
    {
        var error = Reading.Errors(Reading.Head + line + "\n")
            .Single(e => e.Contains("not a key", StringComparison.Ordinal));

        Assert.Equal(expected, Suggested(error));
    }

    [Fact]
    public void Read_ParameterAtTheTop_IsSentToParameters() => Assert.Contains(
        "'learning_rate' is a parameter: write it under 'parameters'",
        Assert.Single(Reading.Errors(Reading.Head + "lr: 0.1\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("optimizer", "momentum", "sgd")]
    [InlineData("optimizer", "nag", "sgd")]
    [InlineData("optimizer", "nesterov", "sgd")]
    [InlineData("optimizer", "radam", null)]
    [InlineData("optimizer", "lion", null)]
    [InlineData("optimizer", "lamb", null)]
    [InlineData("learning_rate_schedule", "cyclic", "one_cycle")]
    [InlineData("learning_rate_schedule", "reduce_lr_on_plateau", null)]
    [InlineData("learning_rate_schedule", "polynomial", null)]
    [InlineData("optimizer", "adma", "adam")]
    [InlineData("initializer", "xavier", "xavier_uniform")]
    [InlineData("initializer", "he", "he_uniform")]
    [InlineData("initializer", "orthogonal", null)]
    [InlineData("activation", "swish", null)]
    [InlineData("activation", "selu", null)]
    [InlineData("activation", "lrelu", "leaky_relu")]
    [InlineData("loss", "mae", null)]
    [InlineData("loss", "nll", "cross_entropy")]
    public void Read_ForeignValue_SuggestsTheRightNameOrNone(string parameter, string word, string? expected)
    {
        var error = Assert.Single(Reading.Errors(Reading.Head + $"parameters: {{{parameter}: [{word}]}}\n"));

        Assert.Equal(expected, Suggested(error) ?? Written(error));
    }

    [Theory]
    [InlineData("validation_acc", "validation_accuracy")]
    [InlineData("val_categorical_accuracy", "validation_accuracy")]
    [InlineData("valid_loss", "validation_loss")]
    [InlineData("test_acc", "validation_accuracy")]
    [InlineData("mcc", null)]
    [InlineData("rmse", "validation_squared_error")]
    public void Read_ForeignMetric_SuggestsTheRightNameOrNone(string word, string? expected) => Assert.Equal(
        expected, Suggested(Assert.Single(Reading.Errors(Reading.Head + $"metric: {{name: {word}}}\n"))));

    [Theory]
    [InlineData("initializer", "glorot_normal", "xavier_normal")]
    [InlineData("initializer", "kaiming_uniform", "he_uniform")]
    [InlineData("loss", "categorical_crossentropy", "cross_entropy")]
    [InlineData("loss", "sparse_categorical_crossentropy", "cross_entropy")]
    [InlineData("loss", "mse", "mean_squared_error")]
    [InlineData("loss", "bce", "binary_cross_entropy")]
    [InlineData("activation", "identity", "linear")]
    [InlineData("learning_rate_schedule", "CosineAnnealingLR", "cosine")]
    [InlineData("learning_rate_schedule", "OneCycleLR", "one_cycle")]
    [InlineData("learning_rate_schedule", "StepLR", "step")]
    public void Read_Synonym_IsAcceptedWithANote(string parameter, string word, string expected)
    {
        // A network on which each of them has an effect: another note would say otherwise.
        var text = $"data: mnist\narchitectures: mlp-5\nparameters: {{{parameter}: {word}}}\n";

        var domain = (ChoiceDomain)Reading.Valid(text).Parameters.Single(p => p.Name == parameter).Branches[0].Domain;

        Assert.Equal(expected, domain.Values.Single().Text);
        Assert.Single(
            Reading.Notes(text),
            note => note.Contains($"parameters.{parameter}: '{word}' is {expected} here", StringComparison.Ordinal));
        Assert.Equal(expected, SweepVocabulary.Read(parameter, word).Text);
        Assert.NotNull(SweepVocabulary.Read(parameter, word).Note);
    }

    [Fact]
    public void Read_ManyUnknownNames_ListsTheAllowedOnesOnce()
    {
        var errors = Reading.Errors(Reading.Head + "parameters: {aaaaaaaa: 1, bbbbbbbb: 2, cccccccc: 3}\n");

        Assert.Equal(3, errors.Length);
        Assert.Single(errors, e => e.Contains("allowed: architecture, learning_rate", StringComparison.Ordinal));
        Assert.StartsWith("sweep.yaml:3:14", errors[0], StringComparison.Ordinal);
        Assert.Contains("allowed: architecture", errors[0], StringComparison.Ordinal);
    }

    /// <summary>Every name that any table of hints holds, and every one that a typing error leads to, is right where it
    /// is suggested.</summary>
    [Fact]
    public void Hints_AllOfThem_NameWhatIsAllowed()
    {
        string[] keys = [.. SweepRules.File.Keys.Select(k => k.Name)];
        foreach (var word in Words())
        {
            if (ForeignNames.OfKey(word)?.Name is { } key)
                Assert.Contains(key, keys.Concat(SweepVocabulary.Parameters));
            if (ForeignNames.OfParameter(word)?.Name is { } parameter)
                Assert.Contains(parameter, SweepVocabulary.Parameters.Concat(keys));
            if (ForeignNames.OfCondition(word)?.Name is { } condition)
                Assert.Contains(condition, SweepVocabulary.Parameters);
            if (SweepVocabulary.KeyOf(word) is { } meant)
                Assert.Contains(meant, keys.Concat(SweepVocabulary.Parameters));
        }

        foreach (var kind in new[] { "optimizer", "initializer", "activation", "loss", "learning_rate_schedule" })
        {
            Assert.NotEmpty(ForeignNames.Values(kind));
            foreach (var (word, hint) in ForeignNames.Values(kind))
            {
                Assert.True(
                    SweepVocabulary.Read(kind, word).Error is not null, $"{kind} takes '{word}', and has a hint");
                if (hint.Name is { } name)
                    Assert.Equal(name, SweepVocabulary.Read(kind, name).Text);
            }
        }
    }

    [Fact]
    public void Read_MisspeltNames_SuggestsOnlyWhatRemovesTheError()
    {
        var random = new Random(8);
        for (var i = 0; i < 500; i++)
        {
            var word = Misspelt(random, SweepVocabulary.Parameters[random.Next(SweepVocabulary.Parameters.Count)]);
            var text = Reading.Head + $"parameters: {{{word}: {{value: 0.5}}}}\n";
            var error = Array.Find(
                Reading.Errors(text), e => e.Contains("is not a key of", StringComparison.Ordinal));
            if (error is not null && Suggested(error) is { } name)
                Assert.DoesNotContain(
                    Reading.Errors(text.Replace($"{{{word}:", $"{{{name}:", StringComparison.Ordinal)),
                    e => e.Contains("is not a key of", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Words() => InParameters.Select(row => (string)row[0])
        .Concat(File.ReadAllText(Sweeps.Tests.RepositoryRoot.Combine(
            "src", "Core", "SweepFile", "Rules", "ForeignNames.cs")).Split('"', ' ').Where(w => Word().IsMatch(w)));

    private static string Misspelt(Random random, string name)
    {
        var letters = name.ToList();
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var at = random.Next(letters.Count);
            if (random.Next(2) == 0 && letters.Count > 2)
                letters.RemoveAt(at);
            else
                letters.Insert(at, (char)('a' + random.Next(26)));
        }

        return new([.. letters]);
    }

    private static string? Suggested(string error) =>
        Suggestion().Match(error) is { Success: true } match ? match.Groups[1].Value : null;

    private static string? Written(string error) =>
        Advice().Match(error) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("did you mean '([^']*)'")]
    private static partial Regex Suggestion();

    [GeneratedRegex("; write ([a-z_]+),")]
    private static partial Regex Advice();

    [GeneratedRegex("^[a-z_0-9]{2,}$")]
    private static partial Regex Word();
}

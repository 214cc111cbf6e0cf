using System.Globalization;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// The words of sweep files for other readers: the command line takes the same names and values, with the same limits,
/// synonyms and suggestions.
/// </summary>
public static class SweepVocabulary
{
    /// <summary>Names of the hyperparameters.</summary>
    public static IReadOnlyList<string> Parameters => Rules.Parameters.Names;

    /// <summary>The hyperparameter that a word means: its own name, or what another program calls it; null:
    /// none.</summary>
    public static string? ParameterOf(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return Parameters.FirstOrDefault(n => ForeignNames.Normalize(n) == ForeignNames.Normalize(word))
            ?? ForeignNames.OfCondition(word)?.Name;
    }

    /// <summary>The key of a sweep file, or the hyperparameter, that a word means; null: none.</summary>
    public static string? KeyOf(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return SweepRules.File.Keys.FirstOrDefault(
                k => k.Note is null && ForeignNames.Normalize(k.Name) == ForeignNames.Normalize(word))?.Name
            ?? ParameterOf(word) ?? ForeignNames.OfKey(word)?.Name;
    }

    /// <summary>A searcher's name in sweep files.</summary>
    internal static string NameOf(SearchMethod method) => method.ToString().ToLowerInvariant();

    /// <summary>How a sweep chooses its configurations, as a sentence's end.</summary>
    public static string SearchOf(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var guesses = specification.StartWith.Length switch
        {
            0 => string.Empty,
            1 => "1 first guess, then ",
            var count => string.Create(CultureInfo.InvariantCulture, $"{count} first guesses, then "),
        };
        var what = specification.Method switch
        {
            SearchMethod.Grid => "every combination",
            SearchMethod.Random => "combinations drawn at random",
            SearchMethod.Sobol => "points that fill the space evenly",
            SearchMethod.Nsga2 => string.Create(
                CultureInfo.InvariantCulture,
                $"points that fill the space evenly up to {specification.Warmup} configurations, then children of the "
                    + $"best {specification.Population} of those {specification.Lag} and more before them"),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"points that fill the space evenly{Denser(specification.Method)} up to {specification.Warmup} "
                    + $"configurations, then each by the scores of those {specification.Lag} and more before it"),
        };
        return $"{NameOf(specification.Method)}: {guesses}{what}";

        static string Denser(SearchMethod method) =>
            method == SearchMethod.CmaEs ? ", more of them near the middle of each range," : string.Empty;
    }

    /// <summary>The hyperparameters beside network, learning rate, batch, epochs, optimizer, initializer and loss: what
    /// <see cref="Complete"/> takes.</summary>
    public static IReadOnlyList<(string Name, string Description)> Settings { get; } =
    [
        .. Rules.Parameters.All.Where(parameter => TrainingSettings.Names.Contains(parameter.Name))
            .Select(parameter => (parameter.Name, $"{parameter.Doc} Default: {parameter.Default}.")),
    ];

    /// <summary>A configuration with values of <see cref="Settings"/>.</summary>
    /// <param name="configuration">Everything else of it.</param>
    /// <param name="valueOf">What was read under a name; null: nothing.</param>
    public static Hyperparameters Complete(Hyperparameters configuration, Func<string, WordReading?> valueOf) =>
        TrainingSettings.Complete(configuration, name => valueOf(name) is not { } value ? null
            : value.Text is { } text ? ParameterValue.Of(text) : ParameterValue.Of(value.Number));

    /// <summary>The learning rate where nothing is said.</summary>
    public static double LearningRateOf(OptimizerKind optimizer) => SearchSpace.DefaultLearningRate(optimizer);

    /// <summary>Reads one value of a hyperparameter as a sweep file would.</summary>
    /// <param name="parameter">Its name.</param>
    /// <param name="text">What was written.</param>
    public static WordReading Read(string parameter, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(Rules.Parameters.Get(parameter).Rule, text, value => (value.Text, value.Number));
    }

    /// <summary>Reads a seed as a sweep file would.</summary>
    public static WordReading ReadSeed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read((Rule<long>)SweepRules.Seed.Rule, text, seed => (null, seed));
    }

    /// <summary>Reads an engine as a sweep file would.</summary>
    public static WordReading ReadEngine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read((Rule<EngineKind>)SweepRules.Engine.Rule, text, engine => (engine.ToString(), 0));
    }

    /// <summary>Reads an order of samples as a sweep file would.</summary>
    public static WordReading ReadSampleOrder(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read((Rule<SampleOrder>)SweepRules.SampleOrder.Rule, text, order => (order.ToString(), 0));
    }

    private static WordReading Read<T>(Rule<T> rule, string text, Func<T, (string? Text, double Number)> meaning)
        where T : notnull
    {
        var context = new ReadingContext();
        // In quotes nothing is empty, and true and false are none.
        var node = new SourceScalar(default, text, isQuoted: !bool.TryParse(text, out _));
        if (!rule.Read(node, "", context, out var value))
            return new(context.Errors.First().Message, null, 0, null);
        var (canonical, number) = meaning(value);
        return new(null, canonical, number, context.Notes.FirstOrDefault()?.Message);
    }
}

/// <summary>A value that was read outside a sweep file.</summary>
/// <param name="Error">What is wrong, what is allowed, and the nearest valid word; null: nothing.</param>
/// <param name="Text">The canonical name; null for a number.</param>
/// <param name="Number">The number; 0 for a name.</param>
/// <param name="Note">What is worth knowing about what was written: a synonym is read as our name; null:
/// nothing.</param>
public sealed record WordReading(string? Error, string? Text, double Number, string? Note);

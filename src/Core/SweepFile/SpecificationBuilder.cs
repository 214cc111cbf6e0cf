using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Makes a specification of a file's nodes. Keys that the rules refused are taken as absent, so that what is wrong
/// elsewhere is still found.
/// </summary>
internal sealed class SpecificationBuilder(SourceMap root, ReadingContext context)
{
    private static readonly MapRule Rules = SweepRules.File;

    /// <summary>The specification; it means something only if there are no errors.</summary>
    public SweepSpecification Build()
    {
        NoteForeignKeys();
        var data = ReadData();
        var architectures = new ArchitectureSection(KnownDataSets.Find(data.Source), context);
        architectures.Read(root.ValueOf("architectures"));
        var parameters = ReadParameters(architectures);
        var (folds, fraction) = ReadValidation();
        var specification = new SweepSpecification
        {
            Name = Rules.Text(root, "name"),
            Description = Rules.Text(root, "description"),
            Data = data,
            Method = ReadMethod(),
            Metric = ReadMetric(data),
            Folds = folds,
            HoldoutFraction = fraction,
            Epochs = ReadEpochs(parameters),
            Architectures = architectures.Named,
            Parameters = [.. parameters.Select(p => p.Parameter)],
            RunCap = Rules.Integer(root, "run_cap"),
            Seed = (long?)Rules.Number(root, "seed") ?? 1,
            Patience = Rules.Integer(root, "patience"),
            Refit = Rules.Flag(root, "refit") ?? true,
            Slots = Rules.Integer(root, "slots"),
        };
        ConditionCheck.Run(parameters, context);
        return SearchCheck.Run(specification, parameters, root, context);
    }

    private List<ReadParameter> ReadParameters(ArchitectureSection architectures)
    {
        var parameters = root.ValueOf("parameters") is SourceMap map
            ? ParameterReader.Read(map, (MapRule)Rules.Keys.First(k => k.Name == "parameters").Rule, context)
            : [];
        var index = parameters.FindIndex(p => p.Parameter.Name == ParameterNames.Architecture);
        if (index >= 0)
        {
            parameters[index] = architectures.Resolve(parameters[index]);
        }
        else if (!architectures.Named.IsEmpty)
        {
            parameters.Insert(0, new(architectures.Parameter(), root.ValueOf("architectures")!, "architectures"));
        }
        else if (root.ValueOf("architectures") is null
            && (root.ValueOf("parameters") as SourceMap)?.ValueOf(ParameterNames.Architecture) is null)
        {
            context.Error(root, "",
                "a sweep needs networks: write 'architectures', for example architectures: [linear, mlp-128-128]");
        }

        return [.. parameters.Select(p => p with { Parameter = architectures.ResolveConditions(p.Parameter) })];
    }

    private DataSource ReadData()
    {
        var node = root.ValueOf("data");
        if (node is not SourceMap map)
            return Source(node as SourceScalar, "data", isPath: null);
        var (name, path) = (map.ValueOf("name") as SourceScalar, map.ValueOf("path") as SourceScalar);
        if ((name is null) == (path is null))
        {
            context.Error(map, "data", name is null
                ? "'data' needs 'name' (mnist, fashion-mnist, cifar-10, digits) or 'path' (a CSV file)"
                : "'data' has both 'name' and 'path'; keep one");
            return new("", IsFile: true);
        }

        var source = Source(name ?? path, name is null ? "data.path" : "data.name", isPath: name is null);
        if (!source.IsFile && source.Source.Length > 0)
        {
            foreach (var key in new[] { "label", "task" })
            {
                if (map.Find(key) is { } entry)
                    context.Errors.Add(entry.KeyPosition, $"data.{key}",
                        $"'{key}' is for CSV files; {source.Source} says itself what to predict");
            }
        }

        return source with
        {
            Label = SweepRules.Data.Text(map, "label"),
            Task = SweepRules.Data.Text(map, "task") is { } task ? Enum.Parse<TaskKind>(task, ignoreCase: true) : null,
            Samples = SweepRules.Data.Integer(map, "samples"),
        };
    }

    private DataSource Source(SourceScalar? node, string key, bool? isPath)
    {
        var text = node?.Text.Trim() ?? "";
        if (isPath != true && KnownDataSets.Find(text) is { } known)
            return new(known.Name, IsFile: false);
        var looksLikePath = text.Contains('/', StringComparison.Ordinal)
            || text.Contains('\\', StringComparison.Ordinal)
            || text.Contains('.', StringComparison.Ordinal);
        if (node is not null && text.Length > 0 && isPath != true && (isPath == false || !looksLikePath))
            context.Error(node, key, $"{node.Found} is not a data set; {DidYouMean(text)}allowed: "
                + $"{string.Join(", ", KnownDataSets.Names)}, or the path of a CSV file, as in ./name.csv");
        return new(text, IsFile: true);
    }

    private static string DidYouMean(string text) =>
        NearestName.Find(text, KnownDataSets.Names) is { } nearest ? $"did you mean '{nearest}'? " : "";

    /// <summary>A method that is wrong counts as the one that asks least, so that no error follows from an
    /// error.</summary>
    private SearchMethod ReadMethod()
    {
        if (Rules.Text(root, "method") is { } method)
            return Enum.Parse<SearchMethod>(method, ignoreCase: true);
        return root.ValueOf("method") is null ? SearchMethod.Grid : SearchMethod.Random;
    }

    private string? ReadMetric(DataSource data)
    {
        var node = root.ValueOf("metric") switch
        {
            SourceMap map => map.ValueOf("name"),
            var other => other,
        };
        if (node is not SourceScalar scalar || SweepRules.MetricNames.Canonical(scalar.Text) is not { } name)
            return null;
        var best = name == "validation_accuracy" ? "maximize" : "minimize";
        if (root.ValueOf("metric") is SourceMap given && SweepRules.Metric.Text(given, "goal") is { } goal
            && !goal.Equals(best, StringComparison.OrdinalIgnoreCase))
        {
            context.Error(
                given.ValueOf("goal")!, "metric.goal", $"{name} is {best}d; write goal: {best}, or leave it out");
        }

        if (data.Task == TaskKind.Regression && best == "maximize")
            context.Error(node, "metric", "a regression has no accuracy; allowed: validation_error, validation_loss");
        return name;
    }

    private (int Folds, double Fraction) ReadValidation()
    {
        var (folds, fraction) = (root.ValueOf("folds"), root.ValueOf("validation"));
        if (folds is not null && fraction is not null)
            context.Error(fraction, "validation", "the file has both 'folds' and 'validation'; keep one");
        return fraction is null
            ? (Rules.Integer(root, "folds") ?? 5, 0)
            : (0, Rules.Number(root, "validation") ?? 0.1);
    }

    private int ReadEpochs(List<ReadParameter> parameters)
    {
        var node = root.ValueOf("epochs");
        var searched = parameters.Find(p => p.Parameter.Name == ParameterNames.Epochs)?.Parameter;
        if (node is not null && searched is not null && searched.Branches.Any(b => b.When.IsEmpty))
            context.Error(node, "epochs", "'epochs' is among the parameters too; keep one");
        return Rules.Integer(root, "epochs") ?? 10;
    }

    private void NoteForeignKeys()
    {
        foreach (var entry in root.Entries)
        {
            if (Rules.Keys.FirstOrDefault(k => k.Name == entry.Key)?.Note is { } note)
                context.Notes.Add(entry.KeyPosition, entry.Key, $"'{entry.Key}' {note}");
        }

        if ((root.ValueOf("metric") as SourceMap)?.Find("target") is { } target)
            context.Notes.Add(target.KeyPosition, "metric.target",
                $"'target' {SweepRules.Metric.Keys.First(k => k.Name == "target").Note}");
    }
}

/// <summary>What the parts of the reader share: where problems go, and how other files are read.</summary>
internal sealed class ReadingContext(Func<string, string>? readFile)
{
    /// <summary>Everything that is wrong.</summary>
    public ProblemList Errors { get; } = new();

    /// <summary>What is accepted and has no effect.</summary>
    public ProblemList Notes { get; } = new();

    /// <summary>The text of another file; null where files cannot be read.</summary>
    public Func<string, string>? ReadFile => readFile;

    /// <summary>Adds an error at a node.</summary>
    public void Error(SourceNode node, string path, string message) => Errors.Add(node.Position, path, message);

    /// <summary>Adds a note at a node.</summary>
    public void Note(SourceNode node, string path, string message) => Notes.Add(node.Position, path, message);
}

/// <summary>Takes values out of a map that its rule accepted; a key that is missing or wrong gives null.</summary>
internal static class Scalars
{
    /// <summary>The value of a key, if its rule accepts it.</summary>
    public static SourceNode? Accepted(this MapRule rule, SourceMap map, string key) =>
        map.ValueOf(key) is { } node && rule.Keys.First(k => k.Name == key).Rule.Accepts(node) ? node : null;

    /// <summary>A text.</summary>
    public static string? Text(this MapRule rule, SourceMap map, string key) =>
        (rule.Accepted(map, key) as SourceScalar)?.Text.Trim();

    /// <summary>A number.</summary>
    public static double? Number(this MapRule rule, SourceMap map, string key) =>
        rule.Accepted(map, key) is SourceScalar scalar && scalar.TryGetNumber(out var number) ? number : null;

    /// <summary>A whole number.</summary>
    public static int? Integer(this MapRule rule, SourceMap map, string key) => (int?)rule.Number(map, key);

    /// <summary>True or false.</summary>
    public static bool? Flag(this MapRule rule, SourceMap map, string key) =>
        rule.Accepted(map, key) is SourceScalar scalar && scalar.TryGetFlag(out var flag) ? flag : null;

    /// <summary>A number known to be one.</summary>
    public static double NumberOf(SourceNode node) =>
        node is SourceScalar scalar && scalar.TryGetNumber(out var number) ? number : double.NaN;

    /// <summary>A value that the parameter's rule accepted, under its canonical name.</summary>
    public static ParameterValue ValueOf(ParameterDescription parameter, SourceNode node)
    {
        var scalar = (SourceScalar)node;
        return parameter.Rule switch
        {
            NumberRule => ParameterValue.Of(NumberOf(scalar)),
            FlagRule => ParameterValue.Of(scalar.TryGetFlag(out var flag) && flag),
            ChoiceRule choices => ParameterValue.Of(choices.Canonical(scalar.Text)!),
            _ => ParameterValue.Of(scalar.Text.Trim()),
        };
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Makes a specification of what the rules read: finds what takes two keys to see, and completes what the file leaves
/// out. Keys that the rules refused are taken as absent, so that what is wrong elsewhere is still found.
/// </summary>
internal sealed class SpecificationBuilder(MapValues file, ReadingContext context)
{
    /// <summary>Most trials of one configuration.</summary>
    private const int MaxTrials = 1_000;

    private readonly SourceMap _root = file.Node;

    /// <summary>The specification; it means something only if there are no errors.</summary>
    public SweepSpecification Build()
    {
        NoteForeignKeys();
        var data = ReadData();
        var architectures = new ArchitectureSection(KnownDataSets.Find(data.Source), context);
        architectures.Read(file.Get(SweepRules.Architectures, []));
        var parameters = ReadParameters(architectures);
        var weights = new WeightsSection(file, context);
        var initial = weights.Read();
        weights.Complete(parameters, initial);
        var (folds, repeats, fraction, first) = ReadValidation();
        var objectives = new ObjectiveReader(file, context);
        var metrics = objectives.Read(data);
        var method = ReadMethod();
        var schedule = new ScheduleReader(file, method.Learns(), context).Read();
        var population = file.Get(SweepRules.Population, Nsga2Searcher.DefaultPopulation);
        var specification = new SweepSpecification
        {
            Name = file.Find(SweepRules.Name),
            Description = file.Find(SweepRules.Description),
            Data = data,
            Method = method,
            Metric = metrics.FirstOrDefault(),
            FurtherMetrics = [.. metrics.Skip(1)],
            Choose = objectives.ReadChoice(metrics.Length),
            Folds = folds,
            Repeats = repeats,
            Seeds = ReadSeeds(folds, repeats),
            HoldoutFraction = fraction,
            HoldoutFirst = first,
            Epochs = ReadEpochs(parameters),
            Architectures = architectures.Named,
            InitialWeights = initial,
            Parameters = [.. parameters.Select(p => p.Parameter)],
            RunCap = file.FindValue(SweepRules.RunCap),
            Lag = file.Get(
                SweepRules.Lag,
                SweepSpecification.DefaultLag(
                    Math.Max(1, folds) * repeats * file.Get(SweepRules.Seeds, 1), schedule)),
            Warmup = file.Get(
                SweepRules.Warmup, method == SearchMethod.Nsga2 ? population : SweepSpecification.DefaultWarmup),
            Population = population,
            Seed = file.Get(SweepRules.Seed, 1),
            Patience = file.FindValue(SweepRules.Patience),
            Score = file.Get(SweepRules.Score, ScoredEpoch.Last),
            SampleOrder = file.Get(SweepRules.SampleOrder, SampleOrder.Own),
            Schedule = schedule,
            Refit = file.Get(SweepRules.Refit, true),
            Reuse = file.Get(SweepRules.Reuse, true),
            Engine = file.Get(SweepRules.Engine, EngineKind.Auto),
            KeepCheckpoints = file.Get(SweepRules.KeepCheckpoints, false),
            Slots = file.FindValue(SweepRules.Slots),
        };
        objectives.CheckSearch(specification);
        ConditionCheck.Run(parameters, context);
        specification = SearchCheck.Run(specification, parameters, _root, context);
        return context.Errors.Count == 0 ? WithSearch(specification) : specification;
    }

    private SweepSpecification WithSearch(SweepSpecification specification)
    {
        var method = SweepVocabulary.NameOf(specification.Method);
        foreach (Key key in new Key[] { SweepRules.Lag, SweepRules.Warmup })
        {
            if (file.NodeOf(key) is { } node && !specification.Method.Learns())
                context.Note(node, key.Name, $"'{key.Name}' has no effect: {method} does not learn from scores");
        }

        if (file.NodeOf(SweepRules.Population) is { } population && specification.Method != SearchMethod.Nsga2)
            context.Note(
                population, SweepRules.Population.Name, $"'population' has no effect: {method} has no parents");
        if (!file.TryGet(SweepRules.StartWith, out var guesses))
            return specification;
        if (specification.Method == SearchMethod.Grid)
        {
            context.Note(
                file.NodeOf(SweepRules.StartWith)!, SweepRules.StartWith.Name,
                $"'{SweepRules.StartWith.Name}' has no effect: a grid tries every combination");
            return specification;
        }

        var read = new FirstGuesses(specification, context).Read(guesses);
        if (specification.RunCap < read.Length)
        {
            context.Note(
                file.NodeOf(SweepRules.StartWith)!, SweepRules.StartWith.Name, string.Create(
                    CultureInfo.InvariantCulture,
                    $"of {read.Length} first guesses {specification.RunCap} are tried: 'run_cap' is smaller"));
        }

        return specification with { StartWith = read };
    }

    private List<ReadParameter> ReadParameters(ArchitectureSection architectures)
    {
        var parameters = new List<ReadParameter>();
        var map = file.Get(SweepRules.ParameterMap, MapValues.Empty);
        foreach (var entry in map.Node.Entries)
        {
            if (map.KeyOf<ImmutableArray<ParameterBranch>>(entry.Key) is { } key)
                parameters.Add(new(new(entry.Key, map.Get(key)), entry.Value, $"parameters.{entry.Key}"));
        }

        AddSections(parameters);
        var index = parameters.FindIndex(p => p.Parameter.Name == ParameterNames.Architecture);
        var section = file.NodeOf(SweepRules.Architectures);
        if (index >= 0)
        {
            parameters[index] = architectures.Resolve(parameters[index]);
        }
        else if (!architectures.Named.IsEmpty)
        {
            parameters.Insert(0, new(architectures.Parameter(), section!, "architectures"));
        }
        else if (section is null && map.Node.ValueOf(ParameterNames.Architecture) is null)
        {
            context.Error(_root, "",
                "a sweep needs networks: write 'architectures', for example architectures: [linear, mlp-128-128]");
        }

        return [.. parameters.Select(p => p with { Parameter = architectures.ResolveConditions(p.Parameter) })];
    }

    /// <summary>Parameters that the file may give keys of their own.</summary>
    private void AddSections(List<ReadParameter> parameters)
    {
        if (file.TryGet(SweepRules.ClassWeights, out var weights))
        {
            Add(new(ParameterNames.ClassWeights, [new([], new ChoiceDomain(ParameterValue.Of(weights)))]),
                file.NodeOf(SweepRules.ClassWeights)!, SweepRules.ClassWeights.Name);
        }

        var changes = file.Get(SweepRules.Augment, MapValues.Empty);
        foreach (var entry in changes.Node.Entries)
        {
            if (changes.KeyOf<ImmutableArray<ParameterBranch>>(entry.Key) is { } key)
                Add(new(ParameterNames.Augment + entry.Key, changes.Get(key)), entry.Value, $"augment.{entry.Key}");
        }

        void Add(SearchedParameter parameter, SourceNode node, string path)
        {
            if (parameters.Exists(p => p.Parameter.Name == parameter.Name))
                context.Error(node, path, $"'{parameter.Name}' is among the parameters too; keep one");
            else
                parameters.Add(new(parameter, node, path));
        }
    }

    private DataSource ReadData()
    {
        var node = file.NodeOf(SweepRules.Data);
        if (node is not SourceMap map)
            return Source(node as SourceScalar, "data", isPath: null);
        var name = map.ValueOf(DataRules.Name.Name) as SourceScalar;
        var path = map.ValueOf(DataRules.Path.Name) as SourceScalar;
        if ((name is null) == (path is null))
        {
            context.Error(map, "data", name is null
                ? "'data' needs 'name' (mnist, fashion-mnist, cifar-10, digits) or 'path' (a CSV file, or a folder of "
                    + "pictures)"
                : "'data' has both 'name' and 'path'; keep one");
            return new("", IsFile: true);
        }

        var source = Source(name ?? path, name is null ? "data.path" : "data.name", isPath: name is null);
        if (!source.IsFile && source.Source.Length > 0)
        {
            foreach (var key in new Key[] { DataRules.Size, DataRules.Color })
            {
                if (map.Find(key.Name) is { } entry)
                    context.Errors.Add(entry.KeyPosition, $"data.{key.Name}",
                        $"'{key.Name}' is for folders of pictures; those of {source.Source} are as they are");
            }

            foreach (var key in (Key[])[DataRules.Label, DataRules.Group, DataRules.Task, .. DataRules.Reading])
            {
                if (map.Find(key.Name) is { } entry)
                    context.Errors.Add(entry.KeyPosition, $"data.{key.Name}",
                        $"'{key.Name}' is for CSV files; {source.Source} "
                            + (key == DataRules.Group ? "has no groups"
                                : DataRules.Reading.Contains(key) ? "is no table" : "says itself what to predict"));
            }
        }

        var data = file.Get(SweepRules.Data);
        CheckOutputs(map, data);
        return source with
        {
            Label = data.Find(DataRules.Label),
            Group = data.Find(DataRules.Group),
            Reading = DataRules.ReadingOf(data),
            Pictures = PicturesOf(data),
            Task = data.FindValue(DataRules.Task),
            Samples = data.FindValue(DataRules.Samples),
        };
    }

    private void CheckOutputs(SourceMap map, MapValues data)
    {
        var there = ((Key[])[DataRules.Label, DataRules.Target, DataRules.Labels])
            .Where(key => map.Find(key.Name) is not null).Select(key => key.Name).ToList();
        if (there.Count > 1)
            Bad(there[^1], $"'data' has both '{there[0]}' and '{there[^1]}'; keep one");
        var task = data.FindValue(DataRules.Task);
        if (there.Contains(DataRules.Target.Name) && task == TaskKind.Classification)
            Bad(DataRules.Target.Name, "'target' names numbers to predict; classes are one column, 'label'");
        if (there.Contains(DataRules.Labels.Name) && task is not null)
            Bad(DataRules.Labels.Name, "'labels' says itself what to predict; leave 'task' out");
        var separator = map.Find(DataRules.LabelSeparator.Name) is not null;
        var columns = data.TryGet(DataRules.Labels, out var labels) ? labels.Length : 0;
        if (separator && columns != 1)
            Bad(DataRules.LabelSeparator.Name, columns == 0
                ? "it is for a column that names several labels; write it as 'labels'"
                : $"it is for one column that names several labels, and 'labels' has {columns}; leave it out where "
                    + "each is 0 or 1");
        if (!separator && columns == 1)
            Bad(DataRules.Labels.Name, $"one column has several labels with 'label_separator' alone; name what is "
                + "between them, or write 'label' for one class of several");

        void Bad(string key, string says) =>
            context.Errors.Add(map.Find(key)!.KeyPosition, $"data.{key}", says);
    }

    private static PictureForm? PicturesOf(MapValues data)
    {
        var color = data.FindValue(DataRules.Color);
        if (PictureForm.TryParseSize(data.Find(DataRules.Size), out var size))
            return new(size.Height, size.Width, color);
        return color is null ? null : new(null, null, color);
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
                + $"{string.Join(", ", KnownDataSets.Names)}, or the path of a CSV file or a folder of pictures, as in "
                + "./name.csv or ./name/");
        return new(text, IsFile: true);
    }

    private static string DidYouMean(string text) =>
        NearestName.Find(text, KnownDataSets.Names) is { } nearest ? $"did you mean '{nearest}'? " : "";

    /// <summary>A method that is wrong counts as the one that asks least, so that no error follows from an
    /// error.</summary>
    private SearchMethod ReadMethod() => file.Get(
        SweepRules.Method, file.NodeOf(SweepRules.Method) is null ? SearchMethod.Grid : SearchMethod.Random);

    private (int Folds, int Repeats, double Fraction, int First) ReadValidation()
    {
        var fraction = file.NodeOf(SweepRules.Validation);
        var folds = file.Get(SweepRules.Folds, MapValues.Empty);
        if (fraction is null)
            return (folds.Get(SweepRules.FoldCount, 5), folds.Get(SweepRules.FoldRepeats, 1), 0, 0);
        if (file.NodeOf(SweepRules.Folds) is not null)
            context.Error(fraction, "validation", "the file has both 'folds' and 'validation'; keep one");
        var held = file.Get(SweepRules.Validation, MapValues.Empty);
        return held.TryGet(SweepRules.ValidationFirst, out var first)
            ? (0, 1, 0, first)
            : (0, 1, held.Get(SweepRules.ValidationShare, 0.1), 0);
    }

    private int ReadSeeds(int folds, int repeats)
    {
        var seeds = file.Get(SweepRules.Seeds, 1);
        var trials = Math.Max(1, folds) * repeats * seeds;
        if (trials > MaxTrials)
        {
            context.Error(
                file.NodeOf(SweepRules.Seeds) ?? file.NodeOf(SweepRules.Folds)!, SweepRules.Folds.Name,
                $"{Log.SweepPlan.TrialsText(folds, repeats, seeds)} are {trials} trials of each configuration; "
                    + $"allowed: at most {MaxTrials}");
        }

        return seeds;
    }

    private int ReadEpochs(List<ReadParameter> parameters)
    {
        var node = file.NodeOf(SweepRules.Epochs);
        var searched = parameters.Find(p => p.Parameter.Name == ParameterNames.Epochs)?.Parameter;
        if (node is not null && searched is not null && searched.Branches.Any(b => b.When.IsEmpty))
            context.Error(node, "epochs", "'epochs' is among the parameters too; keep one");
        return file.Get(SweepRules.Epochs, 10);
    }

    private void NoteForeignKeys()
    {
        SweepRules.File.NoteForeignKeys(_root, "", context);
        var written = file.NodeOf(SweepRules.Metric);
        foreach (var metric in (written is SourceList list ? [.. list.Items] : new[] { written }).OfType<SourceMap>())
            SweepRules.MetricMap.NoteForeignKeys(metric, SweepRules.Metric.Name, context);
    }
}

/// <summary>A parameter and the place that later checks blame.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Node">What the file says of it.</param>
/// <param name="Path">Its path.</param>
internal sealed record ReadParameter(SearchedParameter Parameter, SourceNode Node, string Path)
{
    /// <summary>Where one branch is written.</summary>
    public SourceNode NodeOf(int branch) => Node is SourceList list && list.Items[branch] is SourceMap map ? map : Node;
}

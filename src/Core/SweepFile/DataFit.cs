using System.Globalization;
using Sweeps.Core.Networks;
using Sweeps.Core.Results;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// What a sweep's data decide about it before anything is trained: whether each configuration can be trained at all,
/// and what the file asks for that cannot take place on so many samples.
/// </summary>
public static class DataFit
{
    private const int LeastNamed = 3;
    private const int PointsChecked = 1_000;

    /// <summary>Adds what the data refuse, at the line that asks for it, and what is worth knowing.</summary>
    /// <param name="reading">The file; with errors, it comes back as it is.</param>
    /// <param name="data">Shape and size of the data set.</param>
    /// <param name="samples">How many samples a trial has.</param>
    public static SpecificationReading On(this SpecificationReading reading, DataSize data, SampleCounts samples)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(samples);
        if (reading.Specification is not { } specification)
            return reading;
        var searcher = specification.CreateSearcher();
        // What a method that learns will try is not known: many points spread over the space stand for it.
        var count = specification.Method.Learns()
            ? Math.Min(searcher.Count, Math.Max(PointsChecked, SpecificationPlan.ConfigurationsOf(specification)))
            : SpecificationPlan.ConfigurationsOf(specification);
        var tried = Enumerable.Range(0, count)
            .Select(n => searcher.Propose(n, []).Hyperparameters).ToList();
        reading = CheckTask(reading, specification, data, tried);
        foreach (var configuration in tried.Where(c => ArchitectureTemplate.Find(c.Architecture) is null)
            .DistinctBy(c => c.Architecture))
            reading = CheckNetwork(reading, configuration, data, specification.Engine);
        foreach (var configuration in tried.Where(c => c.Freeze is not null)
            .DistinctBy(c => (c.Architecture, c.Sizes, c.Freeze)))
            reading = CheckFreeze(reading, configuration, data);
        reading = NoteEqualFreezes(reading, tried, data);
        var loss = tried.Find(c => c.Loss is not null)?.Loss;
        foreach (var (text, message) in SizeCheck.Errors(
            specification, tried, c => _ = CreateNetwork(c with { Loss = loss }, data, specification.Engine)))
            reading = WithError(reading, text, message);
        reading = CheckWeights(reading, tried, samples);
        return NoteClasses(
            NoteBatches(NoteRepeats(reading, specification, tried), tried, samples), specification, samples);
    }

    /// <summary>The configurations that a sweep may try, one for each network and weights to start with: of a method
    /// that learns those of many points of the space.</summary>
    public static IReadOnlyList<Hyperparameters> NetworksOf(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var searcher = specification.CreateSearcher();
        return [.. Enumerable.Range(0, Math.Min(searcher.Count, PointsChecked))
            .Select(n => searcher.Propose(n, []).Hyperparameters)
            .DistinctBy(c => (c.Layers(), c.InitialWeights, c.Freeze))];
    }

    private static SpecificationReading CheckTask(
        SpecificationReading reading, SweepSpecification specification, DataSize data, List<Hyperparameters> tried)
    {
        const string Loss = $"parameters.{ParameterNames.Loss}";
        reading = CheckMetrics(reading, specification, data);
        if (data.Input.IsFlat && tried.Exists(c => c.Augment is not null))
        {
            var searched = Rules.Parameters.Names.Where(
                name => name.StartsWith(ParameterNames.Augment, StringComparison.Ordinal));
            reading = reading.WithError(
                reading.Written(["augment", .. searched.Select(name => $"parameters.{name}"), "augment"]),
                "only pictures can be changed, and the data are a table; leave it out");
        }

        if (data.Task != TaskKind.Classification && tried.Exists(c => c.ClassWeights is not null))
        {
            var there = data.Task == TaskKind.MultiLabel ? "several labels" : "a number to predict";
            reading = reading.WithError(
                reading.Written(ParameterNames.ClassWeights, $"parameters.{ParameterNames.ClassWeights}"),
                $"class weights need classes, and the data have {there}; leave them out");
        }

        if (data.Task == TaskKind.Regression)
        {
            if (tried.Exists(c => c.Loss == LossKind.CrossEntropy))
            {
                reading = reading.WithError(Loss,
                    "cross_entropy needs classes, and the data have a number to predict; allowed: "
                    + "mean_squared_error, or binary_cross_entropy for numbers from 0 to 1");
            }

            if (tried.Exists(c => c.LabelSmoothing is not null))
            {
                reading = reading.WithError($"parameters.{ParameterNames.LabelSmoothing}",
                    "label_smoothing needs classes, and the data have a number to predict; leave it out");
            }

            return tried.Exists(c => c.Loss == LossKind.BinaryCrossEntropy)
                ? reading.WithNote(Loss, "binary_cross_entropy takes the number to predict for a probability: it means "
                    + "something for numbers from 0 to 1 only")
                : reading;
        }

        if (data.Task == TaskKind.MultiLabel
            && tried.Find(c => c.LossOf(data.Task) != LossKind.BinaryCrossEntropy) is { } other)
        {
            reading = reading.WithError(Loss,
                $"{ConfigurationText.Word(other.LossOf(data.Task))} does not fit several labels, each of which is "
                + "there or not by itself; allowed: binary_cross_entropy, the default");
        }

        if (ObjectiveReader.SameOfClasses([specification.Metric ?? "", .. specification.FurtherMetrics]) is { } same
            && specification.Data.Task is null)
            reading = reading.WithError("metric", same);
        return data.Outputs > 2 && data.Task == TaskKind.Classification
            && tried.Exists(c => c.Loss == LossKind.BinaryCrossEntropy)
            ? reading.WithNote(Loss, string.Create(
                CultureInfo.InvariantCulture, $"binary_cross_entropy on {data.Outputs} classes judges each class by "
                    + $"itself, yes or no; cross_entropy is for one class of several"))
            : reading;
    }

    private static SpecificationReading CheckMetrics(
        SpecificationReading reading, SweepSpecification specification, DataSize data)
    {
        string?[] names = [specification.Metric, .. specification.FurtherMetrics];
        foreach (var name in names.OfType<string>())
        {
            if (!Log.SweepMetric.Fits(name, data.Task) && specification.Data.Task is null)
            {
                reading = reading.WithError("metric", ObjectiveReader.Refused(name, data.Task));
            }
            else if (Log.SweepMetric.ClassesOf(name) is > 0 and var most && data.Task == TaskKind.Classification
                && data.Outputs <= most)
            {
                reading = reading.WithError("metric", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} of {data.Outputs} classes is always 1; write validation_accuracy"));
            }
        }

        return reading;
    }

    private static SpecificationReading CheckWeights(
        SpecificationReading reading, List<Hyperparameters> tried, SampleCounts samples)
    {
        if (samples.Classes.Count == 0)
            return reading;
        var names = samples.Classes.Select(c => c.Name).ToList();
        foreach (var text in tried.Select(c => c.ClassWeights).OfType<string>().Distinct())
        {
            if (ClassWeights.Unknown(text, names) is not [var unknown, ..])
                continue;
            var near = NearestName.Find(unknown, names) is { } nearest ? $"; did you mean '{nearest}'?" : "";
            reading = reading.WithError(
                reading.Written(ParameterNames.ClassWeights, $"parameters.{ParameterNames.ClassWeights}"),
                $"'{Quote.Short(unknown)}' is no class of the data{near}; classes: "
                    + Quote.Short(string.Join(", ", names)));
        }

        return reading;
    }

    private static SpecificationReading CheckNetwork(
        SpecificationReading reading, Hyperparameters configuration, DataSize data, EngineKind engine)
    {
        try
        {
            CreateNetwork(configuration, data, engine);
            return reading;
        }
        catch (SweepsException error)
        {
            return WithError(reading, configuration.Architecture, error.Message);
        }
    }

    private static SpecificationReading CheckFreeze(
        SpecificationReading reading, Hyperparameters configuration, DataSize data)
    {
        try
        {
            Freezing.LayersOf(configuration.Freeze, CreateNetwork(configuration, data));
            return reading;
        }
        catch (SweepsException error)
        {
            return error is ArchitectureException || !error.Message.StartsWith("freeze: ", StringComparison.Ordinal)
                ? reading
                : reading.WithError(
                    reading.Written($"parameters.{ParameterNames.Freeze}", ParameterNames.Freeze),
                    error.Message["freeze: ".Length..]);
        }
    }

    // Their texts belong to what names a result, and so they stay two.
    private static SpecificationReading NoteEqualFreezes(
        SpecificationReading reading, List<Hyperparameters> tried, DataSize data)
    {
        if (reading.Specification is null)
            return reading;
        foreach (var network in tried.Where(c => c.Freeze is not null).DistinctBy(c => (c.Layers(), c.Freeze))
            .GroupBy(c => c.Layers()).Where(group => group.Count() > 1))
        {
            var plan = CreateNetwork(network.First(), data);
            var equal = network.GroupBy(c => string.Join(' ', Freezing.LayersOf(c.Freeze, plan).Order()))
                .FirstOrDefault(group => group.Count() > 1);
            if (equal is not null)
                return reading.WithNote(
                    reading.Written($"parameters.{ParameterNames.Freeze}", ParameterNames.Freeze),
                    $"{string.Join(" and ", equal.Select(c => $"'{c.Freeze}'"))} freeze the same layers of "
                        + $"'{Quote.Short(network.First().Architecture)}', which is trained once for each: keep one");
        }

        return reading;
    }

    private static NetworkShape CreateNetwork(
        Hyperparameters configuration, DataSize data, EngineKind engine = EngineKind.Auto)
    {
        var network = configuration.NetworkOn(
            data.Input, data.Outputs, configuration.LossOf(data.Task), data.Task);
        return engine == EngineKind.Native && EngineChoice.NativeProblem(network) is { } problem
            ? throw new SweepsException(ErrorKind.Usage, problem)
            : network;
    }

    private static SpecificationReading WithError(SpecificationReading reading, string architecture, string message) =>
        reading.ArchitecturePlaces.TryGetValue(architecture, out var place)
            ? reading.WithError(place, "architectures", message)
            : reading.WithError("architectures", message);

    /// <summary>A random search draws from rounded distributions without looking at what it drew before.</summary>
    private static SpecificationReading NoteRepeats(
        SpecificationReading reading, SweepSpecification specification, List<Hyperparameters> tried)
    {
        var isRandom = specification.Method is SearchMethod.Random or SearchMethod.Sobol;
        var hasSizes = tried.Exists(c => c.Sizes is not null);
        // What one that learns will try is not known: 'tried' stands for all that it may.
        if (reading.Specification is null || specification.Method.Learns() || (!isRandom && !hasSizes))
            return reading;
        // Architectures with sizes may become the same network; of very many it would take long to read each.
        var different = hasSizes && tried.Count <= SizedNetworks.MaxNetworks
            ? tried.DistinctBy(c => (HyperparametersKey.Canonical(c, c.ReadArchitecture()), c.Epochs)).Count()
            : tried.Distinct().Count();
        if (different == tried.Count)
            return reading;
        var counted = string.Create(
            CultureInfo.InvariantCulture,
            $"of {tried.Count} configurations{(isRandom ? " that are drawn" : "")}, {different} are different; the "
                + $"others repeat them, with the same results: ");
        return reading.WithNote(reading.Written("run_cap", "parameters"), counted + (isRandom
            ? "write a finer step (q), wider ranges or a smaller run_cap"
            : "two architectures become the same network with some of the sizes"));
    }

    private static SpecificationReading NoteBatches(
        SpecificationReading reading, List<Hyperparameters> tried, SampleCounts samples)
    {
        var large = tried.Select(c => c.BatchSize).Where(b => b > samples.Learned).Distinct().Order().ToList();
        if (large.Count == 0)
            return reading;
        var named = string.Join(", ", large.Take(LeastNamed)) + (large.Count > LeastNamed ? ", ..." : "");
        return reading.WithNote($"parameters.{ParameterNames.BatchSize}", string.Create(
            CultureInfo.InvariantCulture, $"a batch of {named} is more than the {samples.Learned} samples that a trial "
                + $"learns from: an epoch is one step with all of them"));
    }

    private static SpecificationReading NoteClasses(
        SpecificationReading reading, SweepSpecification specification, SampleCounts samples)
    {
        if (specification.Folds == 0)
            return reading;
        var small = samples.Classes.Where(c => c.Samples < specification.Folds).ToList();
        if (small.Count == 0)
            return reading;
        var named = string.Join(", ", small.Take(LeastNamed).Select(c => string.Create(
            CultureInfo.InvariantCulture, $"'{Quote.Short(c.Name)}' has {c.Samples}")));
        var more = small.Count > LeastNamed
            ? string.Create(CultureInfo.InvariantCulture, $" and {small.Count - LeastNamed} more classes") : "";
        return reading.WithNote(reading.Written("folds", "data.samples", "data"), string.Create(
            CultureInfo.InvariantCulture,
            $"too few samples of a class for {specification.Folds} folds ({named}{more}): "
                + $"some folds are judged without it; use fewer folds or more samples"));
    }
}

/// <summary>How many samples a trial has; of several folds, the first's.</summary>
/// <param name="Learned">Samples that it learns from.</param>
/// <param name="Classes">All samples of each class, learned from or held out; empty for a regression.</param>
public sealed record SampleCounts(int Learned, IReadOnlyList<ClassCount> Classes);

/// <summary>Samples of one class.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Samples">How many.</param>
public sealed record ClassCount(string Name, int Samples);

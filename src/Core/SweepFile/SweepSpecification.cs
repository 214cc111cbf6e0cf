using System.Collections.Immutable;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// What a sweep file asks for, checked and completed with defaults. Equal canonical forms
/// (<see cref="SpecificationWriter"/>) mean equal sweeps.
/// </summary>
public sealed record SweepSpecification
{
    /// <summary>For people; null: the file does not say.</summary>
    public string? Name { get; init; }

    /// <summary>What the sweep asks; null: the file does not say.</summary>
    public string? Description { get; init; }

    /// <summary>The data set.</summary>
    public required DataSource Data { get; init; }

    /// <summary>How configurations are chosen.</summary>
    internal SearchMethod Method { get; init; }

    /// <summary>
    /// <c>validation_accuracy</c>, <c>validation_loss</c> or <c>validation_error</c>; null: the default of the data's
    /// task. Accuracy is maximised, the others are minimised.
    /// </summary>
    public string? Metric { get; init; }

    /// <summary>
    /// Further objectives: other metrics, <c>weights</c>, <c>multiply_adds</c>; empty: there is one objective.
    /// </summary>
    public ImmutableArray<string> FurtherMetrics { get; init; } = [];

    /// <summary>Whether an objective is a number that trainings work out at their end, where they are asked for it.
    /// </summary>
    internal bool AsksForMetrics => (Metric is { } first && SweepMetric.Of(first).IsAsked)
        || FurtherMetrics.Any(name => SweepMetric.Of(name).IsAsked);

    /// <summary>Which configuration is refitted.</summary>
    public FinalChoice Choose { get; init; }

    /// <summary>Folds of the cross-validation, at least 2; 0: one hold-out split.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>How often all folds are drawn anew, at least 1.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>How often each split is trained, with other initial weights, at least 1.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The share held out when <see cref="Folds"/> is 0, in (0, 1); otherwise 0.</summary>
    public double HoldoutFraction { get; init; }

    /// <summary>The first training samples that are held out instead of a share; 0: none.</summary>
    public int HoldoutFirst { get; init; }

    /// <summary>Epochs of configurations whose parameters do not say.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The networks that parameters can name; built-in ones need not be here.</summary>
    public ImmutableArray<NamedArchitecture> Architectures { get; init; } = [];

    /// <summary>The weights that configurations may start with.</summary>
    public ImmutableArray<NamedWeights> InitialWeights { get; init; } = [];

    /// <summary>What is searched, in the file's order; <c>architecture</c> is always among them.</summary>
    internal ImmutableArray<SearchedParameter> Parameters { get; init; } = [];

    /// <summary>What is tried before anything else; complete assignments of the space, none twice.</summary>
    internal ImmutableArray<ParameterAssignment> StartWith { get; init; } = [];

    /// <summary>
    /// A method that learns chooses configuration n by the scores of the first n - lag ones; at least 1. No effect
    /// otherwise.
    /// </summary>
    public int Lag { get; init; } = 1;

    /// <summary>Configurations before the first that a method that learns chooses; at least 2. No effect
    /// otherwise.</summary>
    public int Warmup { get; init; } = DefaultWarmup;

    /// <summary>How many of the best configurations may be parents. No effect but with nsga2.</summary>
    public int Population { get; init; } = Nsga2Searcher.DefaultPopulation;

    /// <summary>At most this many configurations; null: all, which are finitely many.</summary>
    public int? RunCap { get; init; }

    /// <summary>Every random number of the sweep derives from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Stop a training whose validation loss has not improved for this many epochs; null: never.</summary>
    public int? Patience { get; init; }

    /// <summary>Which epoch of a training is scored.</summary>
    public ScoredEpoch Score { get; init; }

    /// <summary>As <see cref="TrainingRequest.SampleOrder"/>.</summary>
    public SampleOrder SampleOrder { get; init; }

    /// <summary>Which configurations are stopped early; null: none.</summary>
    public SchedulePlan? Schedule { get; init; }

    /// <summary>Train the best configuration on all training data and open the test set once.</summary>
    public bool Refit { get; init; } = true;

    /// <summary>Take over results that the store has, and train what differs in its epochs alone once.</summary>
    public bool Reuse { get; init; } = true;

    /// <summary>What computes its trainings.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>As <see cref="Log.SweepPlan.KeepCheckpoints"/>.</summary>
    public bool KeepCheckpoints { get; init; }

    /// <summary>Trials at the same time; null: as many as the machine has cores.</summary>
    public int? Slots { get; init; }

    /// <summary>How new sweeps turn their specification into configurations: <see cref="Log.SweepPlan.Expansion"/>.
    /// </summary>
    internal const int CurrentExpansion = 1;

    /// <summary>Configurations that come before the first that a method that learns chooses.</summary>
    internal const int DefaultWarmup = 10;

    /// <summary>So many trials can run at the same time under a method that learns, where the file does not say.
    /// </summary>
    private const int DefaultLagTrials = 16;

    /// <summary>
    /// The lag where the file does not say: enough that 16 slots have work. In index order most configurations are
    /// stopped soon and one that goes on is trained for long: those after it must not wait for its score meanwhile.
    /// </summary>
    internal static int DefaultLag(int trialsPerConfiguration, SchedulePlan? schedule) =>
        schedule is { Order: RungOrder.Index }
            ? DefaultLagTrials
            : Math.Max(2, (DefaultLagTrials + trialsPerConfiguration - 1) / trialsPerConfiguration);

    /// <summary>
    /// How many trials at most can run at the same time where the search learns, since each configuration waits for
    /// those before it; null: it does not learn, or it waits for groups, of which several may be under way.
    /// </summary>
    public long? MostAtOnce => !Method.Learns() || Schedule is { Order: RungOrder.Bracket }
        ? null
        : (Lag + 1L) * TrialsPerConfiguration;

    /// <summary>Whether the search chooses configurations by the scores of others.</summary>
    public bool Learns => Method.Learns();

    /// <summary>Trials of each configuration.</summary>
    public int TrialsPerConfiguration => Math.Max(1, Folds) * Repeats * Seeds;

    /// <summary>Epochs of the configuration that trains longest.</summary>
    internal int MostEpochs => EpochDomains()
        .Max(domain => domain?.Enumerate(SpaceBlocks.MaxValues)?.Max(v => (int)v.Value.Number) ?? Epochs);

    /// <summary>The values of <c>epochs</c> by the values that decide on them; null: the file's key holds.</summary>
    private IEnumerable<ParameterDomain?> EpochDomains()
    {
        if (Parameters.FirstOrDefault(p => p.Name == ParameterNames.Epochs) is not { } epochs)
            return [null];
        // What decides on the epochs, and what decides on that.
        var deciding = new List<SearchedParameter> { epochs };
        for (var i = 0; i < deciding.Count; i++)
        {
            var asked = deciding[i].Branches.SelectMany(b => b.When).Select(condition => condition.Parameter);
            deciding.AddRange(Parameters.Where(p => asked.Contains(p.Name)).Except(deciding));
        }

        return new SpaceBlocks(deciding, isRandom: false).Blocks
            .Select(block => SpaceBlocks.DomainOf(epochs, block.Chosen));
    }

    /// <summary>Whether configurations may have different epochs.</summary>
    internal bool EpochsDiffer => SearchedNames.Contains(ParameterNames.Epochs);

    /// <summary>The parameters that configurations may have different values of; sizes of networks, too.</summary>
    public IReadOnlyList<string> SearchedNames =>
        [.. Parameters.Where(p => p.Branches.Length != 1 || p.Branches[0].Domain is not ChoiceDomain { Values: [_] })
            .Select(p => p.Name)];

    /// <summary>What is searched.</summary>
    internal SearchSpace Space => new(Parameters, Architectures, Epochs) { Weights = InitialWeights };

    /// <summary>The text of the network that a configuration names.</summary>
    public string ArchitectureText(string name) => Space.ArchitectureText(name);

    /// <summary>The name of the network with that text, as tables show it; the text where it has none.</summary>
    public string ArchitectureName(string text) => Space.ArchitectureName(text);

    /// <summary>The digests of the assemblies whose code configurations may train.</summary>
    public IEnumerable<string> Assemblies =>
        OwnLayer.AssembliesOf(SizedNetworks.ChoicesOf(this).Select(ArchitectureText));

    /// <summary>The searcher that the specification asks for.</summary>
    /// <param name="goal">Which end of the metric is good; no matter before there are scores.</param>
    public ISearcher CreateSearcher(MetricGoal goal = MetricGoal.Maximize) =>
        Method.CreateSearcher(Space, new(Seed, goal == MetricGoal.Minimize, Lag, Warmup, StartWith)
        {
            FurtherMinimize = [.. FurtherMetrics.Select(name => SweepMetric.Of(name).Goal == MetricGoal.Minimize)],
            Population = Population,
        });
}

/// <summary>The data set of a sweep.</summary>
/// <param name="Source">A known name, or the path of a CSV file or a folder of pictures, relative to the sweep
/// file.</param>
/// <param name="IsFile">It is a path.</param>
public sealed record DataSource(string Source, bool IsFile)
{
    /// <summary>CSV: the label column by name or index; null: the last.</summary>
    public string? Label { get; init; }

    /// <summary>CSV: the column whose equal values stay together in every split; null: none.</summary>
    public string? Group { get; init; }

    /// <summary>CSV: how its fields become numbers; null: each is one.</summary>
    public TableReading? Reading { get; init; }

    /// <summary>A folder of pictures: what they are brought to; null: as they are, or other data.</summary>
    public PictureForm? Pictures { get; init; }

    /// <summary>What to predict; null: decided from the label column.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>Use only this many training samples; null: all.</summary>
    public int? Samples { get; init; }
}

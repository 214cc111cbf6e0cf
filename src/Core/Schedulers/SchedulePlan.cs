namespace Sweeps.Core.Schedulers;

/// <summary>
/// Which configurations are stopped early, as a sweep file asks for it: at each rung one in <see cref="Eta"/> goes on.
/// </summary>
public sealed record SchedulePlan
{
    /// <summary>The brackets.</summary>
    public ScheduleMethod Method { get; init; }

    /// <summary>What grows from rung to rung.</summary>
    public ScheduleBudget Over { get; init; }

    /// <summary>With whom a configuration is compared; Hyperband knows brackets alone, the median index order.
    /// </summary>
    public RungOrder Order { get; init; }

    /// <summary>One in so many goes on, with so many times the budget; at least 2.</summary>
    public int Eta { get; init; } = 3;

    /// <summary>Epochs of the first rung at least; at least 1.</summary>
    public int MinEpochs { get; init; } = 1;

    /// <summary>Folds of the first rung at least; at least 1.</summary>
    public int MinFolds { get; init; } = 1;

    /// <summary>
    /// Of a race: in how many of a hundred races (0.05: five) one that equals the best drops out at a comparison; above
    /// 0, at most 0.5.
    /// </summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Of the median: epochs between two comparisons; null: a tenth of all epochs.</summary>
    public int? Interval { get; init; }

    /// <summary>Of the median: the first so many at a rung pass without a comparison.</summary>
    public int Warmup { get; init; } = 5;

    /// <summary>
    /// The schedule of a sweep: halving is one bracket of all configurations, hyperband takes brackets in turn that
    /// begin with many configurations of a small budget, and with ever fewer of a larger one. A race is one bracket
    /// too, compared after every fold (Maron and Moore, Artificial Intelligence Review 11, 1997). The median stops
    /// whom more than half of those before it are ahead of (Golovin et al., KDD 2017, who compare with the running
    /// averages of completed trials; here as Optuna's MedianPruner does, with what the others had at the same budget).
    /// </summary>
    /// <param name="configurations">Configurations of the sweep.</param>
    /// <param name="folds">Trials of each.</param>
    /// <param name="epochs">Epochs of each; of the longest, where they differ.</param>
    /// <param name="repeat">Trials of one repeat of the folds; null: there is one repeat.</param>
    public SweepSchedule ScheduleOf(int configurations, int folds, int epochs, int? repeat = null)
    {
        var levels = LevelsOf(folds, epochs, repeat);
        var most = levels.Count - 1;
        var inOrder = Order == RungOrder.Index || Method == ScheduleMethod.Median;
        if (Method == ScheduleMethod.Race)
        {
            var size = inOrder ? 1 : configurations;
            var rungs = levels.SkipLast(1).Select(level => new Rung(level.Folds, null, size, Alpha));
            return new() { Shapes = [new(size, [.. rungs])], Order = Order };
        }

        // A bracket without an end has all levels, however many configurations it begins with.
        if (inOrder)
        {
            var isMedian = Method == ScheduleMethod.Median;
            var (size, warmup) = isMedian ? (2, Warmup) : (Eta, 0);
            var rungs = levels.SkipLast(1).Select(level => new Rung(level.Folds, level.Epochs, 1, Warmup: warmup)
            {
                RoundsUp = isMedian,
            });
            return new() { Shapes = [new(size, [.. rungs])], Order = RungOrder.Index };
        }

        if (Method == ScheduleMethod.Halving)
            return new() { Shapes = [ShapeOf(configurations, Math.Min(most, Log(configurations)), levels)] };

        return new()
        {
            Shapes =
            [
                .. Enumerable.Range(0, most + 1).Select(
                    after => most - after).Select(rungs => ShapeOf(SizeOf(rungs, most), rungs, levels)),
            ],
        };
    }

    /// <summary>
    /// The budgets, from the smallest to all epochs on all folds; a single one: there is nothing to stop at.
    /// </summary>
    public IReadOnlyList<(int Folds, int? Epochs)> LevelsOf(int folds, int epochs, int? repeat = null)
    {
        // Each fold of the first repeat tells something new; a part of a later one tells too little.
        if (Method == ScheduleMethod.Race)
            return [.. Enumerable.Range(1, folds)
                .Where(fold => fold == folds
                    || (fold >= MinFolds && (repeat is not { } whole || fold <= whole || fold % whole == 0)))
                .Select(fold => (fold, (int?)null))];
        var byEpochs = Over == ScheduleBudget.Folds ? [epochs]
            : Method == ScheduleMethod.Median ? Steps(MinEpochs, epochs, Interval ?? Math.Max(1, epochs / 10))
            : Ladder(MinEpochs, epochs);
        var byFolds = Over == ScheduleBudget.Epochs ? [folds]
            : Method == ScheduleMethod.Median ? Steps(MinFolds, folds, 1)
            : Ladder(MinFolds, folds);
        return
        [
            // More epochs first: they tell more of a configuration than more folds do.
            .. byEpochs.Select(epoch => (byFolds[0], epoch < epochs ? epoch : (int?)null)),
            .. byFolds.Skip(1).Select(fold => (fold, (int?)null)),
        ];
    }

    private BracketShape ShapeOf(int size, int rungs, IReadOnlyList<(int Folds, int? Epochs)> levels)
    {
        var keep = size;
        var list = new List<Rung>();
        foreach (var (folds, epochs) in levels.Skip(levels.Count - 1 - rungs).Take(rungs))
            list.Add(new(folds, epochs, keep = Math.Max(1, keep / Eta)));
        return new(size, list);
    }

    // Li et al.: every bracket costs about the same.
    private int SizeOf(int rungs, int most)
    {
        var power = Enumerable.Repeat(Eta, rungs).Aggregate(1L, (product, eta) => product * eta);
        return (int)Math.Min(int.MaxValue, ((most + 1) * power + rungs) / (rungs + 1));
    }

    private static List<int> Steps(int least, int most, int interval)
    {
        var steps = new List<int>();
        for (var step = Math.Max(1, least); step < most; step += interval)
            steps.Add(step);
        return [.. steps, most];
    }

    private List<int> Ladder(int least, int most)
    {
        var steps = new List<int> { most };
        while (steps[^1] / Eta >= Math.Max(1, least))
            steps.Add(steps[^1] / Eta);
        steps.Reverse();
        return steps;
    }

    private int Log(int configurations)
    {
        var log = 0;
        for (; configurations >= Eta; configurations /= Eta)
            log++;
        return log;
    }
}

/// <summary>How brackets are made.</summary>
public enum ScheduleMethod
{
    /// <summary>One bracket of all configurations.</summary>
    Halving,

    /// <summary>Brackets in turn, from many rungs to none.</summary>
    Hyperband,

    /// <summary>One bracket of all configurations, in which a test after each fold drops who is behind.</summary>
    Race,

    /// <summary>In index order: whoever is worse than the median of those before it drops out.</summary>
    Median,
}

/// <summary>What a larger budget is.</summary>
public enum ScheduleBudget
{
    /// <summary>More epochs, then more folds.</summary>
    Both,

    /// <summary>More epochs, on all folds.</summary>
    Epochs,

    /// <summary>More folds, with all epochs.</summary>
    Folds,
}

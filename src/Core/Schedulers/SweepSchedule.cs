using System.Text.Json.Serialization;

namespace Sweeps.Core.Schedulers;

/// <summary>
/// How far each configuration is trained before it is compared with others and may be stopped. Configurations form
/// brackets by their index; a bracket's shape says at which budgets its members are compared. A rung is decided when
/// all of the bracket's members stand at it, from their values alone, so that the outcome depends on nothing that
/// happened to arrive first (successive halving: Jamieson and Talwalkar, AISTATS 2016; brackets of several shapes:
/// Hyperband, Li et al., JMLR 18, 2018). In index order there is one bracket and its members are decided one by one.
/// </summary>
public sealed record SweepSchedule
{
    /// <summary>The shapes that brackets take in turn; at least one. In index order the only one.</summary>
    public required IReadOnlyList<BracketShape> Shapes { get; init; }

    /// <summary>With whom a configuration is compared at a rung.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RungOrder Order { get; init; }

    /// <summary>
    /// The brackets of the configurations from <paramref name="first"/> on. The last may have fewer members than its
    /// shape.
    /// </summary>
    /// <param name="first">Index of the first configuration.</param>
    /// <param name="end">Index after the last.</param>
    /// <param name="before">Brackets that there are already: the shapes go on where they left off.</param>
    public IEnumerable<(int First, int Count, int Shape)> BracketsOf(int first, int end, int before)
    {
        for (var bracket = before; first < end; bracket++)
        {
            var shape = bracket % Shapes.Count;
            var count = Order == RungOrder.Index ? end - first : Math.Min(Shapes[shape].Size, end - first);
            yield return (first, count, shape);
            first += count;
        }
    }

    /// <summary>
    /// How many rungs each configuration passes and the shape of its bracket, where those of lower index are the better
    /// ones of a bracket, or, in index order, where better and worse ones come evenly mixed: which ones pass is not
    /// known, how many is, or is to be expected.
    /// </summary>
    /// <param name="configurations">How many there are.</param>
    public (BracketShape Shape, int Passed)[] ExpectedRungs(int configurations)
    {
        var rungs = new (BracketShape, int)[configurations];
        foreach (var (first, count, index) in BracketsOf(0, configurations, before: 0))
        {
            var shape = Shapes[index];
            var members = Enumerable.Range(first, count).ToList();
            for (var rung = 0; rung < shape.Rungs.Count; rung++)
            {
                members = Order == RungOrder.Index
                    ? Mixed(members, shape, shape.Rungs[rung])
                    : [.. members.Take(shape.KeepOf(shape.Rungs[rung], count))];
                foreach (var member in members)
                    rungs[member].Item2 = rung + 1;
            }

            foreach (var member in Enumerable.Range(first, count))
                rungs[member].Item1 = shape;
        }

        return rungs;
    }

    /// <summary>
    /// How far a bracket has to go that trains for a rung: the epochs of a configuration that passes all further ones,
    /// folds that begin later after those before, and for each rung a seventh of all epochs, as long as slots commonly
    /// wait there for the last member. An order of work alone goes by it, in which it need not be exact.
    /// </summary>
    internal double WayFrom(int rung, int shape, int trialsPerConfiguration)
    {
        var rungs = Shapes[shape].Rungs;
        // All epochs are not known here; a ladder ends eta times above its last rung.
        var all = 3.0 * Shapes.Max(other => other.Rungs.Max(item => item.Epochs) ?? 0);
        if (all == 0)
            all = 1;
        var (way, folds, epochs) = (0.0, 0, 0.0);
        for (var level = 0; level <= rungs.Count; level++)
        {
            var isEnd = level == rungs.Count;
            var (nextFolds, nextEpochs) = isEnd
                ? (trialsPerConfiguration, all)
                : (rungs[level].Folds, rungs[level].Epochs ?? all);
            if (level >= rung)
                way += nextFolds > folds ? nextEpochs : nextEpochs - epochs;
            (folds, epochs) = (nextFolds, nextEpochs);
        }

        return way + ((rungs.Count - rung) * all / 7);
    }

    /// <summary>The k-th passes with the chance that it is one of the best of k that its rung keeps.</summary>
    private static List<int> Mixed(List<int> members, BracketShape shape, Rung rung)
    {
        var passed = new List<int>();
        var expected = 0.0;
        for (var place = 1; place <= members.Count; place++)
        {
            expected += Math.Min(1, (double)shape.KeepInOrder(rung, place) / place);
            // Shares of a third add up to a little less than 1.
            if (expected + 1e-9 >= passed.Count + 1)
                passed.Add(members[place - 1]);
        }

        return passed;
    }

    /// <inheritdoc />
    public bool Equals(SweepSchedule? other) =>
        other is not null && Order == other.Order && Shapes.SequenceEqual(other.Shapes);

    /// <inheritdoc />
    public override int GetHashCode() => Shapes.Count;
}

/// <summary>With whom a configuration is compared at a rung.</summary>
public enum RungOrder
{
    /// <summary>With all others of its bracket, when all of them stand there.</summary>
    Bracket,

    /// <summary>
    /// With those of lower index that came to the rung, as soon as each of lower index was decided there or before.
    /// </summary>
    Index,
}

/// <summary>How a bracket thins out.</summary>
/// <param name="Size">
/// Configurations that begin it. In index order it has no end, and of so many configurations a rung keeps its number.
/// </param>
/// <param name="Rungs">
/// Where they are compared, from the smallest budget up. Those that pass the last are trained to their end on all
/// folds.
/// </param>
public sealed record BracketShape(int Size, IReadOnlyList<Rung> Rungs)
{
    /// <summary>How many go on from a rung; of a bracket that is not full the same share, rounded up.</summary>
    /// <param name="count">Members of the bracket at its beginning.</param>
    public int KeepOf(Rung rung, int count) => (int)((((long)rung.Keep * count) + Size - 1) / Size);

    /// <summary>
    /// In index order: how many of those that came to a rung may be the best of them; its share, rounded down, so that
    /// over many it is the share that passes, and at least one (Li et al., MLSys 2020, whose ASHA takes whoever came).
    /// Rounded up, half of them are all that no more than half of the others are ahead of.
    /// </summary>
    /// <param name="came">How many came to the rung, the one that is decided among them.</param>
    public int KeepInOrder(Rung rung, int came) =>
        came <= rung.Warmup
            ? came
            : Math.Max(1, (int)((((long)rung.Keep * came) + (rung.RoundsUp ? Size - 1 : 0)) / Size));

    /// <inheritdoc />
    public bool Equals(BracketShape? other) =>
        other is not null && Size == other.Size && Rungs.SequenceEqual(other.Rungs);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Size, Rungs.Count);
}

/// <summary>A budget at which configurations are compared.</summary>
/// <param name="Folds">
/// The first so many folds are trained; from 1 to the plan's folds, never fewer than before.
/// </param>
/// <param name="Epochs">
/// So many epochs each, never fewer than before; null: all. A configuration with fewer epochs is trained to its end.
/// </param>
/// <param name="Keep">
/// How many members go on at most: those with the best mean over the folds, among equals those of lower index.
/// </param>
/// <param name="Alpha">
/// Of these only who is not behind the best one by more than chance explains, at this level; null: all. In index order
/// such a rung has all epochs, so that the values on its folds stay what they were.
/// </param>
/// <param name="Warmup">In index order: the first so many that come here pass without a comparison.</param>
public readonly record struct Rung(
    int Folds,
    int? Epochs,
    int Keep,
    double? Alpha = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Warmup = 0)
{
    /// <summary>In index order: a share that is no whole number is rounded up, not down.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RoundsUp { get; init; }
}

namespace Sweeps.Core.Schedulers;

/// <summary>
/// How far each configuration is trained before it is compared with others and may be stopped. Configurations form
/// brackets by their index; a bracket's shape says at which budgets its members are compared. A rung is decided when
/// all of the bracket's members stand at it, from their values alone, so that the outcome depends on nothing that
/// happened to arrive first (successive halving: Jamieson and Talwalkar, AISTATS 2016; brackets of several shapes:
/// Hyperband, Li et al., JMLR 18, 2018).
/// </summary>
public sealed record SweepSchedule
{
    /// <summary>The shapes that brackets take in turn; at least one.</summary>
    public required IReadOnlyList<BracketShape> Shapes { get; init; }

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
            var count = Math.Min(Shapes[shape].Size, end - first);
            yield return (first, count, shape);
            first += count;
        }
    }

    /// <inheritdoc />
    public bool Equals(SweepSchedule? other) => other is not null && Shapes.SequenceEqual(other.Shapes);

    /// <inheritdoc />
    public override int GetHashCode() => Shapes.Count;
}

/// <summary>How a bracket thins out.</summary>
/// <param name="Size">Configurations that begin it.</param>
/// <param name="Rungs">
/// Where they are compared, from the smallest budget up. Those that pass the last are trained to their end on all
/// folds.
/// </param>
public sealed record BracketShape(int Size, IReadOnlyList<Rung> Rungs)
{
    /// <summary>How many go on from a rung; of a bracket that is not full the same share, rounded up.</summary>
    /// <param name="count">Members of the bracket at its beginning.</param>
    public int KeepOf(Rung rung, int count) => (int)((((long)rung.Keep * count) + Size - 1) / Size);

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
/// Of these only who is not behind the best one by more than chance explains, at this level; null: all.
/// </param>
public readonly record struct Rung(int Folds, int? Epochs, int Keep, double? Alpha = null);

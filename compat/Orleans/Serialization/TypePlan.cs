namespace Orleans.Serialization;

/// <summary>How values of one type cross a grain boundary.</summary>
internal sealed class TypePlan
{
    private TypePlan(Func<object, Copier, object>? copy, Func<object, IEnumerable<object?>>? parts)
    {
        Copy = copy;
        Parts = parts;
    }

    public static TypePlan Atom { get; } = new(null, null);

    /// <summary>Stands for the plan of a type while that is made: not shared, and never carried out.</summary>
    public static TypePlan Undecided { get; } = new((_, _) => throw new InvalidOperationException("undecided"), null);

    /// <summary>Null for values that are passed as they are.</summary>
    public Func<object, Copier, object>? Copy { get; }

    /// <summary>The values within a value; null where there are none.</summary>
    public Func<object, IEnumerable<object?>>? Parts { get; }

    public bool IsShared => Copy is null;

    public static TypePlan Shared(Func<object, IEnumerable<object?>> parts) => new(null, parts);

    public static TypePlan Copied(Func<object, Copier, object> copy, Func<object, IEnumerable<object?>> parts) =>
        new(copy, parts);
}

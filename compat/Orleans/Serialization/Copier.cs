namespace Orleans.Serialization;

/// <summary>One copy of a graph of values: what was one object is one object in the copy too.</summary>
internal sealed class Copier
{
    private readonly Dictionary<object, object> copies = new(ReferenceEqualityComparer.Instance);

    public T Copy<T>(T value)
    {
        if (value is null || TypePlans.Of(value.GetType()) is not { Copy: { } copy })
        {
            return value;
        }

        if (value.GetType().IsValueType)
        {
            return (T)copy(value, this);
        }

        if (!copies.TryGetValue(value, out var copied))
        {
            copied = copy(value, this);
        }

        return (T)copied;
    }

    /// <summary>Makes a copy known before its members are copied, for members that refer back.</summary>
    public TObject Known<TObject>(object original, TObject copy) where TObject : notnull
    {
        copies[original] = copy;
        return copy;
    }
}

namespace Orleans.Concurrency;

/// <summary>Wraps values that nobody changes.</summary>
public static class ImmutableExtensions
{
    public static Immutable<T> AsImmutable<T>(this T value) => new(value);
}

namespace Orleans.Concurrency;

/// <summary>A value that its sender promises not to change: passed as it is.</summary>
[GenerateSerializer, Immutable]
public readonly struct Immutable<T>
{
    [Id(0)]
    public readonly T Value;

    public Immutable(T value)
    {
        Value = value;
    }
}

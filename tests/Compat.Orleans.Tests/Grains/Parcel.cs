namespace Sweeps.Compat.Orleans.Tests.Grains;


[GenerateSerializer, Immutable, Alias("Sweeps.Tests.Parcel")]
public sealed record Parcel([property: Id(0)] string Name, [property: Id(1)] IReadOnlyList<int> Numbers)
{
    [Id(2)]
    public DateTimeOffset? Sent { get; init; }
}

namespace Sweeps.Compat.Orleans.Tests.Grains;


/// <summary>Has a member that the real serializer would lose without a word.</summary>
[GenerateSerializer, Immutable]
public sealed class WithoutId
{
    [Id(0)]
    public int Kept { get; init; }

    public int Lost { get; init; }
}

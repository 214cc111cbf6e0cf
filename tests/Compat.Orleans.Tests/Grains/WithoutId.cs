namespace Sweeps.Compat.Orleans.Tests.Grains;

#pragma warning disable ORLEANS0004 // The mistake is the point; the real packages' analyzer finds it first.

/// <summary>Has a member that the real serializer would lose without a word.</summary>
[GenerateSerializer, Immutable]
public sealed class WithoutId
{
    [Id(0)]
    public int Kept { get; init; }

    public int Lost { get; init; }
}

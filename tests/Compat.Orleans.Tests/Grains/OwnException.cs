namespace Sweeps.Compat.Orleans.Tests.Grains;

[GenerateSerializer]
public sealed class OwnException(string message, int number) : Exception(message)
{
    [Id(0)]
    public int Number { get; } = number;
}

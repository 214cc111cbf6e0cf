namespace Sweeps.Compat.Orleans.Tests.Grains;


/// <summary>Has no serializer.</summary>
public sealed class Unmarked
{
    public int Number { get; set; }
}

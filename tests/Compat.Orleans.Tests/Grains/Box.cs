namespace Sweeps.Compat.Orleans.Tests.Grains;


/// <summary>Not immutable: the grain gets a copy.</summary>
[GenerateSerializer]
public sealed class Box
{
    [Id(0)]
    public string Label { get; set; } = "";

    [Id(1)]
    public List<Box> Inside { get; set; } = [];

    [Id(2)]
    public Box? Owner { get; set; }
}

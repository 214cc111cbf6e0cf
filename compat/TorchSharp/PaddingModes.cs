namespace TorchSharp;

/// <summary>What stands in the cells that padding adds.</summary>
public enum PaddingModes
{
    /// <summary>Zeros.</summary>
    Zeros = 0,

    /// <summary>The input mirrored at its border, the border itself not repeated.</summary>
    Reflect = 1,

    /// <summary>The border's value.</summary>
    Replicate = 2,

    /// <summary>The input from its other end.</summary>
    Circular = 3,

    /// <summary>A given value.</summary>
    Constant = 4,
}

namespace Sweeps.Core.Networks;

/// <summary>The functions between layers. Formulas and defaults are Keras's.</summary>
public enum ActivationKind
{
    /// <summary>x: none.</summary>
    Linear,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x where positive, otherwise slope x.</summary>
    LeakyRelu,

    /// <summary>x where positive, otherwise slope (e^x - 1).</summary>
    Elu,

    /// <summary>x times the standard normal distribution function, exact (not the tanh approximation).</summary>
    Gelu,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>e^x over its sum; along the features of a vector, along the channels of an image.</summary>
    Softmax,
}

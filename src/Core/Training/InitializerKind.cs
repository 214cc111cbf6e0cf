namespace Sweeps.Core.Training;

/// <summary>How the weights of a layer start. Biases start at zero with every one of them.</summary>
public enum InitializerKind
{
    /// <summary>Uniform in +-sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010); Keras's default.</summary>
    XavierUniform,

    /// <summary>Normal with deviation sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio 2010).</summary>
    XavierNormal,

    /// <summary>Uniform in +-sqrt(6 / fan_in) (He et al. 2015).</summary>
    HeUniform,

    /// <summary>Normal with deviation sqrt(2 / fan_in) (He et al. 2015).</summary>
    HeNormal,

    /// <summary>All zero: shows why symmetry must be broken.</summary>
    Zeros,
}

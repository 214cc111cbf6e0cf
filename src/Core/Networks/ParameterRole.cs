namespace Sweeps.Core.Networks;

/// <summary>What a trainable tensor is; decides how it starts.</summary>
public enum ParameterRole
{
    /// <summary>Weights of a dense layer or a kernel: start as the initialiser says.</summary>
    Weight,

    /// <summary>Added at the end: starts at 0.</summary>
    Bias,

    /// <summary>Scale of a batch normalisation: starts at 1.</summary>
    Gamma,

    /// <summary>Shift of a batch normalisation: starts at 0.</summary>
    Beta,
}

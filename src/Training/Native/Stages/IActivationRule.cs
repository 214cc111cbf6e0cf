using System.Runtime.Intrinsics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// An activation function and its derivative, sixteen values at a time; a type each, so that loops are compiled for it.
/// </summary>
internal interface IActivationRule
{
    /// <summary>The function of <paramref name="x"/>; NaN stays NaN.</summary>
    static abstract Vector512<float> Apply(Vector512<float> x, Vector512<float> slope);

    /// <summary>The derivative, from the function's value and, where that does not suffice, its argument.</summary>
    static abstract Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// An activation function and its derivative, sixteen values at a time; a type each, so that loops are compiled for it.
/// </summary>
internal interface IActivationRule
{
    /// <summary>The function of <paramref name="x"/>; NaN stays NaN.</summary>
    static abstract Vector512<float> Apply(Vector512<float> x, Vector512<float> slope);

    /// <summary>Whether 0 becomes 0, so that padding that is zero stays zero.</summary>
    static virtual bool KeepsZero => true;

    /// <summary>The derivative, from the function's value and, where that does not suffice, its argument.</summary>
    static abstract Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope);
}

/// <summary>The functions of <see cref="Core.Networks.ActivationKind"/>, except softmax, which mixes values.</summary>
internal static class ActivationRules
{
    private static Vector512<float> One => Vector512.Create(1f);

    /// <summary>x.</summary>
    internal readonly struct Linear : IActivationRule
    {
        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope) => x;

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope) =>
            One;
    }

    /// <summary>max(0, x); the derivative at 0 is 0, as libtorch's.</summary>
    internal readonly struct Relu : IActivationRule
    {
        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope) =>
            Vector512.AndNot(x, Vector512.LessThanOrEqual(x, Vector512<float>.Zero));

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope) =>
            One & Vector512.GreaterThan(value, Vector512<float>.Zero);
    }

    /// <summary>x where positive, otherwise slope x.</summary>
    internal readonly struct LeakyRelu : IActivationRule
    {
        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, x * slope);

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512<float>.Zero), One, slope);
    }

    /// <summary>x where positive, otherwise slope (e^x - 1).</summary>
    internal readonly struct Elu : IActivationRule
    {
        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x,
                slope * (VectorMath.Exp(x) - One));

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512<float>.Zero), One, value + slope);
    }

    /// <summary>x times the standard normal distribution function.</summary>
    internal readonly struct Gelu : IActivationRule
    {
        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope) =>
            x * VectorMath.NormalProbability(x);

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope) =>
            Vector512.FusedMultiplyAdd(x, VectorMath.NormalDensity(x), VectorMath.NormalProbability(x));
    }

    /// <summary>1 / (1 + e^-x).</summary>
    internal readonly struct Sigmoid : IActivationRule
    {
        /// <inheritdoc />
        public static bool KeepsZero => false;

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope) => VectorMath.Sigmoid(x);

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope) =>
            value * (One - value);
    }

    /// <summary>The hyperbolic tangent.</summary>
    internal readonly struct Tanh : IActivationRule
    {
        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> slope) => VectorMath.Tanh(x);

        /// <inheritdoc />
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> value, Vector512<float> x, Vector512<float> slope) =>
            Vector512.FusedMultiplyAdd(-value, value, One);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>How averages that a rule remembers go on; the bits are the same whichever it is.</summary>
internal interface IAverages
{
    /// <summary>The average after a step, keep x average + added, rounded once.</summary>
    /// <param name="keep">More than 0, at most 1.</param>
    /// <param name="average">That before.</param>
    /// <param name="added">What the step brings.</param>
    static abstract Vector512<float> Next(Vector512<float> keep, Vector512<float> average, Vector512<float> added);

    /// <summary>An average that is added to something so much larger that its subnormal numbers are none.</summary>
    static abstract Vector512<float> Beside(Vector512<float> average);

    /// <summary>An average, with 0 for subnormal numbers of it that move no weight.</summary>
    /// <param name="average">The average.</param>
    /// <param name="weight">The weight without it.</param>
    /// <param name="unmoved">Of <see cref="Fading.UnmovedBy"/>.</param>
    static abstract Vector512<float> Felt(
        Vector512<float> average, Vector512<float> weight, Vector512<float> unmoved);
}

/// <summary>As they are written: the faster way for normal numbers.</summary>
internal readonly struct Steady : IAverages
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Next(Vector512<float> keep, Vector512<float> average, Vector512<float> added) =>
        Vector512.FusedMultiplyAdd(keep, average, added);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Beside(Vector512<float> average) => average;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Felt(
        Vector512<float> average, Vector512<float> weight, Vector512<float> unmoved) => average;
}

/// <summary>
/// The faster way where some are subnormal. Of a unit that died or a pixel that is hardly ever lit an average fades
/// until it is, and there it stays: 0.9 of the least number is rounded to itself. Intel's processors take some hundred
/// times as long for an operation on such a number, so that a training may spend most of its time on weights that do
/// not move. Here the same bits come of normal numbers.
/// </summary>
internal readonly struct Fading : IAverages
{
    // Subnormal numbers are multiples of 2^-149, of which there are fewer than 2^23.
    private const uint Fraction = 0x7F_FFFF;
    private const float WholeNumbers = 8_388_608;

    // 2^-100: what is below 2^-126 is less than a quarter of its last bit.
    private const float Far = 7.888609e-31f;

    // 2^-64 and 2^-90: a subnormal number divided by 2^-27, the least epsilon there is, is less than 2^-99.
    private const float Unmoved = 5.421011e-20f;
    private const float LeastUnmoved = 8.077936e-28f;

    /// <summary>Whether there is a subnormal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe bool IsIn(FloatBuffer averages, int first, int end)
    {
        var least = Vector512<uint>.AllBitsSet;
        for (var i = first; i < end; i += FloatBuffer.Lane)
            least = Vector512.Min(least, Size(Vector512.Load(averages.Pointer + i)));
        return Vector512.LessThanAny(least, Vector512.Create(Fraction));
    }

    /// <summary>The size from which on a subnormal average moves no weight.</summary>
    /// <param name="step">What it is multiplied by, before it is divided by an epsilon at the least.</param>
    public static Vector512<float> UnmovedBy(float step) =>
        Vector512.Create(MathF.Max(MathF.Abs(step) * Unmoved, LeastUnmoved));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Next(Vector512<float> keep, Vector512<float> average, Vector512<float> added)
    {
        var faded = Subnormal(average);
        var isNothing = Vector512.Equals(added, Vector512<float>.Zero);
        var isFar = Vector512.GreaterThanOrEqual(Vector512.Abs(added), Vector512.Create(Far));
        if (Vector512.AndNot(faded, isNothing | isFar) != Vector512<float>.Zero)
            return Vector512.FusedMultiplyAdd(keep, average, added);
        var others = Vector512.FusedMultiplyAdd(keep, Vector512.AndNot(average, faded), added);
        // From 2^23 to 2^24 floats are the whole numbers: this sum is rounded as the subnormal product would be.
        var count = Vector512.ConvertToSingle(average.AsInt32() & Vector512.Create((int)Fraction));
        var whole = Vector512.Create(WholeNumbers);
        var kept = Vector512.FusedMultiplyAdd(count, keep, whole).AsInt32() - whole.AsInt32();
        var sign = average.AsInt32() & Vector512.Create(int.MinValue);
        return Vector512.ConditionalSelect(faded & isNothing, (kept | sign).AsSingle(), others);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Beside(Vector512<float> average) =>
        Vector512.AndNot(average, Subnormal(average));

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Felt(
        Vector512<float> average, Vector512<float> weight, Vector512<float> unmoved) => Vector512.AndNot(
            average, Subnormal(average) & Vector512.GreaterThanOrEqual(Vector512.Abs(weight), unmoved));

    /// <summary>All bits where a number is subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Subnormal(Vector512<float> average) =>
        Vector512.LessThan(Size(average), Vector512.Create(Fraction)).AsSingle();

    // Zero becomes the largest of all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Size(Vector512<float> number) =>
        (number.AsUInt32() & Vector512.Create(0x7FFF_FFFFu)) - Vector512<uint>.One;
}

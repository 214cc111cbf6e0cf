using System.Globalization;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The identity of grains and references.</summary>
public static class GrainExtensions
{
    public static GrainId GetGrainId(this IAddressable grain) => Reference(grain).GrainId;

    /// <summary>
    /// The reference to a grain, as one of the grain's interfaces; a grain passes this instead of itself.
    /// </summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        Reference(grain).Cast<TGrainInterface>();

    public static object AsReference(this IAddressable grain, Type interfaceType) =>
        Reference(grain).Cast(interfaceType);

    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) =>
        Reference(grain).Cast<TGrainInterface>();

    public static object Cast(this IAddressable grain, Type interfaceType) => Reference(grain).Cast(interfaceType);

    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.ToString();

    public static long GetPrimaryKeyLong(this IAddressable grain) =>
        long.TryParse(
            GetGrainId(grain).Key.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new InvalidOperationException($"The key of {GetGrainId(grain)} is not an integer.");

    public static Guid GetPrimaryKey(this IAddressable grain) =>
        Guid.TryParseExact(GetGrainId(grain).Key.ToString(), "N", out var key)
            ? key
            : throw new InvalidOperationException($"The key of {GetGrainId(grain)} is not a GUID.");

    private static GrainReference Reference(IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference,
            IGrainBase { GrainContext: { } context } => context.GrainReference,
            _ => throw new ArgumentException(
                $"{grain.GetType()} is neither a grain that the runtime has activated nor a reference.", nameof(grain)),
        };
    }
}

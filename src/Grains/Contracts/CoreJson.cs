using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Serialization;
using Sweeps.Core.Log;

namespace Sweeps.Grains.Contracts;

/// <summary>
/// How the core's records cross between silos: as JSON, exact to the last bit. The core knows nothing of Orleans.
/// </summary>
public static class CoreJson
{
    /// <summary>Lets contracts carry the core's records.</summary>
    public static ISerializerBuilder AddCore(this ISerializerBuilder serializer) =>
        serializer.AddJsonSerializer(IsOfCore, Options);

    // Nothing is left out: a zero or a false that is missing would fail a member that must be there.
    private static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    // Orleans carries exceptions in its own way.
    private static bool IsOfCore(Type type) =>
        type.Assembly == typeof(SweepPlan).Assembly && !type.IsAssignableTo(typeof(Exception));
}

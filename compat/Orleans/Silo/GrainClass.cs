using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>A class of grains: its name in identities, how it is constructed, what its attributes say.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory construct;

    public GrainClass(Type type, GrainCollectionOptions collection)
    {
        Type = type;
        GrainType = TypeOf(type);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        IdleLimit = Limit(type, collection);
        construct = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>How long an activation may be idle; <see cref="TimeSpan.MaxValue"/> for ever.</summary>
    public TimeSpan IdleLimit { get; }

    public object Construct(IServiceProvider services) => construct(services, null);

    private static GrainType TypeOf(Type type)
    {
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } named)
        {
            return named.GetGrainType(null!, type);
        }

        const string suffix = "grain";
        var name = type.Name.ToLowerInvariant();
        var hasSuffix = name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal);
        return GrainType.Create(hasSuffix ? name[..^suffix.Length] : name);
    }

    private static TimeSpan Limit(Type type, GrainCollectionOptions collection)
    {
        if (type.IsDefined(typeof(KeepAliveAttribute)))
        {
            return TimeSpan.MaxValue;
        }

        return collection.ClassSpecificCollectionAge.TryGetValue(type.FullName!, out var age)
            ? age
            : type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit ?? collection.CollectionAge;
    }
}

using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using System.Numerics;
using Orleans.Runtime;

namespace Orleans.Serialization;

/// <summary>Decides once for each type whether and how its values cross a grain boundary.</summary>
internal static class TypePlans
{
    private static readonly FrozenSet<Type> Atoms = new[]
    {
        typeof(object), typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan),
        typeof(DateOnly), typeof(TimeOnly), typeof(Guid), typeof(Uri), typeof(Version), typeof(Int128), typeof(UInt128),
        typeof(Half), typeof(BigInteger), typeof(CancellationToken), typeof(IPAddress), typeof(IPEndPoint),
        typeof(CultureInfo), typeof(SiloAddress), typeof(GrainId), typeof(GrainType), typeof(IdSpan),
        typeof(Silo.Nothing),
    }.ToFrozenSet();

    // Never changed once made: shared if their elements are.
    private static readonly FrozenSet<Type> ImmutableCollections = new[]
    {
        typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableQueue<>),
        typeof(ImmutableStack<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>),
    }.ToFrozenSet();

    // Copied field by field.
    private static readonly FrozenSet<Type> Structures = new[]
    {
        typeof(KeyValuePair<,>), typeof(ImmutableArray<>), typeof(ReadOnlyCollection<>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>),
        typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(Tuple<,,,,,,,>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
    }.ToFrozenSet();

    private static readonly ConcurrentDictionary<Type, TypePlan> Plans = new();

    [ThreadStatic]
    private static HashSet<Type>? planning;

    public static TypePlan Of(Type type)
    {
        if (Plans.TryGetValue(type, out var plan))
        {
            return plan;
        }

        // A type within itself: whether it can be passed is being decided further up.
        planning ??= [];
        if (!planning.Add(type))
        {
            return type.IsDefined(typeof(ImmutableAttribute), inherit: false) ? TypePlan.Atom : TypePlan.Undecided;
        }

        try
        {
            plan = Plan(type);
        }
        finally
        {
            planning.Remove(type);
        }

        // Plans made inside another's may rest on the assumption above.
        return planning.Count == 0 ? Plans.GetOrAdd(type, plan) : plan;
    }

    /// <summary>Refuses a member whose declared type no value can have that crosses a boundary.</summary>
    public static void Check(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type.IsInterface || type.IsAbstract || type.IsGenericParameter)
        {
            // What the values are shows with the values; what they contain may show here.
            foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : [])
            {
                Check(argument);
            }

            return;
        }

        Of(type);
    }

    private static TypePlan Plan(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || Atoms.Contains(type)
            || typeof(Exception).IsAssignableFrom(type)
            || typeof(Type).IsAssignableFrom(type)
            || typeof(GrainReference).IsAssignableFrom(type)
            || typeof(CultureInfo).IsAssignableFrom(type)
            || typeof(IPAddress).IsAssignableFrom(type))
        {
            return TypePlan.Atom;
        }

        if (typeof(IAddressable).IsAssignableFrom(type))
        {
            throw Refusal(type, "a grain passes itself by this.AsReference, an observer by CreateObjectReference");
        }

        if (type.IsArray || (type.IsGenericType && CollectionPlans.Knows(type.GetGenericTypeDefinition())))
        {
            return CollectionPlans.Of(type);
        }

        if (type.IsGenericType && ImmutableCollections.Contains(type.GetGenericTypeDefinition()))
        {
            return Array.TrueForAll(type.GetGenericArguments(), Isolation.IsShared)
                ? TypePlan.Shared(static value => ((IEnumerable)value).Cast<object?>())
                : throw Refusal(type, "its elements are not immutable; use an array, a List or a Dictionary");
        }

        return type.IsGenericType && Structures.Contains(type.GetGenericTypeDefinition())
            ? ObjectPlans.OfStructure(type)
            : ObjectPlans.Of(type);
    }

    internal static CodecNotFoundException Refusal(Type type, string why) =>
        new($"Could not find a copier for type {type}: {why}.");
}

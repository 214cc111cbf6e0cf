using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>The grain classes of the assemblies that this process has loaded or refers to.</summary>
internal sealed class GrainClasses(GrainCollectionOptions collection)
{
    private static readonly string? Own = typeof(GrainClasses).Assembly.GetName().Name;

    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> byInterface = new();
    private readonly ConcurrentDictionary<GrainType, GrainClass> byType = new();

    public GrainClass ByType(GrainType type) =>
        byType.TryGetValue(type, out var found)
            ? found
            : throw new ArgumentException($"Could not find a grain class for the grain type '{type}'.");

    /// <summary>The class that implements an interface; the prefix of its full name decides between several.</summary>
    public GrainClass ByInterface(Type type, string? prefix) =>
        byInterface.GetOrAdd((type, prefix), Find);

    private static Type Implementation(Type type, string? prefix)
    {
        // Looking further than at what is loaded costs a start-up its time; it is for classes that nothing has
        // touched yet.
        var all = Implementations(type, Loaded());
        if (all.Count == 0)
        {
            all = Implementations(type, WithReferences(Loaded()));
        }

        var fitting = prefix is null
            ? all
            : all.Where(one => one.FullName!.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (fitting.Count > 1 && fitting.FirstOrDefault(one => "I" + one.Name == type.Name) is { } byName)
        {
            return byName;
        }

        return fitting switch
        {
            [var only] => only,
            [] => throw new ArgumentException(
                $"Could not find an implementation for interface {type}"
                + (prefix is null ? "." : $" with the prefix {prefix}.")),
            _ => throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {type}. "
                + $"Candidates: {string.Join(", ", fitting.Select(one => one.FullName))}"),
        };
    }

    private static List<Type> Implementations(Type type, IEnumerable<Assembly> assemblies) =>
    [
        .. assemblies
            .Where(one => Array.Exists(one.GetReferencedAssemblies(), reference => reference.Name == Own))
            .SelectMany(one => one.GetTypes())
            .Where(one => IsGrainClass(one) && type.IsAssignableFrom(one)),
    ];

    private static IEnumerable<Assembly> Loaded() =>
        AppDomain.CurrentDomain.GetAssemblies().Where(one => !one.IsDynamic && !IsFramework(one.GetName().Name!));

    private static IEnumerable<Assembly> WithReferences(IEnumerable<Assembly> assemblies)
    {
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        var toSee = new Queue<Assembly>(assemblies);
        while (toSee.TryDequeue(out var assembly))
        {
            if (!seen.Add(assembly.FullName))
            {
                continue;
            }

            yield return assembly;
            foreach (var reference in assembly.GetReferencedAssemblies().Where(one => !IsFramework(one.Name!)))
            {
                if (!seen.Contains(reference.FullName) && TryLoad(reference) is { } loaded)
                {
                    toSee.Enqueue(loaded);
                }
            }
        }
    }

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrain).IsAssignableFrom(type)
        && !typeof(GrainReference).IsAssignableFrom(type);

    private static bool IsFramework(string name) =>
        name is "netstandard" or "mscorlib"
        || name.StartsWith("System", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal);

    // A reference that cannot be loaded is no place for grains: assemblies of test runners and the like.
    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception failure) when (failure is IOException or BadImageFormatException)
        {
            return null;
        }
    }

    private GrainClass Find((Type Interface, string? Prefix) key)
    {
        var found = new GrainClass(Implementation(key.Interface, key.Prefix), collection);
        var known = byType.GetOrAdd(found.GrainType, found);
        return known.Type == found.Type
            ? known
            : throw new ArgumentException(
                $"{known.Type} and {found.Type} have the same grain type, '{found.GrainType}'.");
    }
}

using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>The grain classes of the assemblies that this process has loaded or refers to.</summary>
internal sealed class GrainClasses(GrainCollectionOptions collection)
{
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
        var all = Candidates().Where(type.IsAssignableFrom).ToList();
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

    private static IEnumerable<Type> Candidates()
    {
        var own = typeof(GrainClasses).Assembly.GetName().Name;
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        var toSee = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(one => !one.IsDynamic));
        while (toSee.TryDequeue(out var assembly))
        {
            if (!seen.Add(assembly.FullName))
            {
                continue;
            }

            var references = assembly.GetReferencedAssemblies();
            if (Array.Exists(references, one => one.Name == own))
            {
                foreach (var type in assembly.GetTypes().Where(IsGrainClass))
                {
                    yield return type;
                }
            }

            foreach (var reference in references.Where(one => !IsFramework(one.Name!) && !seen.Contains(one.FullName)))
            {
                if (TryLoad(reference) is { } loaded)
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

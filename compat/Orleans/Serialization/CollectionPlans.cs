using System.Collections;
using System.Collections.Frozen;
using System.Reflection;

namespace Orleans.Serialization;

/// <summary>Copies arrays and the ordinary collections, with their elements where these are not immutable.</summary>
internal static class CollectionPlans
{
    private static readonly FrozenDictionary<Type, string> Methods = new Dictionary<Type, string>
    {
        [typeof(List<>)] = nameof(CopyList),
        [typeof(Dictionary<,>)] = nameof(CopyDictionary),
        [typeof(HashSet<>)] = nameof(CopySet),
        [typeof(Queue<>)] = nameof(CopyQueue),
        [typeof(Stack<>)] = nameof(CopyStack),
        [typeof(SortedDictionary<,>)] = nameof(CopySortedDictionary),
    }.ToFrozenDictionary();

    public static bool Knows(Type definition) => Methods.ContainsKey(definition);

    public static TypePlan Of(Type type)
    {
        if (type.IsArray && type.GetArrayRank() > 1)
        {
            return Isolation.IsShared(type.GetElementType()!)
                ? TypePlan.Copied(static (array, _) => ((Array)array).Clone(), Parts)
                : throw TypePlans.Refusal(type, "arrays of several dimensions hold immutable elements only");
        }

        var arguments = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        foreach (var argument in arguments)
        {
            TypePlans.Check(argument);
        }

        var name = type.IsArray ? nameof(CopyArray) : Methods[type.GetGenericTypeDefinition()];
        var copy = typeof(CollectionPlans).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(arguments).CreateDelegate<Func<object, Copier, object>>();
        return TypePlan.Copied(copy, Parts);
    }

    private static IEnumerable<object?> Parts(object value) => value is IDictionary dictionary
        ? dictionary.Keys.Cast<object?>().Concat(dictionary.Values.Cast<object?>())
        : ((IEnumerable)value).Cast<object?>();

    private static T[] CopyArray<T>(object value, Copier copier)
    {
        var source = (T[])value;
        var copy = copier.Known(value, (T[])source.Clone());
        for (var i = 0; i < copy.Length && !Isolation.IsShared(typeof(T)); i++)
        {
            copy[i] = copier.Copy(source[i]);
        }

        return copy;
    }

    private static List<T> CopyList<T>(object value, Copier copier)
    {
        var source = (List<T>)value;
        var copy = copier.Known(value, new List<T>(source.Count));
        copy.AddRange(source.Select(copier.Copy));
        return copy;
    }

    private static Dictionary<TKey, TValue> CopyDictionary<TKey, TValue>(object value, Copier copier)
        where TKey : notnull
    {
        var source = (Dictionary<TKey, TValue>)value;
        var copy = copier.Known(value, new Dictionary<TKey, TValue>(source.Count, source.Comparer));
        foreach (var (key, item) in source)
        {
            copy.Add(copier.Copy(key), copier.Copy(item));
        }

        return copy;
    }

    private static SortedDictionary<TKey, TValue> CopySortedDictionary<TKey, TValue>(object value, Copier copier)
        where TKey : notnull
    {
        var source = (SortedDictionary<TKey, TValue>)value;
        var copy = copier.Known(value, new SortedDictionary<TKey, TValue>(source.Comparer));
        foreach (var (key, item) in source)
        {
            copy.Add(copier.Copy(key), copier.Copy(item));
        }

        return copy;
    }

    private static HashSet<T> CopySet<T>(object value, Copier copier)
    {
        var source = (HashSet<T>)value;
        var copy = copier.Known(value, new HashSet<T>(source.Count, source.Comparer));
        copy.UnionWith(source.Select(copier.Copy));
        return copy;
    }

    private static Queue<T> CopyQueue<T>(object value, Copier copier) =>
        copier.Known(value, new Queue<T>(((Queue<T>)value).Select(copier.Copy)));

    // A stack is enumerated from the top and made from the bottom.
    private static Stack<T> CopyStack<T>(object value, Copier copier) =>
        copier.Known(value, new Stack<T>(((Stack<T>)value).Select(copier.Copy).Reverse()));
}

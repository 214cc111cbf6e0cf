using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Serialization;

/// <summary>Checks and copies the types marked for serialization, field by field.</summary>
internal static class ObjectPlans
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Func<object, object> Clone = typeof(object)
        .GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<object, object>>();

    public static TypePlan Of(Type type)
    {
        if (!IsMarked(type))
        {
            throw TypePlans.Refusal(
                type, "it is not marked with [GenerateSerializer] and is none of the types that are known");
        }

        var fields = Hierarchy(type).SelectMany(one => Serialized(one, type)).ToArray();
        foreach (var field in fields)
        {
            TypePlans.Check(field.FieldType);
        }

        return type.IsDefined(typeof(ImmutableAttribute), inherit: false)
            ? TypePlan.Shared(value => fields.Select(field => field.GetValue(value)))
            : ByFields(type, fields);
    }

    public static TypePlan OfStructure(Type type)
    {
        foreach (var argument in type.GetGenericArguments())
        {
            TypePlans.Check(argument);
        }

        return ByFields(type, [.. Hierarchy(type).SelectMany(one => one.GetFields(Declared))]);
    }

    private static TypePlan ByFields(Type type, FieldInfo[] fields)
    {
        // A struct is copied by passing it, a class is not; in both, members may have to be.
        var copied = fields.Where(field => !IsShared(field)).ToArray();
        return type.IsValueType && copied.Length == 0
            ? TypePlan.Shared(Parts)
            : TypePlan.Copied(Copy, Parts);

        IEnumerable<object?> Parts(object value) => fields.Select(field => field.GetValue(value));

        object Copy(object value, Copier copier)
        {
            var copy = copier.Known(value, Clone(value));
            foreach (var field in copied)
            {
                field.SetValue(copy, copier.Copy(field.GetValue(value)));
            }

            return copy;
        }
    }

    private static bool IsShared(FieldInfo field) =>
        Member(field).IsDefined(typeof(ImmutableAttribute)) || Isolation.IsShared(field.FieldType);

    private static IEnumerable<Type> Hierarchy(Type type)
    {
        for (var one = type; one is not null && one != typeof(object) && one != typeof(ValueType); one = one.BaseType)
        {
            yield return one;
        }
    }

    private static bool IsMarked(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    private static List<FieldInfo> Serialized(Type declaring, Type type)
    {
        var fields = declaring.GetFields(Declared)
            .Where(field => !field.IsDefined(typeof(NonSerializedAttribute))).ToList();
        if (fields.Count > 0 && !IsMarked(declaring))
        {
            throw TypePlans.Refusal(type, $"its base {declaring} is not marked with [GenerateSerializer]");
        }

        var included = IncludedByConstructor(declaring);
        var numbers = new HashSet<uint>();
        foreach (var field in fields)
        {
            var member = Member(field);
            var id = member.GetCustomAttribute<IdAttribute>() ?? field.GetCustomAttribute<IdAttribute>();
            if (id is null && !included.Contains(member.Name))
            {
                throw TypePlans.Refusal(
                    type, $"its member {member.Name} has no [Id]; one that is not to be sent is [NonSerialized]");
            }

            if (id is not null && !numbers.Add(id.Id))
            {
                throw TypePlans.Refusal(type, $"two members of {declaring} have [Id({id.Id})]");
            }
        }

        return fields;
    }

    // The parameters of a record's primary constructor are serialized without being marked.
    private static HashSet<string?> IncludedByConstructor(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$", Declared) is not null
            || type.GetMethod("PrintMembers", Declared) is not null;
        return isRecord
            ? [.. type.GetConstructors(Declared).SelectMany(one => one.GetParameters()).Select(one => one.Name)]
            : [];
    }

    private static MemberInfo Member(FieldInfo field)
    {
        const string suffix = ">k__BackingField";
        var isBacking = field.Name.EndsWith(suffix, StringComparison.Ordinal)
            && field.IsDefined(typeof(CompilerGeneratedAttribute));
        return isBacking
            ? field.DeclaringType!.GetProperty(field.Name[1..^suffix.Length], Declared) ?? (MemberInfo)field
            : field;
    }
}

using System.Collections;
using System.Reflection;
using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Log;

/// <summary>
/// Makes records of any type by reflection, with the values that a format loses most easily: zero, false, empty, null,
/// the ends of a range, and text that needs escapes. A member or an event that is added later is covered at once.
/// </summary>
internal sealed class AnyRecord(int seed)
{
    private static readonly int[] Integers = [0, 0, 1, -1, 7, int.MinValue, int.MaxValue];
    private static readonly long[] Longs = [0, 0, 1, -1, 1L << 53, long.MinValue, long.MaxValue];
    private static readonly double[] Reals =
    [
        0, 0, -0.0, 1, 0.1, -1e21, 1.0 / 3, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
        double.Epsilon, double.MaxValue,
    ];

    private static readonly string[] Texts =
        [string.Empty, string.Empty, " ", "a", "null", "größe <&> \"1\"", "line\nbreak\\", "𝛼"];

    private static readonly TimeSpan[] Spans = [TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.MinValue, new(1, 2, 3)];
    private static readonly NullabilityInfoContext Nullability = new();
    private readonly Random _random = new(seed);

    public object Of(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(item => item.GetParameters().Length);
        object?[] arguments =
            [.. constructor?.GetParameters().Select(item => Value(item.ParameterType, Nullability.Create(item))) ?? []];
        var record = constructor is null ? Activator.CreateInstance(type)! : constructor.Invoke(arguments);
        foreach (var property in type.GetProperties().Where(item => item.CanWrite))
        {
            // The moment of an event is set by its caller: it is kept in whole milliseconds.
            var isArgument = constructor?.GetParameters().Any(item => item.Name == property.Name) ?? false;
            if (!isArgument && property.PropertyType != typeof(DateTimeOffset))
                property.SetValue(record, Value(property.PropertyType, Nullability.Create(property)));
        }

        return record;
    }

    private object? Value(Type type, NullabilityInfo nullability)
    {
        if (nullability.ReadState == NullabilityState.Nullable && _random.Next(2) == 0)
            return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return Pick(Texts);
        if (Element(type) is not { } element)
            return Single(type);
        IList list = Array.CreateInstance(element, _random.Next(4));
        for (var index = 0; index < list.Count; index++)
            list[index] = element == typeof(string) ? Pick(Texts) : Single(element);
        return list;
    }

    private static Type? Element(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0] : null;

    private object Single(Type type)
    {
        if (type == typeof(int))
            return Pick(Integers);
        if (type == typeof(long))
            return Pick(Longs);
        if (type == typeof(double))
            return Pick(Reals);
        if (type == typeof(bool))
            return _random.Next(2) == 0;
        if (type == typeof(TimeSpan))
            return Pick(Spans);
        if (type == typeof(NetworkSizes))
            return new NetworkSizes(Texts.Distinct().Select(name => KeyValuePair.Create(name, Pick(Integers))));
        if (type == typeof(MetricValues))
            return new MetricValues(Texts.Distinct().Select(name => KeyValuePair.Create(name, Pick(Reals))));
        if (type == typeof(ParameterAssignment))
            return Assignment();
        return type.IsEnum ? Pick(Enum.GetValues(type).Cast<object>().ToArray()) : Of(type);
    }

    private ParameterAssignment Assignment() => new(
        Texts.Distinct().Where(_ => _random.Next(2) == 0).Select(name => KeyValuePair.Create(name, Parameter())));

    private ParameterValue Parameter() => _random.Next(3) switch
    {
        0 => ParameterValue.Of(Pick(Texts)),
        1 => ParameterValue.Of(_random.Next(2) == 0),
        _ => ParameterValue.Of(Pick(Reals.Where(double.IsFinite).ToArray())),
    };

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}

using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;

namespace Sweeps.Grains.Tests.Contracts;

/// <summary>
/// Goal: whatever a silo says to another arrives as it was said. Method: every record of the contracts and everything
/// that a grain's method takes or gives, found by reflection, goes through Orleans' serializer and its copier: filled,
/// with zeros and empty texts, and with nulls. Compared by their properties, which the serializer has no part in.
/// </summary>
public sealed class ContractTests : IDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer(serializer => serializer.AddCore()).BuildServiceProvider();

    public static TheoryData<string, Fill> Contracts
    {
        get
        {
            var assembly = typeof(ISweepGrain).Assembly;
            var records = assembly.GetTypes().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)));
            var methods = assembly.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))
                .SelectMany(type => type.GetMethods());
            var spoken = methods.SelectMany(method => method.ReturnType.GenericTypeArguments.Concat(
                method.GetParameters().Select(parameter => parameter.ParameterType)));
            var data = new TheoryData<string, Fill>();
            foreach (var type in records.Concat(spoken).Distinct())
            {
                foreach (var fill in Enum.GetValues<Fill>())
                    data.Add(type.AssemblyQualifiedName!, fill);
            }

            return data;
        }
    }

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Record_OverTheWire_ArrivesAsItWas(string name, Fill fill)
    {
        var value = Sample.Of(Type.GetType(name, throwOnError: true)!, fill);
        var serializer = _services.GetRequiredService<Serializer>();

        var arrived = serializer.Deserialize<object>(serializer.SerializeToArray<object>(value));
        var copy = _services.GetRequiredService<DeepCopier>().Copy<object>(value);

        Assert.Equal(Sample.Describe(value), Sample.Describe(arrived));
        Assert.Equal(Sample.Describe(value), Sample.Describe(copy));
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(0.1 + 0.2)]
    public void Number_OfACoreRecord_ArrivesToTheLastBit(double number)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        var report = new EpochReport(1, number, 0, 0, 0, 0, 0, 0, 0);

        var arrived = serializer.Deserialize<EpochReport>(serializer.SerializeToArray(report))!;

        Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(arrived.TrainLoss));
    }

    [Fact]
    public void Request_EachKindOfSplit_ArrivesAsItWas()
    {
        var serializer = _services.GetRequiredService<Serializer>();
        foreach (var split in (Split[])[Split.All, Split.KFold(5, 0), Split.KFold(5, 4, 2), Split.Holdout(0.1)])
        {
            var request = (TrainingRequest)Sample.Of(typeof(TrainingRequest), Fill.Zeros) with { Split = split };

            Assert.Equal(request, serializer.Deserialize<TrainingRequest>(serializer.SerializeToArray(request)));
        }
    }

    /// <summary>What a sample is made of.</summary>
    public enum Fill
    {
        /// <summary>Something in every member.</summary>
        Values,

        /// <summary>Zeros, false, empty texts and lists, also where null is allowed.</summary>
        Zeros,

        /// <summary>Null where it is allowed, otherwise zeros.</summary>
        Nulls,
    }

    /// <summary>Makes values of any type, and tells what is in them.</summary>
    private static class Sample
    {
        private const BindingFlags OfInstances = BindingFlags.Public | BindingFlags.Instance;
        private static readonly NullabilityInfoContext Nullability = new();

        public static object Of(Type type, Fill fill)
        {
            var full = fill == Fill.Values;
            if (type == typeof(NetworkSizes))
                return new NetworkSizes([KeyValuePair.Create("width", full ? 8 : 0)]);
            if (type == typeof(MetricValues))
                return new MetricValues([KeyValuePair.Create("validation_f1", full ? 0.1 : 0)]);
            if (type == typeof(Split))
                return full ? Split.KFold(5, 3) : Split.All;
            if (type == typeof(SiloId))
                return new SiloId("silo", "incarnation");
            if (type == typeof(string))
                return full ? "näme \u0001" : string.Empty;
            if (type == typeof(TimeSpan))
                return full ? TimeSpan.FromTicks(12_345_678_901) : TimeSpan.Zero;
            if (type == typeof(double))
                return full ? 0.1 : 0.0;
            if (type.IsEnum)
                return Enum.GetValues(type).Cast<object>().ElementAt(full ? ^1 : 0);
            if (type.IsPrimitive)
                return Convert.ChangeType(full ? 1 : 0, type, null);
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
                type = type.GetGenericArguments()[0].MakeArrayType();
            if (type.IsArray)
            {
                var array = Array.CreateInstance(type.GetElementType()!, full ? 2 : 0);
                for (var i = 0; i < array.Length; i++)
                    array.SetValue(Of(type.GetElementType()!, fill), i);
                return array;
            }

            var made = type.GetConstructors()
                .Where(constructor => constructor.GetParameters() is not [var only] || only.ParameterType != type)
                .MaxBy(constructor => constructor.GetParameters().Length)
                ?? throw new InvalidOperationException($"{type} has no constructor to make a sample with.");
            var value = made.Invoke([.. made.GetParameters().Select(
                parameter => Member(parameter.ParameterType, Nullability.Create(parameter), fill))]);
            foreach (var property in type.GetProperties(OfInstances).Where(property => property.CanWrite))
                property.SetValue(value, Member(property.PropertyType, Nullability.Create(property), fill));
            return value;
        }

        public static string Describe(object? value) => value switch
        {
            null => "null",
            string text => $"'{text}'",
            double number => BitConverter.DoubleToInt64Bits(number).ToString("x", null),
            IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Describe))}]",
            _ when value.GetType() is { IsPrimitive: true } or { IsEnum: true } || value is TimeSpan => $"{value}",
            _ => value.GetType().Name + " { " + string.Join(", ", value.GetType().GetProperties(OfInstances)
                .Where(property => property.GetIndexParameters().Length == 0)
                .Select(property => $"{property.Name} = {Describe(property.GetValue(value))}")) + " }",
        };

        private static object? Member(Type type, NullabilityInfo nullability, Fill fill)
        {
            var isNullable = nullability.ReadState == NullabilityState.Nullable;
            return isNullable && fill == Fill.Nulls ? null : Of(Nullable.GetUnderlyingType(type) ?? type, fill);
        }
    }
}

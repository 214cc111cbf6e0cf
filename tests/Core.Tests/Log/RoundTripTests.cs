using System.Reflection;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Text = System.Text.Encoding;

namespace Sweeps.Core.Tests.Log;

/// <summary>Whatever is in an event comes back from its stored form.</summary>
public sealed class RoundTripTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(100);

    public static TheoryData<string> Events =>
        [.. typeof(SweepEvent).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(SweepEvent)) && !type.IsAbstract)
            .Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Events))]
    public void Decode_AnyEvent_IsWhatWasEncoded(string name)
    {
        var type = typeof(SweepEvent).Assembly.GetType($"{typeof(SweepEvent).Namespace}.{name}", throwOnError: true)!;
        Check.One(Config, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var @event = (SweepEvent)new AnyRecord(seed).Of(type) with
            {
                At = DateTimeOffset.FromUnixTimeMilliseconds(seed * 1_000L),
            };
            var encoded = SweepEventCodec.Encode(@event);
            var decoded = SweepEventCodec.Decode(encoded.Type, encoded.Payload.Span);
            Assert.IsType(type, decoded);
            Assert.Equivalent(@event, decoded, strict: true);
            var again = SweepEventCodec.Encode(decoded);
            Assert.Equal(Text.UTF8.GetString(encoded.Payload.Span), Text.UTF8.GetString(again.Payload.Span));
        }));
    }

    // The generated reader does not run the initialisers of init-only members: one that an earlier version did not
    // write is null, zero or false. So a member that is added later must mean its old behaviour by that; those listed
    // here were written by every version.
    [Fact]
    public void Members_AddedLater_AreNullZeroOrFalseByDefault()
    {
        string[] alwaysWritten =
        [
            "Hyperparameters.Optimizer", "Selection.Tied", "Selection.TimeFront", "Selection.WeightsFront",
            "SweepPlan.Refit",
        ];
        Type[] generated = [typeof(SweepPlan), typeof(Hyperparameters), typeof(Selection)];
        var withInitialiser =
            from type in generated
            let fresh = Activator.CreateInstance(type)
            from property in type.GetProperties()
            where property.CanWrite && property.GetCustomAttribute<RequiredMemberAttribute>() is null
            let zero = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null
            where !Equals(property.GetValue(fresh), zero)
            select $"{type.Name}.{property.Name}";
        Assert.Equal(alwaysWritten, withInitialiser.Order(StringComparer.Ordinal));
    }
}

using Orleans.Runtime;

namespace Orleans.Serialization;

/// <summary>
/// Keeps caller and grain apart as the real runtime does: what is not immutable is copied, and what the real serializer
/// could not send is refused, even though nothing is serialized here.
/// </summary>
internal static class Isolation
{
    /// <summary>
    /// The name of a switch in <see cref="AppContext"/> for tests: every value within every argument and result is
    /// looked at, also those in immutable ones, which a call within one process would not touch.
    /// </summary>
    public const string VerifyValuesSwitch = "Orleans.VerifyValues";

    private static readonly bool VerifiesValues =
        AppContext.TryGetSwitch(VerifyValuesSwitch, out var isOn) && isOn;

    /// <summary>Whether every value that a parameter of this type can have is passed as it is.</summary>
    public static bool IsShared(Type declared)
    {
        if (!declared.IsValueType && !declared.IsSealed)
        {
            return typeof(GrainReference).IsAssignableFrom(declared);
        }

        var plan = TypePlans.Of(Nullable.GetUnderlyingType(declared) ?? declared);
        return plan.IsShared && (plan.Parts is null || !VerifiesValues);
    }

    public static object? Copy(object? value)
    {
        if (VerifiesValues)
        {
            Verify(value, new HashSet<object>(ReferenceEqualityComparer.Instance));
        }

        return value is null || TypePlans.Of(value.GetType()).IsShared ? value : new Copier().Copy(value);
    }

    private static void Verify(object? value, HashSet<object> seen)
    {
        if (value is null || TypePlans.Of(value.GetType()) is not { Parts: { } parts } || !seen.Add(value))
        {
            return;
        }

        foreach (var part in parts(value))
        {
            Verify(part, seen);
        }
    }
}

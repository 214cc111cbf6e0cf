namespace Orleans;

/// <summary>The name of a type or method on the wire, independent of its name in code.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Struct | AttributeTargets.Enum
    | AttributeTargets.Method)]
public sealed class AliasAttribute : Attribute
{
    public AliasAttribute(string alias)
    {
        Alias = alias;
    }

    public string Alias { get; }
}

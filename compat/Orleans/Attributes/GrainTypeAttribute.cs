using Orleans.Runtime;

namespace Orleans;

/// <summary>The name of a grain class in the identities of its grains.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute : Attribute
{
    private readonly string grainType;

    public GrainTypeAttribute(string grainType)
    {
        this.grainType = grainType;
    }

    public GrainType GetGrainType(IServiceProvider services, Type type) => GrainType.Create(grainType);
}

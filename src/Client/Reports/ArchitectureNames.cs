using Sweeps.Core;
using Sweeps.Core.Specs;
using Sweeps.Core.Sweeps;
using Sweeps.Core.Training;

namespace Sweeps.Client.Reports;

/// <summary>The names that a sweep file gives its architectures, so that tables show no long lists of layers.</summary>
internal sealed class ArchitectureNames
{
    private const int LengthMax = 40;
    private readonly SweepSpecification? _specification;

    private ArchitectureNames(SweepSpecification? specification) => _specification = specification;

    public static ArchitectureNames Of(SweepPlan plan)
    {
        try
        {
            return new(SpecificationReader.Read(plan.Specification, $"{plan.Id}.json").Specification);
        }
        catch (SweepsException)
        {
            // A specification of another version: the networks speak for themselves.
            return new(null);
        }
    }

    public string Of(Hyperparameters point) => Of(point.Architecture);

    public string Of(string architecture)
    {
        var name = _specification?.ArchitectureName(architecture) ?? architecture;
        return name.Length <= LengthMax ? name : name[..(LengthMax - 3)] + "...";
    }
}

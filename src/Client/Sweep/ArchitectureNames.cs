using Sweeps.Core;
using Sweeps.Core.Specs;
using Sweeps.Core.Sweeps;
using Sweeps.Core.Training;

namespace Sweeps.Client.Sweep;

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

    /// <summary>A text that begins with an architecture, with its name instead.</summary>
    public string Shorten(string text)
    {
        var known = (_specification?.Architectures ?? [])
            .Where(architecture => text.StartsWith(architecture.Text + " ", StringComparison.Ordinal))
            .MaxBy(architecture => architecture.Text.Length);
        return known is null ? text : $"{known.Name}{text[known.Text.Length..]}";
    }

    public string Of(Hyperparameters point) => Of(point.Architecture);

    public string Of(string architecture)
    {
        var name = _specification?.ArchitectureName(architecture) ?? architecture;
        return name.Length <= LengthMax ? name : name[..(LengthMax - 3)] + "...";
    }
}

using System.Collections.Immutable;
using Sweeps.Core.Networks;
using Sweeps.Core.Space;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Gives the sizes of networks the conditions that their placeholders mean: a width is searched only with architectures
/// that have it, and not where it stands in layers that are there 0 times. What depends on a size of which an
/// architecture has none does not apply to it.
/// </summary>
internal static class SizeMerge
{
    /// <summary>The parameters with these conditions.</summary>
    public static SweepSpecification Run(SweepSpecification specification)
    {
        foreach (var parameter in specification.Parameters)
        {
            if (SizedNetworks.IsSize(parameter.Name))
                specification = WithArchitectures(specification, parameter.Name);
        }

        foreach (var parameter in specification.Parameters)
        {
            var isInNetworks = SizedNetworks.IsSize(parameter.Name)
                || parameter.Name is ParameterNames.Dropout or ParameterNames.Activation;
            foreach (var count in specification.Parameters.Where(p => isInNetworks && p.Name != parameter.Name))
                specification = WithoutZero(specification, parameter.Name, count);
        }

        return specification;
    }

    private static SweepSpecification WithArchitectures(SweepSpecification specification, string size)
    {
        var names = SizedNetworks.ChoicesOf(specification).ToList();
        var with = names.Where(name => Has(specification, name, size)).Select(ParameterValue.Of).ToImmutableArray();
        return with.Length == names.Count ? specification : Narrowed(
            specification, size, ParameterNames.Architecture, with);
    }

    /// <summary>Where all layers with it are repeated <c>{count}</c> times, it asks for another count than 0.</summary>
    private static SweepSpecification WithoutZero(
        SweepSpecification specification, string name, SearchedParameter count)
    {
        if (!SizedNetworks.IsSize(count.Name)
            || count.Branches.Any(b => b.Domain.Enumerate(SpaceBlocks.MaxValues) is null))
            return specification;
        var values = count.Branches.SelectMany(b => b.Domain.Enumerate(SpaceBlocks.MaxValues)!)
            .Select(v => v.Value).Distinct().ToList();
        var texts = SizedNetworks.ChoicesOf(specification).Select(specification.ArchitectureText)
            .Where(text => ActsOn(text, name)).ToList();
        var isIdle = texts.Count > 0 && texts.TrueForAll(text =>
            ArchitectureTemplate.Find(text) is { } template && !ActsOn(template.Without(n => n == count.Name), name));
        return isIdle && values.Exists(v => v.Number == 0)
            ? Narrowed(specification, name, count.Name, [.. values.Where(v => v.Number != 0)])
            : specification;
    }

    private static bool Has(SweepSpecification specification, string architecture, string size) =>
        ArchitectureTemplate.NamesIn(specification.ArchitectureText(architecture)).Contains(size);

    private static bool ActsOn(string text, string name) => name switch
    {
        ParameterNames.Dropout => text.Length > 0 && NetworkIdentity.HasDropout(text),
        ParameterNames.Activation => text.Length > 0 && NetworkIdentity.HasActivation(text),
        _ => ArchitectureTemplate.NamesIn(text).Contains(name),
    };

    /// <summary>With a condition more; as it is where the parameters would ask for each other.</summary>
    private static SweepSpecification Narrowed(
        SweepSpecification specification, string name, string decider, ImmutableArray<ParameterValue> effective)
    {
        var before = specification.Parameters.First(p => p.Name == name);
        var after = before with
        {
            Branches =
                [.. before.Branches.Select(b => EffectMerge.Narrow(b, decider, effective)).OfType<ParameterBranch>()],
        };
        // A branch without a new condition is the very same: a caller sees that there is nothing left to do.
        if (after.Branches.SequenceEqual(before.Branches))
            return specification;
        var narrowed = specification with
        {
            Parameters = after.Branches.IsEmpty
                ? specification.Parameters.Remove(before)
                : specification.Parameters.Replace(before, after),
        };
        return ParameterOrder.FindCircle([.. narrowed.Parameters]) is null ? narrowed : specification;
    }
}

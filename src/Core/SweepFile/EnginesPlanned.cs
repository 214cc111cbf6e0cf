using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Which engines a sweep's networks take, before any of them is proposed.</summary>
internal static class EnginesPlanned
{
    /// <summary>What a plan keeps of it; null: the data's shape is not known, and so neither are the engines.</summary>
    /// <param name="specification">The sweep.</param>
    /// <param name="size">The shape of the data; null: not known.</param>
    public static PlannedEngines? Of(SweepSpecification specification, DataSize? size)
    {
        var scope = specification.Engine switch
        {
            EngineKind.Native => NumericsScope.Native,
            EngineKind.Torch => NumericsScope.Torch,
            _ when size is null => NumericsScope.Combined,
            _ => ScopeOf(specification, size, NativeStages.Newest),
        };
        return scope == NumericsScope.Combined
            ? null
            : new(scope, size?.Input.ToString(), size?.Outputs ?? 0);
    }

    /// <summary>
    /// The oldest set of native stages by which all its networks take the engines of the newest, with the same bits.
    /// Where the shape of the data is not known, what names a result does not tell the engines apart: the first decides
    /// as it ever did.
    /// </summary>
    /// <param name="specification">The sweep.</param>
    /// <param name="size">The shape of the data; null: not known.</param>
    public static StageSet StagesOf(SweepSpecification specification, DataSize? size)
    {
        if (specification.Engine == EngineKind.Torch || (specification.Engine == EngineKind.Auto && size is null))
            return StageSet.First;
        if (size is null)
            return NativeStages.Newest;
        var allOnTorch = specification.Engine == EngineKind.Auto
            && ScopeOf(specification, size, NativeStages.Newest) == NumericsScope.Torch;
        // A set has all stages of those before it.
        return allOnTorch || (ScopeOf(specification, size, StageSet.First) == NumericsScope.Native
                && !TextsOf(specification).Any(text => MayTakeFewerProducts(text, size)))
            ? StageSet.First : NativeStages.Newest;
    }

    private static IEnumerable<string> TextsOf(SweepSpecification specification) =>
        SizedNetworks.ChoicesOf(specification).Select(specification.ArchitectureText);

    private static bool MayTakeFewerProducts(string text, DataSize size)
    {
        if (OwnLayer.Begins(text))
            return false;
        try
        {
            var template = ArchitectureTemplate.Find(text);
            var sample = NetworkShape.Create(
                Architecture.Parse(template?.Sample() ?? text), size.Input, size.Outputs);
            // Kernels and channels of other sizes are not those of the sample.
            return NativeStages.TakesFewerProducts(sample, NativeStages.Newest)
                || (template is not null && !HasDenseSizesAlone(template));
        }
        catch (SweepsException)
        {
            return true;
        }
    }

    private static NumericsScope ScopeOf(SweepSpecification specification, DataSize size, StageSet stages)
    {
        var scopes = TextsOf(specification)
            .SelectMany(
                text => Activations(specification), (text, activation) => ScopeOf(text, activation, size, stages))
            .Distinct()
            .ToList();
        return scopes is [var only] ? only : NumericsScope.Both;
    }

    private static NumericsScope ScopeOf(string text, string? activation, DataSize size, StageSet stages)
    {
        if (OwnLayer.Begins(text))
            return NumericsScope.Torch;
        try
        {
            var template = ArchitectureTemplate.Find(text);
            var network = NetworkShape.Create(
                Architecture.Parse(template?.Sample() ?? text).With(null, activation), size.Input, size.Outputs);
            var own = EngineChoice.Of(EngineKind.Auto, network, stages).Engine == EngineKind.Native
                ? NumericsScope.Native : NumericsScope.Torch;
            return template is null || IsSame(template, own, stages) ? own : NumericsScope.Both;
        }
        catch (SweepsException)
        {
            // A sample of its sizes that is no network tells nothing of the others.
            return NumericsScope.Both;
        }
    }

    /// <summary>Whether all networks of a form take the engine of its sample.</summary>
    private static bool IsSame(ArchitectureTemplate template, NumericsScope sample, StageSet stages)
    {
        if (sample == NumericsScope.Torch)
        {
            return template.Text.Split(" | ").Where(part => !part.Contains('{', StringComparison.Ordinal))
                .SelectMany(part => Architecture.Parse(part).Layers)
                .Any(layer => NativeStages.NeverHasStage(layer, stages));
        }

        return HasDenseSizesAlone(template);
    }

    /// <summary>Whether its sizes are those of dense layers, how many of them there are, and rates: they decide no
    /// engine.</summary>
    private static bool HasDenseSizesAlone(ArchitectureTemplate template) =>
        template.Text.Split(" | ").All(part => !part.Contains('{', StringComparison.Ordinal)
            || Layer(part).StartsWith("dense ", StringComparison.Ordinal)
            || Layer(part).StartsWith("dropout ", StringComparison.Ordinal));

    private static string Layer(string part) =>
        part.Split(" x ") is [_, var layer] && !layer.StartsWith('(') ? layer : part;

    // Null: as the layers say. A softmax between convolutions has no native stage.
    private static IEnumerable<string?> Activations(SweepSpecification specification)
    {
        var branches = specification.Parameters.Where(p => p.Name == ParameterNames.Activation)
            .SelectMany(p => p.Branches).ToList();
        var values = branches.Select(b => b.Domain).OfType<ChoiceDomain>()
            .SelectMany(d => d.Values).Select(v => v.Text).Distinct();
        return branches.Exists(b => b.When.IsEmpty) ? values : values.Prepend(null);
    }
}

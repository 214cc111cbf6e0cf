using System.Collections.Immutable;
using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Reads <c>initial_weights</c> and <c>freeze</c>, and what <c>parameters</c> says of both.</summary>
internal sealed class WeightsSection(MapValues file, ReadingContext context)
{
    /// <summary>The name of weights that the file gives none.</summary>
    private const string Unnamed = "initial";

    /// <summary>The weights under their names.</summary>
    public ImmutableArray<NamedWeights> Read()
    {
        var named = ImmutableArray.CreateBuilder<NamedWeights>();
        foreach (var (entry, values) in file.Get(WeightsRules.InitialWeights, []))
        {
            if (entry?.Key == WeightsReference.None)
                context.Error(
                    entry.Value, $"initial_weights.{entry.Key}", "'none' means drawn weights; choose another name");
            if (values.Find(WeightsRules.Model) is not { } model)
                continue;
            var hasNames = values.TryGet(WeightsRules.Names, out var names);
            named.Add(new(entry?.Key ?? Unnamed, model)
            {
                Names = hasNames ? [.. names.Select(n => KeyValuePair.Create(n.Entry.Key, n.Value))] : [],
                InOrder = hasNames && names.IsEmpty,
                Digest = values.Find(WeightsRules.Digest)?.ToLowerInvariant(),
            });
        }

        return named.ToImmutable();
    }

    /// <summary>The parameters with those that the sections mean; a freeze asks for weights to freeze.</summary>
    public void Complete(List<ReadParameter> parameters, ImmutableArray<NamedWeights> named)
    {
        var weights = parameters.FindIndex(p => p.Parameter.Name == ParameterNames.InitialWeights);
        if (weights >= 0)
            CheckNames(parameters[weights], named);
        else if (!named.IsEmpty)
            parameters.Add(new(
                Choice(ParameterNames.InitialWeights, [], [.. named.Select(n => n.Name)]),
                file.NodeOf(WeightsRules.InitialWeights)!, WeightsRules.InitialWeights.Name));
        var freeze = parameters.FindIndex(p => p.Parameter.Name == ParameterNames.Freeze);
        var written = file.NodeOf(WeightsRules.Freeze);
        if (written is not null && freeze >= 0)
            context.Error(written, WeightsRules.Freeze.Name, "'freeze' is among the parameters too; keep one");
        if (written is null && freeze < 0)
            return;
        if (named.IsEmpty)
        {
            context.Error(
                written ?? parameters[freeze].Node,
                written is null ? parameters[freeze].Path : WeightsRules.Freeze.Name,
                "nothing to freeze: the file has no 'initial_weights', so all weights are drawn at random");
            return;
        }

        if (written is not null && freeze < 0 && file.Find(WeightsRules.Freeze) is { } text and not Freezing.None)
        {
            parameters.Add(new(Choice(ParameterNames.Freeze, [], [text]), written, WeightsRules.Freeze.Name));
            freeze = parameters.Count - 1;
        }

        if (freeze >= 0)
            parameters[freeze] = AskingForWeights(parameters[freeze], parameters, named);
    }

    private void CheckNames(ReadParameter read, ImmutableArray<NamedWeights> named)
    {
        string[] names = [.. named.Select(n => n.Name), WeightsReference.None];
        foreach (var value in read.Parameter.Branches.Select(b => b.Domain).OfType<ChoiceDomain>()
            .SelectMany(d => d.Values).Where(v => !names.Contains(v.Text)))
        {
            context.Error(
                read.Node, read.Path,
                $"'{Quote.Short(value.Text!)}' is no name under 'initial_weights'; allowed: "
                    + string.Join(", ", names));
        }
    }

    // Where weights are drawn, freezing them would only keep chance as it is.
    private static ReadParameter AskingForWeights(
        ReadParameter read, List<ReadParameter> parameters, ImmutableArray<NamedWeights> named)
    {
        var used = parameters.First(p => p.Parameter.Name == ParameterNames.InitialWeights).Parameter.Branches
            .Select(b => b.Domain).OfType<ChoiceDomain>().SelectMany(d => d.Values).Select(v => v.Text!).ToHashSet();
        if (!used.Contains(WeightsReference.None))
            return read;
        Condition condition = new(
            ParameterNames.InitialWeights,
            [.. named.Where(n => used.Contains(n.Name)).Select(n => ParameterValue.Of(n.Name))]);
        return read with
        {
            Parameter = read.Parameter with
            {
                Branches = [.. read.Parameter.Branches.Select(
                    b => b.When.Any(c => c.Parameter == ParameterNames.InitialWeights)
                        ? b : b with { When = b.When.Add(condition) })],
            },
        };
    }

    private static SearchedParameter Choice(string name, ImmutableArray<Condition> when, string[] values) =>
        new(name, [new(when, new ChoiceDomain([.. values.Select(ParameterValue.Of)], []))]);
}

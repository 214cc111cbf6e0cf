using System.Collections.Immutable;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Makes one configuration of those that would train the same network in the same way. A value that has no effect gets
/// a condition, as a user would write it with <c>when</c>: a dropout rate asks for architectures with dropout layers, a
/// momentum for optimizers that have one. So the canonical form shows what is searched, and the searchers know nothing
/// of it. Of two names for one network the first stays.
/// </summary>
internal sealed class EffectMerge(KnownDataSet? data, ReadingContext context)
{
    private readonly NetworkIdentity _networks = new(data);

    /// <summary>The parameters without values that have no effect; each one is noted.</summary>
    /// <param name="specification">Checked, without errors.</param>
    /// <param name="parameters">Its parameters and their places.</param>
    public SweepSpecification Run(SweepSpecification specification, IReadOnlyList<ReadParameter> parameters)
    {
        // What is left out may have been all that asked for something else.
        while (true)
        {
            var merged = SizeMerge.Run(MergeValues(MergeNetworks(specification, parameters), parameters));
            if (merged.Parameters.SequenceEqual(specification.Parameters))
                return merged;
            specification = merged;
        }
    }

    private SweepSpecification MergeValues(
        SweepSpecification specification, IReadOnlyList<ReadParameter> parameters)
    {
        var merged = new List<SearchedParameter>();
        foreach (var parameter in specification.Parameters)
        {
            var read = parameters.First(p => p.Parameter.Name == parameter.Name);
            if (Merge(parameter, read, specification) is { } left)
                merged.Add(left);
        }

        return specification with { Parameters = [.. merged] };
    }

    private SearchedParameter? Merge(SearchedParameter parameter, ReadParameter read, SweepSpecification specification)
    {
        var (decider, acts) = parameter.Name switch
        {
            ParameterNames.Dropout => (ParameterNames.Architecture,
                value => NetworkIdentity.HasDropout(specification.ArchitectureText(value))),
            ParameterNames.Activation => (ParameterNames.Architecture,
                value => NetworkIdentity.HasActivation(specification.ArchitectureText(value))),
            ParameterNames.Momentum => (ParameterNames.Optimizer, value => value is "sgd" or "rmsprop"),
            ParameterNames.LearningRateDecay =>
                (ParameterNames.LearningRateSchedule, value => value is "step" or "exponential"),
            ParameterNames.LearningRateStep => (ParameterNames.LearningRateSchedule, value => value == "step"),
            ParameterNames.LearningRateEnd =>
                (ParameterNames.LearningRateSchedule, value => value is "cosine" or "linear"),
            ParameterNames.LabelSmoothing => (ParameterNames.Loss, value => value != "mean_squared_error"),
            ParameterNames.Nesterov => (ParameterNames.Optimizer, (Func<string, bool>)(value => value == "sgd")),
            _ => (null, null!),
        };
        // What a condition asks for decides something, even where it does not act itself.
        if (decider is null || IsAskedFor(parameter.Name, specification))
            return parameter;
        var deciding = specification.Parameters.FirstOrDefault(p => p.Name == decider);
        var values = ValuesOf(decider, deciding);
        var without = values.Where(value => !acts(value)).ToList();
        if (without.Count == 0)
            return parameter;
        var effective = values.Where(acts).Select(ParameterValue.Of).ToImmutableArray();
        var branches = parameter.Branches.Select(branch => Narrow(branch, decider, effective)).OfType<ParameterBranch>()
            .ToImmutableArray();
        if (branches.SequenceEqual(parameter.Branches))
            return parameter;
        var narrowed = parameter with { Branches = branches };
        if (branches.IsEmpty)
        {
            LeaveOut(parameter, read, without);
            return null;
        }

        SearchedParameter[] all =
            [.. specification.Parameters.Select(p => p.Name == parameter.Name ? narrowed : p)];
        // The decider asks for this parameter itself: such a space stays as it is written.
        if (ParameterOrder.FindCircle(all) is not null)
            return parameter;
        context.Note(read.Node, read.Path,
            $"has no effect with {Names(without)}: configurations that differ in it alone are one there");
        return narrowed;
    }

    private static bool IsAskedFor(string name, SweepSpecification specification) =>
        specification.Parameters.Any(p => p.Branches.Any(b => b.When.Any(c => c.Parameter == name)));

    private void LeaveOut(SearchedParameter parameter, ReadParameter read, List<string> without)
    {
        var (why, remedy) = parameter.Name switch
        {
            ParameterNames.Dropout =>
                ($"{Names(without)} has no dropout layer", "add one, as 'dropout 0.5', to an architecture"),
            ParameterNames.Activation =>
                ($"{Names(without)} has no hidden layer with an activation", "add one to an architecture"),
            ParameterNames.Momentum => ($"{Names(without)} takes none", "write optimizer: sgd or rmsprop"),
            ParameterNames.LearningRateDecay =>
                (Schedules(without), "write learning_rate_schedule: step or exponential"),
            ParameterNames.LearningRateStep => (Schedules(without), "write learning_rate_schedule: step"),
            ParameterNames.LearningRateEnd => (Schedules(without), "write learning_rate_schedule: cosine or linear"),
            ParameterNames.LabelSmoothing => ($"{Names(without)} knows no classes", "write loss: cross_entropy"),
            _ => ($"{Names(without)} takes none", "write optimizer: sgd"),
        };
        context.Note(read.Node, read.Path, $"has no effect and is left out: {why}; to search it, {remedy}");
    }

    /// <summary>The branch where another parameter has one of these values; null: nothing is left of it.</summary>
    internal static ParameterBranch? Narrow(
        ParameterBranch branch, string decider, ImmutableArray<ParameterValue> effective)
    {
        var index = -1;
        for (var i = 0; i < branch.When.Length; i++)
            index = branch.When[i].Parameter == decider ? i : index;
        if (index < 0)
            return effective.IsEmpty ? null : branch with { When = branch.When.Add(new(decider, effective)) };
        var condition = branch.When[index];
        var left = condition.Values.Where(value => effective.Contains(value)).ToImmutableArray();
        if (left.Length == condition.Values.Length)
            return branch;
        return left.IsEmpty
            ? null
            : branch with { When = branch.When.SetItem(index, condition with { Values = left }) };
    }

    /// <summary>The names that a parameter takes; the default where it may be absent.</summary>
    private static List<string> ValuesOf(string name, SearchedParameter? parameter)
    {
        var absent = name switch
        {
            ParameterNames.Optimizer => "adam",
            ParameterNames.LearningRateSchedule => "constant",
            // Of classes; data with a number to predict say so themselves.
            ParameterNames.Loss => "cross_entropy",
            _ => null,
        };
        List<string> values = parameter is null ? [] : [.. Choices(parameter).Distinct()];
        if (absent is not null && parameter?.Branches.Any(b => b.When.IsEmpty) != true && !values.Contains(absent))
            values.Add(absent);
        return values;
    }

    private static IEnumerable<string> Choices(SearchedParameter parameter) =>
        parameter.Branches.Select(b => b.Domain).OfType<ChoiceDomain>().SelectMany(d => d.Values).Select(v => v.Text!);

    private static string Schedules(List<string> names) => $"the schedule {Names(names)} has none";

    private static string Names(List<string> names) => names.Count <= 5
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";

    private SweepSpecification MergeNetworks(
        SweepSpecification specification, IReadOnlyList<ReadParameter> parameters)
    {
        var parameter = specification.Parameters.FirstOrDefault(p => p.Name == ParameterNames.Architecture);
        if (parameter is null)
            return specification;
        var conditions = specification.Parameters.Where(p => !SizedNetworks.IsSize(p.Name))
            .SelectMany(p => p.Branches).SelectMany(b => b.When)
            .Where(c => c.Parameter == ParameterNames.Architecture).ToList();
        var asksForSizes = specification.Parameters.Where(p => !SizedNetworks.IsSize(p.Name))
            .SelectMany(p => p.Branches).SelectMany(b => b.When).Any(c => SizedNetworks.IsSize(c.Parameter));
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        var same = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = Choices(parameter).Distinct().ToList();
        // Those with placeholders first: a grid tries all that they become. A random search may never draw it.
        var isCovered = specification.Method == SearchMethod.Grid && !asksForSizes;
        foreach (var sized in isCovered ? SizedNetworks.Of(specification).Where(s => s.Missing is null) : [])
            first.TryAdd(IdentityOf(sized.Architecture, _networks.Of(sized, specification)), sized.Architecture);
        foreach (var name in names)
        {
            var identity = IdentityOf(name, _networks.Of(specification.ArchitectureText(name), specification));
            if (!first.TryAdd(identity, name) && first[identity] != name)
                same.Add(name, first[identity]);
        }

        if (same.Count == 0)
            return specification;
        var read = parameters.First(p => p.Parameter.Name == ParameterNames.Architecture);
        foreach (var (name, kept) in same)
            context.Note(read.Node, read.Path, $"'{name}' and '{kept}' are one network, trained once, as '{kept}'");
        return specification with
        {
            Architectures = [.. specification.Architectures.Where(a => !same.ContainsKey(a.Name))],
            Parameters = [.. specification.Parameters.Select(p => Without(p, same))],
        };

        // Conditions may ask for one of the names alone, and then the two are trained in different ways.
        string IdentityOf(string name, string network) =>
            string.Concat(conditions.Select(c => c.Values.Contains(ParameterValue.Of(name)) ? '1' : '0'))
                + $" {network}";
    }

    private static SearchedParameter Without(SearchedParameter parameter, Dictionary<string, string> same) =>
        parameter with
        {
            Branches = [.. parameter.Branches.Select(branch => branch with
            {
                When = [.. branch.When.Select(c => c.Parameter != ParameterNames.Architecture ? c : c with
                {
                    Values = [.. c.Values.Where(value => !same.ContainsKey(value.Text!))],
                })],
                Domain = parameter.Name == ParameterNames.Architecture && branch.Domain is ChoiceDomain choice
                    ? Without(choice, same)
                    : branch.Domain,
            })],
        };

    // The kept name takes the place and the probability of the others.
    private static ChoiceDomain Without(ChoiceDomain choice, Dictionary<string, string> same)
    {
        var values = new List<ParameterValue>();
        var shares = new List<double>();
        for (var i = 0; i < choice.Values.Length; i++)
        {
            var value = same.TryGetValue(choice.Values[i].Text!, out var kept)
                ? ParameterValue.Of(kept)
                : choice.Values[i];
            var at = values.IndexOf(value);
            if (at < 0)
            {
                at = values.Count;
                values.Add(value);
                shares.Add(0);
            }

            shares[at] += choice.Probabilities.IsEmpty ? 0 : choice.Probabilities[i];
        }

        return new([.. values], choice.Probabilities.IsEmpty || values.Count == 1 ? [] : [.. shares]);
    }
}

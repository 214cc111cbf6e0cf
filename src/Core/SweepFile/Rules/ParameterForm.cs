using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>
/// One way to write the values of a parameter as a map: the keys that a distribution takes, and the domain that they
/// mean.
/// </summary>
/// <param name="parameter">The parameter.</param>
/// <param name="distribution">The distribution; null: a plain range.</param>
/// <param name="when">The rule of <c>when</c>.</param>
internal abstract class ParameterForm(
    ParameterDescription parameter, DistributionDescription? distribution, Rule<ImmutableArray<Condition>> when)
{
    private static readonly NumberRule s_steps = new() { Min = 0, ExcludesMin = true, Max = 1e9 };

    private readonly Key<double> _step = new("q", s_steps, "The step: values are multiples of it.") { Default = "1" };

    private readonly Key<ImmutableArray<Condition>> _when =
        new("when", when, "Applies only where other parameters have these values.");

    private static readonly Dictionary<string, Hint> s_hints = new()
    {
        ["parameters"] = new(null, "nested parameters are not supported: write each parameter at the top, with 'when' "
            + "where it depends on another"),
        ["condition"] = new("when", "write 'when', for example when: {optimizer: sgd}"),
        ["if"] = new("when", "write 'when', for example when: {optimizer: sgd}"),
        ["step"] = new(null, "write 'q' with a q_ distribution, or 'points'"),
        ["num"] = new("points"),
        ["steps"] = new("points"),
        ["n"] = new("points"),
        ["log"] = new("scale", "write 'scale: log'"),
        ["choices"] = new("values"),
        ["options"] = new("values"),
        ["low"] = new("min"),
        ["lower"] = new("min"),
        ["minimum"] = new("min"),
        ["high"] = new("max"),
        ["upper"] = new("max"),
        ["maximum"] = new("max"),
        ["mean"] = new("mu"),
        ["std"] = new("sigma"),
        ["stddev"] = new("sigma"),
        ["default"] = new(null, "a parameter needs no default: write what is searched"),
    };

    public MapRule Map => field ??= new(
        distribution is null ? parameter.Name : $"{parameter.Name} with distribution {distribution.Name}", [.. Keys()])
    {
        Hint = HintFor,
    };

    /// <summary>What to write instead of a key that W&amp;B, Optuna or habit suggests.</summary>
    public static Hint? HintFor(string key) => s_hints.GetValueOrDefault(key.ToLowerInvariant());

    /// <summary>The name under <c>$defs</c> of a form that is the same for every parameter; null: it is not.</summary>
    public virtual string? SharedName => null;

    protected ParameterDescription Parameter => parameter;

    protected DistributionDescription? Distribution => distribution;

    protected bool IsQuantized => distribution?.IsQuantized == true;

    /// <summary>Makes the form of a distribution; null: a plain range.</summary>
    public static ParameterForm Of(
        ParameterDescription parameter, DistributionDescription? distribution,
        Rule<ImmutableArray<Condition>> when) => distribution?.Family switch
        {
            null or DistributionFamily.Range => new RangeForm(parameter, distribution, when),
            DistributionFamily.Constant => new ConstantForm(parameter, distribution, when),
            DistributionFamily.Categorical => new CategoricalForm(parameter, distribution, when),
            DistributionFamily.Exponents => new ExponentsForm(parameter, distribution, when),
            _ => new NormalForm(parameter, distribution, when),
        };

    /// <summary>Reads the map.</summary>
    public bool Read(
        SourceMap map, string path, ReadingContext context, [MaybeNullWhen(false)] out ParameterBranch branch)
    {
        branch = null;
        if (!Map.Read(map, path, context, out var values) || !values.IsRight)
            return false;
        if (DomainOf(values, path, context) is { } domain)
            branch = new(values.Get(_when, []), domain);
        return branch is not null;
    }

    protected abstract IEnumerable<Key> FamilyKeys();

    /// <summary>What right keys mean; null when they do not fit together.</summary>
    protected abstract ParameterDomain? DomainOf(MapValues values, string path, ReadingContext context);

    /// <summary>The step; whole parameters have one in any case.</summary>
    protected (double? Step, bool IsValid) StepOf(
        MapValues values, Bounds bounds, string path, ReadingContext context)
    {
        var isGiven = values.TryGet(_step, out var given);
        if (!isGiven && !IsQuantized && !parameter.IsInteger)
            return (null, true);
        var step = isGiven ? given : 1;
        var node = values.NodeOf(_step) ?? values.Node;
        if (parameter.IsInteger && step != Math.Truncate(step))
        {
            context.Error(node, Rule.Join(path, _step.Name), string.Create(
                CultureInfo.InvariantCulture,
                $"{step} gives {parameter.Name} that are not whole; allowed: a whole number at least 1"));
            return (null, false);
        }

        if (Quantized.HasMultiple(step, bounds))
            return (step, true);
        var allowed = bounds == parameter.Bounds
            ? $"is {parameter.Rule.Allowed}"
            : string.Create(CultureInfo.InvariantCulture, $"lies between {bounds.Min} and {bounds.Max}");
        context.Error(node, Rule.Join(path, _step.Name), string.Create(
            CultureInfo.InvariantCulture, $"no multiple of {step} {allowed}; write a smaller q"));
        return (null, false);
    }

    protected RangeDomain? RangeOf(
        MapValues values, double min, double max, bool isLog, string path, ReadingContext context)
    {
        var bounds = context.KeepsStepsInRange ? parameter.Bounds.Within(min, max) : parameter.Bounds;
        var (step, isValid) = StepOf(values, bounds, path, context);
        return isValid ? new(min, max, isLog, step, step is null ? parameter.Bounds : bounds) : null;
    }

    protected static bool IsOrdered(
        MapValues values, Key<double> min, Key<double> max, string path, ReadingContext context)
    {
        var (low, high) = (values.Get(min), values.Get(max));
        if (low <= high)
            return true;
        context.Error(values.NodeOf(min)!, Rule.Join(path, min.Name), string.Create(
            CultureInfo.InvariantCulture, $"min {low} is above max {high}; swap them"));
        return false;
    }

    private IEnumerable<Key> Keys()
    {
        foreach (var key in FamilyKeys())
            yield return key;
        if (IsQuantized)
            yield return _step;
        if (distribution is not null)
        {
            var isImplied = distribution.Family is DistributionFamily.Constant or DistributionFamily.Categorical;
            var names = Distributions.NamesOf(distribution).ToArray();
            yield return new Key<string>(
                "distribution", new ChoiceRule(new Choice(names[0], distribution.Doc, names[1..])),
                "The distribution, by W&B's name.")
            {
                IsRequired = !isImplied,
            };
        }

        yield return _when;
    }
}

/// <summary><c>value</c>.</summary>
internal sealed class ConstantForm(
    ParameterDescription parameter, DistributionDescription? distribution, Rule<ImmutableArray<Condition>> when)
    : ParameterForm(parameter, distribution, when)
{
    private readonly Key<ParameterValue> _value = new("value", parameter.Rule, "The one value.") { IsRequired = true };

    protected override IEnumerable<Key> FamilyKeys() => [_value];

    protected override ParameterDomain DomainOf(MapValues values, string path, ReadingContext context) =>
        new ChoiceDomain(values.Get(_value));
}

/// <summary><c>values</c> and perhaps <c>probabilities</c>.</summary>
internal sealed class CategoricalForm(
    ParameterDescription parameter, DistributionDescription? distribution, Rule<ImmutableArray<Condition>> when)
    : ParameterForm(parameter, distribution, when)
{
    /// <summary>Probabilities may miss 1 by this much: thirds written with three digits.</summary>
    private const double Tolerance = 0.01;

    private static readonly SharedRule<ImmutableArray<double>> s_probabilities = new(
        "probabilities", new ListRule<double>(new NumberRule { Min = 0, Max = 1 }, ParameterDescription.MaxValues));

    private readonly Key<ImmutableArray<ParameterValue>> _values =
        new("values", parameter.Values, "All values.") { IsRequired = true };

    private readonly Key<ImmutableArray<double>> _probabilities =
        new("probabilities", s_probabilities, "How likely each value is to a random search.");

    /// <summary>Values out of a list, all different.</summary>
    public static ChoiceDomain? Distinct(
        ImmutableArray<ParameterValue> values, SourceNode node, string path, ReadingContext context)
    {
        var known = new HashSet<ParameterValue>();
        if (node is not SourceList list)
            return new(values, []);
        for (var i = 0; i < values.Length; i++)
        {
            if (!known.Add(values[i]))
                context.Error(list.Items[i], path,
                    $"{values[i]} occurs twice among the values; remove one, or use 'probabilities'"
                        + (HasCommas(list) ? " (a decimal comma separates values: write 0.1, not 0,1)" : ""));
        }

        return known.Count == values.Length ? new(values, []) : null;
    }

    // [0,001, 0,01] is four numbers, and nobody pads whole numbers with zeros.
    private static bool HasCommas(SourceList list) =>
        list.Items.Any(item => item is SourceScalar { Text: ['0', >= '0' and <= '9', ..] });

    protected override IEnumerable<Key> FamilyKeys() => [_values, _probabilities];

    protected override ParameterDomain? DomainOf(MapValues values, string path, ReadingContext context)
    {
        var domain = Distinct(values.Get(_values), values.NodeOf(_values)!, path, context);
        if (domain is null || !values.TryGet(_probabilities, out var shares))
            return domain;
        var sum = shares.Sum();
        if (shares.Length != domain.Values.Length)
        {
            context.Error(values.NodeOf(_probabilities)!, Rule.Join(path, _probabilities.Name), string.Create(
                CultureInfo.InvariantCulture,
                $"{shares.Length} probabilities for {domain.Values.Length} values; allowed: one for each"));
            return null;
        }

        if (!(Math.Abs(sum - 1) <= Tolerance))
        {
            context.Error(values.NodeOf(_probabilities)!, Rule.Join(path, _probabilities.Name), string.Create(
                CultureInfo.InvariantCulture, $"the probabilities add up to {sum:0.####}; allowed: 1"));
            return null;
        }

        if (shares.Length == 1)
            return domain;

        // Dividing by a sum that is 1 but for rounding would change the digits at every reading of the canonical form.
        return domain with { Probabilities = Math.Abs(sum - 1) < 1e-12 ? shares : [.. shares.Select(s => s / sum)] };
    }
}

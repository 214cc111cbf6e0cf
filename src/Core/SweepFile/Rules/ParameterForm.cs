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

    /// <summary>The map.</summary>
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

    /// <summary>The keys of the family.</summary>
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
        for (var i = 0; i < values.Length; i++)
        {
            if (!known.Add(values[i]))
                context.Error(((SourceList)node).Items[i], path,
                    $"{values[i]} occurs twice among the values; remove one, or use 'probabilities'");
        }

        return known.Count == values.Length ? new(values, []) : null;
    }

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

/// <summary><c>min</c> and <c>max</c>, and <c>points</c> where the distribution takes them.</summary>
internal sealed class RangeForm : ParameterForm
{
    private static readonly SharedRule<int> s_points = new(
        "points",
        new NumberRule { IsInteger = true, Min = 2, Max = ParameterDescription.MaxValues }.Select(n => (int)n));

    private static readonly SharedRule<string> s_scales = new("scale", new ChoiceRule(
        new Choice("linear", "equal differences"), new Choice("log", "equal ratios", "logarithmic")));

    private readonly Key<double> _min;
    private readonly Key<double> _max;

    private readonly Key<int> _points =
        new("points", s_points, "Takes this many values, equally spaced from min to max.");

    private readonly Key<string> _scale =
        new("scale", s_scales, "How the points, or the draws of a random search, are spaced.")
        {
            Default = "\"linear\"",
        };

    public RangeForm(
        ParameterDescription parameter, DistributionDescription? distribution, Rule<ImmutableArray<Condition>> when)
        : base(parameter, distribution, when)
    {
        var end = parameter.EndOf(distribution);
        _min = new("min", end, "Lower end.") { IsRequired = true };
        _max = new("max", end, "Upper end.") { IsRequired = true };
    }

    protected override IEnumerable<Key> FamilyKeys() => Distribution switch
    {
        null => [_min, _max, _points, _scale],
        { TakesPoints: true } => [_min, _max, _points],
        _ => [_min, _max],
    };

    protected override ParameterDomain? DomainOf(MapValues values, string path, ReadingContext context)
    {
        var (min, max) = (values.Get(_min), values.Get(_max));
        var isLog = Distribution?.IsLog ?? values.Find(_scale) == "log";
        if (!IsOrdered(values, _min, _max, path, context))
            return null;
        if (isLog && min <= 0)
        {
            context.Error(values.NodeOf(_min)!, Rule.Join(path, _min.Name), string.Create(
                CultureInfo.InvariantCulture,
                $"{min} is too small for a logarithmic scale; allowed: a number above 0 up to max; write for example "
                    + $"min: {max / 1000:G3}, or a linear scale"));
            return null;
        }

        var isInteger = Parameter.IsInteger || Distribution?.IsInteger == true;
        if (values.TryGet(_points, out var points))
            return new PointsDomain(min, max, points, isLog, isInteger);
        if (Distribution is null && !isLog && !Parameter.IsInteger)
            NoteIntegers(values, path, context);
        return isInteger && !isLog && !IsQuantized
            ? new IntegerDomain((long)min, (long)max)
            : RangeOf(values, min, max, isLog, path, context);
    }

    private void NoteIntegers(MapValues values, string path, ReadingContext context)
    {
        if (values.NodeOf(_min) is SourceScalar min && values.NodeOf(_max) is SourceScalar max
            && min.Text.All(char.IsAsciiDigit) && max.Text.All(char.IsAsciiDigit) && min.Text != max.Text)
        {
            context.Note(values.Node, path,
                $"any number from {min.Text} to {max.Text} is meant; for whole numbers only, as W&B would read it, "
                + "write distribution: int_uniform");
        }
    }
}

/// <summary><c>min</c> and <c>max</c>, both natural logarithms of the values.</summary>
internal sealed class ExponentsForm(
    ParameterDescription parameter, DistributionDescription distribution, Rule<ImmutableArray<Condition>> when)
    : ParameterForm(parameter, distribution, when)
{
    private static readonly NumberRule s_exponent = new() { Min = -700, Max = 700 };

    private readonly Key<double> _min =
        new("min", s_exponent, "Natural logarithm of the lower end.") { IsRequired = true };

    private readonly Key<double> _max =
        new("max", s_exponent, "Natural logarithm of the upper end.") { IsRequired = true };

    public override string? SharedName => IsQuantized ? "q_exponents" : "exponents";

    protected override IEnumerable<Key> FamilyKeys() => [_min, _max];

    protected override ParameterDomain? DomainOf(MapValues values, string path, ReadingContext context)
    {
        if (!IsOrdered(values, _min, _max, path, context))
            return null;
        var (min, max) = (values.Get(_min), values.Get(_max));
        var isInverse = Distribution!.Name.StartsWith("inv_", StringComparison.Ordinal);
        var (low, high) = isInverse ? (Math.Exp(-max), Math.Exp(-min)) : (Math.Exp(min), Math.Exp(max));
        (low, high) = (Significant.Round(low, Significant.Computed), Significant.Round(high, Significant.Computed));
        foreach (var (key, value) in new[] { (isInverse ? _max : _min, low), (isInverse ? _min : _max, high) })
        {
            if (Parameter.Bounds.Contains(value))
                continue;
            context.Error(values.NodeOf(key)!, Rule.Join(path, key.Name), string.Create(
                CultureInfo.InvariantCulture,
                $"{Distribution.Name} takes logarithms, and this one means {value}; allowed: "
                    + $"{Parameter.Rule.Allowed}; for the values themselves write log_uniform_values"));
            return null;
        }

        // These look like values: as exponents they mean values above 1.
        if (min > 0 && max <= 1)
        {
            context.Note(values.Node, path, string.Create(
                CultureInfo.InvariantCulture,
                $"{Distribution.Name} takes the exponents of e: values from {low:0.######} to {high:0.######} here; "
                    + $"for values from {min:R} to {max:R} write distribution: log_uniform_values"));
        }

        return RangeOf(values, low, high, isLog: true, path, context);
    }
}

/// <summary><c>mu</c> and <c>sigma</c>.</summary>
internal sealed class NormalForm(
    ParameterDescription parameter, DistributionDescription distribution, Rule<ImmutableArray<Condition>> when)
    : ParameterForm(parameter, distribution, when)
{
    /// <summary>Less of a distribution than this within the parameter's range is a mistake, not a tail.</summary>
    private const double LeastAllowedShare = 0.01;

    private readonly Key<double> _mean =
        new("mu", new NumberRule { Min = -1e9, Max = 1e9 }, "Mean of the value, or of its natural logarithm.")
        {
            Default = "0",
        };

    private readonly Key<double> _deviation =
        new("sigma", new NumberRule { Min = 0, ExcludesMin = true, Max = 1e9 }, "Standard deviation.")
        {
            Default = "1",
        };

    public override string? SharedName => IsQuantized ? "q_normal" : "normal";

    protected override IEnumerable<Key> FamilyKeys() => [_mean, _deviation];

    protected override ParameterDomain? DomainOf(MapValues values, string path, ReadingContext context)
    {
        var (step, isValid) = StepOf(values, Parameter.Bounds, path, context);
        if (!isValid)
            return null;
        var domain = new NormalDomain(
            values.Get(_mean, 0), values.Get(_deviation, 1), Distribution!.IsLog, step, Parameter.Bounds);
        if (domain.AllowedShare >= LeastAllowedShare)
            return domain;
        context.Error(values.Node, path, string.Create(
            CultureInfo.InvariantCulture,
            $"only {domain.AllowedShare:P2} of this {Distribution.Name} lies where {Parameter.Name} may be "
                + $"({Parameter.Rule.Allowed}); change mu or sigma so that at least 1 % does"));
        return null;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

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

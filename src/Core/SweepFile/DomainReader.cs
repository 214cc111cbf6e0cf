using System.Collections.Immutable;
using System.Globalization;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile;

/// <summary>Turns what a file says of a parameter into its domain; the rules have accepted each key, what remains needs
/// two keys to see.</summary>
internal sealed class DomainReader(ParameterDescription parameter, ReadingContext context)
{
    /// <summary>Probabilities may miss 1 by this much: thirds written with three digits.</summary>
    private const double ProbabilityTolerance = 0.01;

    /// <summary>Less of a distribution than this within the parameter's range is a mistake, not a tail.</summary>
    private const double LeastAllowedShare = 0.01;

    /// <summary>A scalar or a list of scalars.</summary>
    public ParameterDomain? ReadShort(SourceNode node, string path) => node switch
    {
        SourceScalar => new ChoiceDomain(Scalars.ValueOf(parameter, node)),
        SourceList list => ReadValues(list, null, path),
        _ => null,
    };

    /// <summary>A map.</summary>
    /// <returns>Null when there are errors.</returns>
    public ParameterDomain? ReadMap(SourceMap map, string path)
    {
        var distribution = ParameterForms.Implied(map);
        return (distribution?.Family ?? DistributionFamily.Range) switch
        {
            DistributionFamily.Constant => new ChoiceDomain(Scalars.ValueOf(parameter, map.ValueOf("value")!)),
            DistributionFamily.Categorical =>
                ReadValues((SourceList)map.ValueOf("values")!, map.ValueOf("probabilities"), path),
            DistributionFamily.Range => ReadRange(map, distribution, path),
            DistributionFamily.Exponents => ReadExponents(map, distribution!, path),
            _ => ReadNormal(map, distribution!, path),
        };
    }

    private ChoiceDomain? ReadValues(SourceList list, SourceNode? probabilities, string path)
    {
        var values = ImmutableArray.CreateBuilder<ParameterValue>(list.Items.Length);
        var known = new HashSet<ParameterValue>();
        foreach (var item in list.Items)
        {
            var value = Scalars.ValueOf(parameter, item);
            values.Add(value);
            if (!known.Add(value))
                context.Error(item, path, $"{value} occurs twice among the values; remove one, or use 'probabilities'");
        }

        if (known.Count < values.Count)
            return null;
        if (probabilities is not SourceList given)
            return new(values.ToImmutable(), []);
        var shares = given.Items.Select(Scalars.NumberOf).ToImmutableArray();
        var sum = shares.Sum();
        if (shares.Length != values.Count)
        {
            context.Error(given, Rule.Join(path, "probabilities"), string.Create(
                CultureInfo.InvariantCulture,
                $"{shares.Length} probabilities for {values.Count} values; allowed: one for each"));
            return null;
        }

        if (!(Math.Abs(sum - 1) <= ProbabilityTolerance))
        {
            context.Error(given, Rule.Join(path, "probabilities"), string.Create(
                CultureInfo.InvariantCulture, $"the probabilities add up to {sum:0.####}; allowed: 1"));
            return null;
        }

        if (shares.Length == 1)
            return new(values.ToImmutable(), []);

        // Dividing by a sum that is 1 but for rounding would change the digits at every reading of the canonical form.
        return new(values.ToImmutable(), Math.Abs(sum - 1) < 1e-12 ? shares : [.. shares.Select(s => s / sum)]);
    }

    private ParameterDomain? ReadRange(SourceMap map, DistributionDescription? distribution, string path)
    {
        var (min, max) = (Scalars.NumberOf(map.ValueOf("min")!), Scalars.NumberOf(map.ValueOf("max")!));
        var isLog = distribution?.IsLog ?? (map.ValueOf("scale") as SourceScalar)?.Text.StartsWith(
            "log", StringComparison.OrdinalIgnoreCase) ?? false;
        if (!IsOrdered(map, min, max, path))
            return null;
        if (isLog && min <= 0)
        {
            context.Error(map.ValueOf("min")!, Rule.Join(path, "min"), string.Create(
                CultureInfo.InvariantCulture,
                $"{min} has no logarithm; allowed with a logarithmic scale: a number above 0"));
            return null;
        }

        var isInteger = parameter.IsInteger || distribution?.IsInteger == true;
        if (map.ValueOf("points") is { } points)
            return new PointsDomain(min, max, (int)Scalars.NumberOf(points), isLog, isInteger);
        if (distribution is null && !isLog && !parameter.IsInteger)
            NoteIntegers(map, path);
        if (isInteger && !isLog && distribution?.IsQuantized != true)
            return new IntegerDomain((long)min, (long)max);
        return Range(map, min, max, isLog, distribution?.IsQuantized == true, path);
    }

    private RangeDomain? ReadExponents(SourceMap map, DistributionDescription distribution, string path)
    {
        var (min, max) = (Scalars.NumberOf(map.ValueOf("min")!), Scalars.NumberOf(map.ValueOf("max")!));
        if (!IsOrdered(map, min, max, path))
            return null;
        var isInverse = distribution.Name.StartsWith("inv_", StringComparison.Ordinal);
        var (low, high) = isInverse ? (Math.Exp(-max), Math.Exp(-min)) : (Math.Exp(min), Math.Exp(max));
        (low, high) = (Significant.Round(low, Significant.Computed), Significant.Round(high, Significant.Computed));
        foreach (var (key, value) in new[] { (isInverse ? "max" : "min", low), (isInverse ? "min" : "max", high) })
        {
            if (parameter.Bounds.Contains(value))
                continue;
            context.Error(map.ValueOf(key)!, Rule.Join(path, key), string.Create(
                CultureInfo.InvariantCulture,
                $"{distribution.Name} takes logarithms, and this one means {value}; allowed: "
                    + $"{parameter.Rule.Allowed}; for the values themselves write log_uniform_values"));
            return null;
        }

        return Range(map, low, high, isLog: true, distribution.IsQuantized, path);
    }

    private RangeDomain? Range(SourceMap map, double min, double max, bool isLog, bool isQuantized, string path) =>
        Step(map, isQuantized, path) is var (step, isValid) && isValid
            ? new RangeDomain(min, max, isLog, step, parameter.Bounds) : null;

    private NormalDomain? ReadNormal(SourceMap map, DistributionDescription distribution, string path)
    {
        var mu = map.ValueOf("mu") is { } mean ? Scalars.NumberOf(mean) : 0;
        var sigma = map.ValueOf("sigma") is { } deviation ? Scalars.NumberOf(deviation) : 1;
        var (step, isValid) = Step(map, distribution.IsQuantized, path);
        if (!isValid)
            return null;
        var domain = new NormalDomain(mu, sigma, distribution.IsLog, step, parameter.Bounds);
        if (domain.AllowedShare >= LeastAllowedShare)
            return domain;
        context.Error(map, path, string.Create(
            CultureInfo.InvariantCulture,
            $"only {domain.AllowedShare:P2} of this {distribution.Name} lies where {parameter.Name} may be "
                + $"({parameter.Rule.Allowed}); change mu or sigma so that at least 1 % does"));
        return null;
    }

    /// <summary>The step; whole parameters have one in any case.</summary>
    private (double? Step, bool IsValid) Step(SourceMap map, bool isQuantized, string path)
    {
        var node = isQuantized ? map.ValueOf("q") : null;
        var step = node is not null ? Scalars.NumberOf(node) : isQuantized || parameter.IsInteger ? 1 : (double?)null;
        if (step is not { } q)
            return (null, true);
        if (parameter.IsInteger && q != Math.Truncate(q))
        {
            context.Error(node ?? map, Rule.Join(path, "q"), string.Create(
                CultureInfo.InvariantCulture,
                $"{q} gives {parameter.Name} that are not whole; allowed: a whole number at least 1"));
            return (null, false);
        }

        if (Quantized.HasMultiple(q, parameter.Bounds))
            return (q, true);
        context.Error(node ?? map, Rule.Join(path, "q"), string.Create(
            CultureInfo.InvariantCulture, $"no multiple of {q} is {parameter.Rule.Allowed}; write a smaller q"));
        return (null, false);
    }

    private bool IsOrdered(SourceMap map, double min, double max, string path)
    {
        if (min <= max)
            return true;
        context.Error(map.ValueOf("min")!, Rule.Join(path, "min"), string.Create(
            CultureInfo.InvariantCulture, $"min {min} is above max {max}; swap them"));
        return false;
    }

    private void NoteIntegers(SourceMap map, string path)
    {
        if (map.ValueOf("min") is SourceScalar min && map.ValueOf("max") is SourceScalar max
            && min.Text.All(char.IsAsciiDigit) && max.Text.All(char.IsAsciiDigit) && min.Text != max.Text)
        {
            context.Note(map, path,
                $"any number from {min.Text} to {max.Text} is meant; for whole numbers only, as W&B would read it, "
                + "write distribution: int_uniform");
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

/// <summary>A finite number, or a whole number, within bounds. Quoted numbers are taken too.</summary>
public sealed class NumberRule : Rule
{
    /// <summary>Only whole numbers.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Lower bound.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>The lower bound itself is not allowed.</summary>
    public bool ExcludesMin { get; init; }

    /// <summary>Upper bound.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>The upper bound itself is not allowed.</summary>
    public bool ExcludesMax { get; init; }

    /// <inheritdoc />
    public override string Allowed
    {
        get
        {
            var noun = IsInteger ? "a whole number" : "a number";
            var low = double.IsFinite(Min) ? (ExcludesMin ? $" above {Show(Min)}" : $" at least {Show(Min)}") : "";
            var high = double.IsFinite(Max) ? (ExcludesMax ? $" below {Show(Max)}" : $" at most {Show(Max)}") : "";
            if (low.Length > 0 && high.Length > 0 && !ExcludesMin && !ExcludesMax)
                return $"{noun} from {Show(Min)} to {Show(Max)}";
            return noun + low + (low.Length > 0 && high.Length > 0 ? " and" : "") + high;
        }
    }

    /// <summary>Whether a number lies within the bounds; wholeness apart.</summary>
    public bool Contains(double number) =>
        (ExcludesMin ? number > Min : number >= Min) && (ExcludesMax ? number < Max : number <= Max);

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceScalar scalar || !scalar.TryGetNumber(out var number))
            Reject(node, path, problems);
        else if (IsInteger && number != Math.Truncate(number))
            problems.Add(node.Position, path, $"{scalar.Found} is not whole; allowed: {Allowed}");
        else if (!Contains(number))
            problems.Add(node.Position, path,
                $"{scalar.Found} is too {(number <= Min ? "small" : "large")}; allowed: {Allowed}");
    }

    internal override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = IsInteger ? "integer" : "number" };
        if (double.IsFinite(Min))
            schema[ExcludesMin ? "exclusiveMinimum" : "minimum"] = ToJson(Min);
        if (double.IsFinite(Max))
            schema[ExcludesMax ? "exclusiveMaximum" : "maximum"] = ToJson(Max);
        return schema;
    }

    private static JsonValue ToJson(double number) =>
        number == Math.Truncate(number) ? JsonValue.Create((long)number) : JsonValue.Create(number);

    private static string Show(double number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile;

namespace Sweeps.Core.Tests.Space;

/// <summary>Small finite spaces with random conditions, and a count of them that shares nothing with the
/// searchers.</summary>
internal static class RandomSpaces
{
    private static readonly (string Name, string[] Values)[] s_pool =
    [
        ("architecture", ["linear", "mlp-5", "mlp-10"]),
        ("optimizer", ["sgd", "adam", "rmsprop", "adamw"]),
        ("dropout", ["0.2", "0.5"]),
        ("momentum", ["0", "0.5", "0.9"]),
        ("batch_size", ["16", "32", "64", "128", "256"]),
        ("learning_rate", ["0.001", "0.01", "0.1"]),
        ("loss", ["cross_entropy", "mean_squared_error"]),
    ];

    /// <summary>A sweep file; parameters ask only for those before them in the pool, written in shuffled
    /// order.</summary>
    public static string Text(int seed, string method = "grid")
    {
        var random = new Random(seed);
        var chosen = s_pool.Where((_, i) => i == 0 || random.Next(3) > 0).ToArray();
        var used = new Dictionary<string, string[]>();
        var shuffled = chosen.Select(p => Parameter(random, p, used)).ToArray();
        random.Shuffle(shuffled);
        return new StringBuilder("data: mnist\n")
            .Append(CultureInfo.InvariantCulture,
                $"method: {method}\nseed: {seed}\nparameters:\n{string.Concat(shuffled)}").ToString();
    }

    /// <summary>
    /// Every point, found by trying all combinations of all values and of absence, and keeping those in which each
    /// parameter has a value of the first branch that holds, or is absent because none does.
    /// </summary>
    public static List<ParameterAssignment> BruteForce(SweepSpecification specification)
    {
        var points = new List<ParameterAssignment>();
        var parameters = specification.Parameters;
        var options = parameters.Select(p => p.Branches
            .SelectMany(b => ((ChoiceDomain)b.Domain).Values).Distinct().Select(v => (ParameterValue?)v).Append(null)
                .ToArray()).ToArray();
        var digits = new int[parameters.Length];
        while (true)
        {
            var values = parameters.Select((p, i) => (p.Name, Value: options[i][digits[i]]))
                .ToDictionary(v => v.Name, v => v.Value);
            if (parameters.All(p => IsRight(p, values)))
                points.Add(new(
                    values.Where(v => v.Value is not null).Select(v => KeyValuePair.Create(v.Key, v.Value!.Value))));
            var at = 0;
            while (at < digits.Length && ++digits[at] == options[at].Length)
                digits[at++] = 0;
            if (at == digits.Length)
                return points;
        }
    }

    private static bool IsRight(SearchedParameter parameter, Dictionary<string, ParameterValue?> values)
    {
        var branch = parameter.Branches.FirstOrDefault(b => b.When.All(
            c => values[c.Parameter] is { } value && c.Values.Contains(value)));
        return branch is null
            ? values[parameter.Name] is null
            : values[parameter.Name] is { } own && ((ChoiceDomain)branch.Domain).Values.Contains(own);
    }

    /// <summary>One line; what the parameter can be is added to <paramref name="used"/>.</summary>
    private static string Parameter(
        Random random, (string Name, string[] Values) parameter, Dictionary<string, string[]> used)
    {
        var (name, values) = parameter;
        var branches = new List<(string[] Values, string When)>();
        if (used.Count > 0)
        {
            for (var i = random.Next(4); i > 0; i--)
                branches.Add((Some(random, values), When(random, used)));
        }

        if (branches.Count == 0 || random.Next(2) == 0)
            branches.Add((Some(random, values), ""));
        used.Add(name, [.. branches.SelectMany(b => b.Values).Distinct()]);
        var forms = branches.Select(b => $"{{values: [{string.Join(", ", b.Values)}]{b.When}}}").ToArray();
        return $"  {name}: {(forms.Length == 1 ? forms[0] : $"[{string.Join(", ", forms)}]")}\n";
    }

    private static string When(Random random, Dictionary<string, string[]> used)
    {
        var asked = Some(random, used.ToArray()).Take(2);
        return ", when: {"
            + string.Join(", ", asked.Select(a => $"{a.Key}: [{string.Join(", ", Some(random, a.Value))}]")) + "}";
    }

    private static T[] Some<T>(Random random, T[] items)
    {
        var copy = items.ToArray();
        random.Shuffle(copy);
        return copy[..random.Next(1, copy.Length + 1)];
    }
}

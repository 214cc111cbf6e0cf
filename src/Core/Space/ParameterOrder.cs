namespace Sweeps.Core.Space;

/// <summary>
/// The order in which parameters are chosen: those that conditions ask for before those that ask, the architecture as
/// early as that allows, otherwise the file's order.
/// </summary>
internal static class ParameterOrder
{
    /// <summary>Sorts parameters whose conditions have no circle.</summary>
    public static List<SearchedParameter> Sort(IEnumerable<SearchedParameter> parameters)
    {
        var waiting = parameters.OrderBy(p => p.Name == ParameterNames.Architecture ? 0 : 1).ToList();
        var sorted = new List<SearchedParameter>(waiting.Count);
        while (waiting.Count > 0)
        {
            var next = waiting.Find(p => AskedFor(p).All(name => waiting.TrueForAll(w => w.Name != name)))
                ?? throw new InvalidOperationException(
                    $"Conditions form a circle: {string.Join(", ", waiting.Select(w => w.Name))}.");
            sorted.Add(next);
            waiting.Remove(next);
        }

        return sorted;
    }

    /// <summary>A circle of conditions as the names along it; null when there is none.</summary>
    public static IReadOnlyList<string>? FindCircle(IReadOnlyCollection<SearchedParameter> parameters)
    {
        foreach (var start in parameters)
        {
            var path = new List<string>();
            if (Leads(start, start.Name, parameters, path))
                return [start.Name, .. path];
        }

        return null;
    }

    private static bool Leads(
        SearchedParameter from, string target, IReadOnlyCollection<SearchedParameter> parameters, List<string> path)
    {
        foreach (var name in AskedFor(from))
        {
            if (path.Contains(name))
                continue;
            path.Add(name);
            if (name == target || (parameters.FirstOrDefault(p => p.Name == name) is { } next
                && Leads(next, target, parameters, path)))
                return true;
            path.RemoveAt(path.Count - 1);
        }

        return false;
    }

    private static IEnumerable<string> AskedFor(SearchedParameter parameter) =>
        parameter.Branches.SelectMany(b => b.When).Select(c => c.Parameter).Distinct();
}

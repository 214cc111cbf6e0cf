using Sweeps.Client.Terminal;
using Sweeps.Core.Analysis;
using Sweeps.Core.Training;

namespace Sweeps.Client.Sweep;

/// <summary>The parameters that differ between the configurations of a sweep: the columns worth showing.</summary>
internal static class SearchedParameters
{
    public static IReadOnlyList<string> Of(IReadOnlyList<LeaderboardRow> rows)
    {
        var values = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var (name, value) in ConfigurationText.Parameters(row.Hyperparameters))
            {
                if (!values.TryGetValue(name, out var set))
                    values.Add(name, set = []);
                set.Add(ConfigurationText.Value(value));
            }
        }

        bool IsShown(string name) => name is "learning_rate" or "batch_size" || values[name].Count > 1;
        return [.. values.Keys.Where(name => name != "architecture" && IsShown(name))];
    }

    public static string Text(Hyperparameters point, string name) =>
        ConfigurationText.Parameters(point).FirstOrDefault(parameter => parameter.Key == name).Value is { } value
            ? Text(value)
            : "";

    /// <summary>A parameter's value for people.</summary>
    public static string Text(object value) => value switch
    {
        double number => Figures.Parameter(number),
        string text => text,
        _ => ConfigurationText.Value(value),
    };
}

using System.Globalization;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>A configuration as names and values, with the names of the sweep file.</summary>
public static class ConfigurationText
{
    /// <summary>The parameters that are set, by name; numbers round-trip.</summary>
    public static IReadOnlyList<KeyValuePair<string, object>> Parameters(Hyperparameters configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var parameters = new List<KeyValuePair<string, object>>(12);
        Add("activation", configuration.Activation);
        Add("architecture", configuration.Architecture);
        Add("batch_size", configuration.BatchSize);
        Add("dropout", configuration.Dropout);
        Add("epochs", configuration.Epochs);
        Add("freeze", configuration.Freeze);
        Add("initial_weights", configuration.InitialWeights?.ToString());
        Add("initializer", configuration.Initializer is { } initializer ? Word(initializer) : null);
        Add("learning_rate", configuration.LearningRate);
        Add("loss", configuration.Loss is { } loss ? Word(loss) : null);
        Add("momentum", configuration.Momentum);
        Add("nesterov", configuration.Nesterov ? true : null);
        Add("optimizer", Word(configuration.Optimizer));
        Add("weight_decay", configuration.WeightDecay);
        if (configuration.Sizes is not { } sizes)
            return parameters;
        foreach (var (name, size) in sizes.Values)
            Add(name, size);
        return [.. parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)];

        void Add(string name, object? value)
        {
            if (value is not null)
                parameters.Add(new(name, value));
        }
    }

    /// <summary>
    /// One line that is equal exactly for equal configurations: the parameters that are set, by name.
    /// </summary>
    public static string Canonical(Hyperparameters configuration) =>
        string.Join(' ', Parameters(configuration).Select(parameter => $"{parameter.Key}={Value(parameter.Value)}"));

    /// <summary>A parameter's value; numbers round-trip, text is quoted.</summary>
    public static string Value(object value) => value switch
    {
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? string.Empty,
    };

    /// <summary>
    /// An enumeration's value as the sweep file writes it: <c>XavierUniform</c> is <c>xavier_uniform</c>.
    /// </summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value switch
        {
            OptimizerKind.RmsProp => "rmsprop",
            OptimizerKind.AdamW => "adamw",
            _ => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()),
        };
}

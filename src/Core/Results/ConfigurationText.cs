using System.Globalization;
using Sweeps.Core.Networks;
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
        var before = parameters.Count;
        AddSettings();
        foreach (var (name, size) in configuration.Sizes?.Values ?? [])
            Add(name, size);
        return parameters.Count == before
            ? parameters
            : [.. parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)];

        void AddSettings()
        {
            if (configuration.LearningRateSchedule is { } schedule)
            {
                Add("learning_rate_schedule", Word(schedule.Kind));
                Add("learning_rate_decay", schedule.Decay);
                Add("learning_rate_step", schedule.Every);
                Add("learning_rate_end", schedule.End);
                Add("warmup_epochs", schedule.Warmup);
            }

            Add("clip_norm", configuration.ClipNorm);
            Add("clip_value", configuration.ClipValue);
            Add("label_smoothing", configuration.LabelSmoothing);
            Add("class_weights", configuration.ClassWeights);
            if (configuration.Augment is { } augment)
            {
                Add("augment_shift", augment.Shift);
                Add("augment_rotation", augment.Rotation);
                Add("augment_zoom", augment.Zoom);
                Add("augment_flip", augment.Flip ? true : null);
                Add("augment_brightness", augment.Brightness);
                Add("augment_cutout", augment.Cutout);
            }
        }

        void Add(string name, object? value)
        {
            if (value is not null)
                parameters.Add(new(name, value));
        }
    }

    /// <summary>
    /// The value of a setting that a configuration does without, as a sweep file writes it; null: without it the
    /// parameter means something else, or nothing at all.
    /// </summary>
    public static object? NoneOf(string name) => s_none.GetValueOrDefault(name);

    /// <summary>
    /// What a configuration that does not set a parameter trains with, in words; null: it has none, such as the
    /// momentum of Adam, or none that is known here.
    /// </summary>
    public static string? DefaultOf(string name, Hyperparameters configuration, TaskKind task)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return name switch
        {
            "momentum" when configuration.Optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp => "0",
            "nesterov" when configuration.Optimizer == OptimizerKind.Sgd => "false",
            "weight_decay" => configuration.Optimizer == OptimizerKind.AdamW ? "0.01" : "0",
            "initializer" => Word(InitializerKind.XavierUniform),
            "loss" => Word(LossKinds.DefaultOf(task)),
            "dropout" or "activation" => "as the architecture says",
            _ => NoneOf(name) is { } none ? Value(none).Trim('\'') : null,
        };
    }

    /// <summary>The parameters as <see cref="Parameters"/>, and those that the sweep searches and this configuration
    /// does without.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="specification">The sweep's, as its plan keeps it.</param>
    public static IEnumerable<KeyValuePair<string, object>> Searched(
        Hyperparameters configuration, string specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var set = Parameters(configuration);
        return set.Concat(s_none.Where(none => !set.Any(parameter => parameter.Key == none.Key)
            && specification.Contains($"\"{none.Key}\"", StringComparison.Ordinal)));
    }

    private static readonly Dictionary<string, object> s_none = new(StringComparer.Ordinal)
    {
        ["learning_rate_schedule"] = "constant",
        ["warmup_epochs"] = 0.0,
        ["clip_norm"] = 0.0,
        ["clip_value"] = 0.0,
        ["label_smoothing"] = 0.0,
        ["class_weights"] = "none",
        ["initial_weights"] = WeightsReference.None,
        ["freeze"] = Freezing.None,
        ["augment_shift"] = 0.0,
        ["augment_rotation"] = 0.0,
        ["augment_zoom"] = 0.0,
        ["augment_flip"] = false,
        ["augment_brightness"] = 0.0,
        ["augment_cutout"] = 0.0,
    };

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

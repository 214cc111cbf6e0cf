using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Writes specifications in canonical form: fixed order, defaults written out, names canonical. Reading it gives an
/// equal specification, so that the file reproduces the sweep and two sweeps are the same if their texts are.
/// </summary>
public static class SpecificationWriter
{
    private static readonly JsonSerializerOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Words that YAML 1.1 takes for something other than a text.</summary>
    private static readonly HashSet<string> Words =
        new(["true", "false", "yes", "no", "on", "off", "null", "y", "n"], StringComparer.OrdinalIgnoreCase);

    /// <summary>One line of JSON, as the log keeps it.</summary>
    public static string ToJson(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return CanonicalTree.Of(specification).ToJsonString(Compact);
    }

    /// <summary>YAML for people and for the next run; ends in a line feed.</summary>
    public static string ToYaml(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var text = new StringBuilder();
        foreach (var (key, value) in CanonicalTree.Of(specification))
            WriteEntry(text, key, value!, "");
        return text.ToString();
    }

    private static void WriteEntry(StringBuilder text, string key, JsonNode value, string indent)
    {
        text.Append(CultureInfo.InvariantCulture, $"{indent}{Text(key)}:");
        switch (value)
        {
            case JsonObject map:
                text.Append('\n');
                foreach (var (name, child) in map)
                    WriteEntry(text, name, child!, indent + "  ");
                break;
            case JsonArray list when list.Any(i => i is JsonObject):
                text.Append('\n');
                foreach (var item in list)
                    text.Append(CultureInfo.InvariantCulture, $"{indent}  - {Flow(item!)}\n");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $" {Flow(value)}\n");
                break;
        }
    }

    private static string Flow(JsonNode node) => node switch
    {
        JsonObject map => $"{{{string.Join(", ", map.Select(e => $"{Text(e.Key)}: {Flow(e.Value!)}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(i => Flow(i!)))}]",
        _ => node.GetValueKind() == JsonValueKind.String ? Text(node.GetValue<string>()) : node.ToJsonString(Compact),
    };

    /// <summary>Without quotes where nothing else can be meant; otherwise as JSON, which YAML reads alike.</summary>
    private static string Text(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ' ' && !Words.Contains(text)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ' ' or '|');
        return isPlain ? text : JsonSerializer.Serialize(text, Compact);
    }
}

/// <summary>A specification as a tree in canonical order: every default written out, every name its own.</summary>
internal static class CanonicalTree
{
    public static JsonObject Of(SweepSpecification specification)
    {
        var tree = new JsonObject();
        Add(tree, "name", specification.Name);
        Add(tree, "description", specification.Description);
        tree["data"] = DataOf(specification.Data);
        tree["method"] = Lower(specification.Method);
        Add(tree, "metric", MetricOf(specification));
        if (specification.Choose != FinalChoice.Best)
            tree["choose"] = ConfigurationText.Word(specification.Choose);
        if (specification.Repeats > 1)
            tree["folds"] = new JsonObject { ["k"] = specification.Folds, ["repeats"] = specification.Repeats };
        else if (specification.Folds > 0)
            tree["folds"] = specification.Folds;
        else if (specification.HoldoutFirst > 0)
            tree["validation"] = new JsonObject { ["first"] = specification.HoldoutFirst };
        else
            tree["validation"] = Number(specification.HoldoutFraction);
        if (specification.Seeds > 1)
            tree["seeds"] = specification.Seeds;
        if (!specification.Parameters.Any(p => p.Name == ParameterNames.Epochs && p.Branches.Any(b => b.When.IsEmpty)))
            tree["epochs"] = specification.Epochs;
        if (!specification.Architectures.IsEmpty)
            tree["architectures"] = ArchitecturesOf(specification);
        if (!specification.InitialWeights.IsEmpty)
            tree["initial_weights"] = WeightsOf(specification);
        tree["parameters"] = ParametersOf(specification);
        if (!specification.StartWith.IsEmpty)
            tree["start_with"] = new JsonArray([.. specification.StartWith.Select(GuessOf)]);
        Add(tree, "run_cap", specification.RunCap);
        if (specification.Method.Learns())
        {
            tree["lag"] = specification.Lag;
            tree["warmup"] = specification.Warmup;
        }

        if (specification.Method == SearchMethod.Nsga2)
            tree["population"] = specification.Population;

        tree["seed"] = specification.Seed;
        Add(tree, "patience", specification.Patience);
        // Only where it is not the default: texts of sweeps from before there was a choice stay as they are.
        if (specification.Score != ScoredEpoch.Last)
            tree["score"] = Lower(specification.Score);
        if (specification.SampleOrder != SampleOrder.Own)
            tree["sample_order"] = Lower(specification.SampleOrder);
        if (specification.Schedule is { } schedule)
            tree["schedule"] = ScheduleOf(schedule);
        tree["refit"] = specification.Refit;
        if (!specification.Reuse)
            tree["reuse"] = false;
        if (specification.KeepCheckpoints)
            tree["keep_checkpoints"] = true;
        if (specification.Engine != EngineKind.Auto)
            tree["engine"] = Lower(specification.Engine);
        Add(tree, "slots", specification.Slots);
        return tree;
    }

    private static JsonNode? MetricOf(SweepSpecification specification) => specification.FurtherMetrics.IsEmpty
        ? specification.Metric
        : new JsonArray([specification.Metric, .. specification.FurtherMetrics]);

    private static JsonNode DataOf(DataSource data)
    {
        if (!data.IsFile && data.Samples is null)
            return data.Source;
        var tree = new JsonObject { [data.IsFile ? "path" : "name"] = data.Source };
        Add(tree, "label", data.Label);
        Add(tree, "group", data.Group);
        if (data.Reading is { } reading)
            AddReading(tree, reading);
        Add(tree, "size", data.Pictures?.Size);
        Add(tree, "color", data.Pictures?.Color is { } color ? Lower(color) : null);
        Add(tree, "task", data.Task is { } task ? Lower(task) : null);
        Add(tree, "samples", data.Samples);
        return tree;
    }

    private static void AddReading(JsonObject tree, TableReading reading)
    {
        if (reading.Targets is { } targets)
            tree["target"] = Names(targets);
        if (reading.Labels is { } labels)
            tree["labels"] = Names(labels);
        Add(tree, "label_separator", reading.LabelSeparator);
        Add(tree, "impute", reading.Impute is { } numbers ? ConfigurationText.Word(numbers) : null);
        Add(tree, "impute_text", reading.ImputeText is { } texts ? ConfigurationText.Word(texts) : null);
        Add(tree, "one_hot", reading.OneHotText ? TableReading.TextColumns : null);
        if (reading.OneHot is { } encoded)
            tree["one_hot"] = Names(encoded);
        Add(tree, "levels", reading.Levels);
        if (reading.Ignore is { } ignored)
            tree["ignore"] = Names(ignored);
        Add(tree, "decimal", reading.DecimalComma ? "," : null);
        Add(tree, "separator", reading.Separator);
        Add(tree, "shape", reading.Shape);
    }

    private static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Select(name => (JsonNode?)name)]);

    private static JsonObject GuessOf(ParameterAssignment guess) =>
        new(guess.Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)Value(v.Value))));

    private static JsonObject ScheduleOf(SchedulePlan schedule)
    {
        var tree = new JsonObject { ["method"] = Lower(schedule.Method) };
        var isMedian = schedule.Method == ScheduleMethod.Median;
        // Texts of sweeps from before there was an order stay as they are.
        if (schedule.Order == RungOrder.Index && !isMedian)
            tree["order"] = Lower(schedule.Order);
        if (schedule.Method == ScheduleMethod.Race)
        {
            tree["min_folds"] = schedule.MinFolds;
            tree["alpha"] = schedule.Alpha;
            return tree;
        }

        tree["over"] = Lower(schedule.Over);
        if (!isMedian)
            tree["eta"] = schedule.Eta;
        tree["min_epochs"] = schedule.MinEpochs;
        if (schedule.Interval is { } interval)
            tree["interval"] = interval;
        tree["min_folds"] = schedule.MinFolds;
        if (isMedian)
            tree["warmup"] = schedule.Warmup;
        return tree;
    }

    private static JsonNode ArchitecturesOf(SweepSpecification specification)
    {
        if (specification.Architectures.All(a => a.Name == a.Text))
            return new JsonArray([.. specification.Architectures.Select(a => JsonValue.Create(a.Name))]);
        var tree = new JsonObject();
        foreach (var architecture in specification.Architectures)
            tree[architecture.Name] = architecture.Text;
        return tree;
    }

    private static JsonObject WeightsOf(SweepSpecification specification)
    {
        var tree = new JsonObject();
        foreach (var named in specification.InitialWeights)
        {
            var one = new JsonObject { ["model"] = named.Model };
            if (named.InOrder)
                one["names"] = "in order";
            else if (!named.Names.IsEmpty)
                one["names"] = new JsonObject(named.Names.Select(n => KeyValuePair.Create(n.Key, (JsonNode?)n.Value)));
            Add(one, "digest", named.Digest);
            tree[named.Name] = one;
        }

        return tree;
    }

    private static JsonObject ParametersOf(SweepSpecification specification)
    {
        var tree = new JsonObject();
        foreach (var parameter in specification.Parameters)
        {
            JsonNode[] forms = [.. parameter.Branches.Select(FormOf)];
            tree[parameter.Name] = forms.Length == 1 ? forms[0] : new JsonArray(forms);
        }

        return tree;
    }

    private static JsonNode FormOf(ParameterBranch branch)
    {
        var form = branch.Domain switch
        {
            ChoiceDomain { Values: [var only] } => new() { ["value"] = Value(only) },
            ChoiceDomain choice => ChoiceOf(choice),
            PointsDomain points => Range(points.Distribution, points.Min, points.Max, points.Points, null),
            IntegerDomain integers => Range(integers.Distribution, integers.Min, integers.Max, null, null),
            RangeDomain range => Range(range.Distribution, range.Min, range.Max, null, range.Step),
            NormalDomain normal => NormalOf(normal),
            var other =>
                throw new ArgumentOutOfRangeException(nameof(branch), other, "No canonical form for this domain."),
        };
        if (!branch.When.IsEmpty)
        {
            var when = new JsonObject();
            foreach (var condition in branch.When)
            {
                when[condition.Parameter] = condition.Values is [var only]
                    ? Value(only)
                    : new JsonArray([.. condition.Values.Select(Value)]);
            }

            form["when"] = when;
        }

        return form;
    }

    private static JsonObject ChoiceOf(ChoiceDomain choice)
    {
        var form = new JsonObject { ["values"] = new JsonArray([.. choice.Values.Select(Value)]) };
        if (!choice.Probabilities.IsEmpty)
            form["probabilities"] = new JsonArray([.. choice.Probabilities.Select(Number)]);
        return form;
    }

    private static JsonObject Range(string distribution, double min, double max, int? points, double? step)
    {
        var form = new JsonObject { ["distribution"] = distribution, ["min"] = Number(min), ["max"] = Number(max) };
        Add(form, "points", points);
        Add(form, "q", step is { } q ? Number(q) : null);
        return form;
    }

    private static JsonObject NormalOf(NormalDomain normal)
    {
        var form = new JsonObject
        {
            ["distribution"] = normal.Distribution,
            ["mu"] = Number(normal.Mu),
            ["sigma"] = Number(normal.Sigma),
        };
        Add(form, "q", normal.Step is { } q ? Number(q) : null);
        return form;
    }

    private static void Add(JsonObject tree, string key, JsonNode? value)
    {
        if (value is not null)
            tree[key] = value;
    }

    private static JsonNode Value(ParameterValue value) =>
        value.Text ?? (value.IsFlag ? JsonValue.Create(value.Number == 1) : Number(value.Number));

    /// <summary>The shortest digits that give the number back; 1E-05 gets a point, without which Python's YAML reads a
    /// text.</summary>
    private static JsonNode Number(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var exponent = text.IndexOf('E', StringComparison.Ordinal);
        if (exponent >= 0 && !text.Contains('.', StringComparison.Ordinal))
            text = text.Insert(exponent, ".0");
        return JsonNode.Parse(text)!;
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

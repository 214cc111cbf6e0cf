using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Data;

/// <summary>What <c>sweeps data show</c> prints for people.</summary>
internal sealed class DataPage(DataSet data, TextWriter output, IAnsiConsole console)
{
    private const int BarWidth = 40;
    private const int ClassesMax = 30;
    private const int FeaturesMax = 30;
    private const int Width = 100;

    public void Write()
    {
        output.WriteLine($"{data.Name}  ({data.Source})");
        Line("samples", $"{data.Train.Count:N0} training, {data.Test.Count:N0} test");
        var statistics = DataStatistics.Of(data.Train, data.Classes);
        if (data.Train.IsBytes)
        {
            var (channels, height, width) = (data.InputShape[0], data.InputShape[1], data.InputShape[2]);
            var unit = channels == 1 ? "channel" : "channels";
            Line("input", $"{height} x {width} pixels, {channels} {unit}, bytes scaled by 1/255");
            Line("pixels", $"mean {statistics.Mean:0.0000}, deviation {statistics.Deviation:0.0000} (training)");
        }
        else
        {
            Line(
                "input",
                $"{Figures.Count(data.Features, "feature")}, shown as in the file; standardized for training");
        }

        Line("task", data.Task == TaskKind.Classification ? $"classification, {data.Classes} classes"
            : data.Task == TaskKind.MultiLabel ? $"several labels (multi-label classification), {data.Outputs} labels"
            : data.TargetNames.Count > 0 ? $"regression, {data.TargetNames.Count} targets" : "regression");
        Line("digest", data.Digest);
        output.WriteLine();
        if (data.Task == TaskKind.Regression)
            WriteTarget();
        else
            WriteClasses(statistics);
        if (data.Train.IsBytes)
            WriteSamples();
        else
            WriteFeatures();
    }

    private void WriteClasses(DataStatistics statistics)
    {
        var test = DataStatistics.Of(data.Test, data.Classes);
        var most = Math.Max(1, statistics.ClassCounts.Max());
        var nameWidth = Math.Clamp(Names.Max(name => name.Length), 5, 24);
        var names = ConfusionPage.Shown(Names, nameWidth);
        var bar = console.Profile.Capabilities.Unicode && console.Profile.Capabilities.Ansi ? '\u2588' : '#';
        var what = data.Task == TaskKind.MultiLabel ? "label" : "class";
        output.WriteLine($"  {what.PadRight(nameWidth)} training     share    test");
        for (var label = 0; label < Math.Min(ClassesMax, data.Outputs); label++)
        {
            var count = statistics.ClassCounts[label];
            var numbers = string.Create(
                CultureInfo.InvariantCulture,
                $"{count,8:N0} {100.0 * count / data.Train.Count,7:0.0} % {test.ClassCounts[label],7:N0}");
            var length = (int)((long)count * BarWidth / most);
            output.WriteLine($"  {names[label].PadRight(nameWidth)} {numbers}  {new string(bar, length)}");
        }

        if (data.Outputs > ClassesMax)
            output.WriteLine($"  and {data.Outputs - ClassesMax} more");
    }

    private IReadOnlyList<string> Names => data.Task == TaskKind.MultiLabel ? data.LabelNames : data.ClassNames;

    private void WriteTarget()
    {
        for (var target = 0; target < data.Outputs; target++)
        {
            float[] values = [.. data.Train.Targets.ToArray().Where((_, at) => at % data.Outputs == target)];
            var mean = values.Average(value => (double)value);
            var name = data.TargetNames.Count > 0 ? $"{VisibleWriter.Text(data.TargetNames[target])}: " : "";
            Line("target", $"{name}{values.Min():G5} to {values.Max():G5}, mean {mean:G5} (training)");
        }
    }

    private void WriteFeatures()
    {
        output.WriteLine();
        output.WriteLine($"  {"feature",-24} {"min",12} {"mean",12} {"max",12}");
        var row = new float[data.Features];
        var (least, most, sum) = (new float[row.Length], new float[row.Length], new double[row.Length]);
        Array.Fill(least, float.PositiveInfinity);
        Array.Fill(most, float.NegativeInfinity);
        for (var i = 0; i < data.Train.Count; i++)
        {
            data.Train.GatherRange(i, 1, row);
            for (var feature = 0; feature < row.Length; feature++)
            {
                least[feature] = Math.Min(least[feature], row[feature]);
                most[feature] = Math.Max(most[feature], row[feature]);
                sum[feature] += row[feature];
            }
        }

        for (var feature = 0; feature < Math.Min(FeaturesMax, row.Length); feature++)
        {
            var mean = sum[feature] / data.Train.Count;
            var numbers = string.Create(
                CultureInfo.InvariantCulture, $"{least[feature],12:G5} {mean,12:G5} {most[feature],12:G5}");
            output.WriteLine($"  {Cut(data.FeatureNames![feature], 24)} {numbers}");
        }

        if (row.Length > FeaturesMax)
            output.WriteLine($"  and {row.Length - FeaturesMax} more");
    }

    private int FirstOf(int label)
    {
        if (data.Task == TaskKind.Classification)
            return data.Train.Labels.IndexOf(label);
        var sample = 0;
        while (sample < data.Train.Count && data.Train.Targets[(sample * data.Outputs) + label] == 0)
            sample++;
        return sample < data.Train.Count ? sample : -1;
    }

    // The first sample of each class or label, as many side by side as fit.
    private void WriteSamples()
    {
        var (height, width) = (data.InputShape[1], data.InputShape[2]);
        var samples = Enumerable.Range(0, Names.Count).Select(label => (Label: label, Sample: FirstOf(label)))
            .Where(first => first.Sample >= 0);
        foreach (var row in samples.Chunk(Math.Max(1, (Math.Min(Width, console.Profile.Width) - 2) / (width + 2))))
        {
            output.WriteLine();
            var names = row.Select(first => Cut(Names[first.Label], width));
            output.WriteLine(("  " + string.Join("  ", names)).TrimEnd(' '));
            var pixels = new Color?[height, row.Length * (width + 2)];
            foreach (var (place, first) in row.Index())
                Picture.Place(data.Train.BytesOf(first.Sample), data.InputShape, pixels, 2 + (place * (width + 2)));
            Picture.Write(console, pixels);
        }
    }

    private void Line(string name, FormattableString value) =>
        output.WriteLine($"  {name,-9} {value.ToString(CultureInfo.InvariantCulture)}");

    private void Line(string name, string value) => output.WriteLine($"  {name,-9} {value}");

    private static string Cut(string text, int width) => text.Length > width ? text[..width] : text.PadRight(width);
}

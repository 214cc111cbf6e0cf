using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core.Networks;

namespace Sweeps.Client.Networks;

/// <summary>What <c>sweeps model</c> prints for people: a line a layer, then the totals.</summary>
internal static class ModelPage
{
    private const int BarWidth = 12;
    private const int NarrowBarWidth = 6;
    private const int WideScreen = 90;
    private const int LayersShown = 200;

    public static void Write(NetworkShape plan, IReadOnlySet<int> frozen, string subject, IAnsiConsole console)
    {
        var title = plan.Architecture.Name ?? "network";
        console.MarkupLine($"[bold]{Markup.Escape(title)}[/] on {Markup.Escape(subject)}, input {plan.Input}");
        var steps = plan.Layers.Select(WindowStep.Of).ToList();
        var slides = steps.Exists(windows => windows.Count > 0);
        var table = Screen.Table(
        [
            ("", true), ("layer", false), .. slides ? [(FormulaTitle, true)] : ((string, bool)[])[],
            ("output shape", false), ("weights", true), ("share", true), ("bar", true),
        ]).Optional("bar");
        var bar = console.Profile.Width < WideScreen ? NarrowBarWidth : BarWidth;
        foreach (var layer in plan.Layers)
        {
            var share = plan.Weights > 0 ? (double)layer.Weights / plan.Weights : 0;
            table.AddRow(
            [
                Number(layer.Index + 1),
                Markup.Escape(Short(layer.Layer.ToString())),
                .. slides ? [Formulas(steps[layer.Index])] : (string[])[],
                layer.Output.ToString(),
                layer.Weights > 0 ? Number(layer.Weights) : "",
                layer.Weights > 0 ? Percent(share) : "",
                $"[blue]{Bar(share, bar, console).PadRight(bar)}[/]",
            ]);
        }

        console.Write(table);
        Line(console, "weights", Number(plan.Weights));
        if (frozen.Count > 0)
        {
            var (learn, keep) = Freezing.Count(plan, frozen);
            var layers = string.Join(", ", frozen.Order().Select(layer => layer + 1));
            Line(console, "trainable", $"{Number(learn)}, non-trainable {Number(keep)}; frozen: layer {layers}");
        }

        if (plan.Statistics > 0)
            Line(console, "statistics", $"{Number(plan.Statistics)} running means and variances (not trained); "
                + $"{Number(plan.Weights + plan.Statistics)} in all");
        Line(console, "products", $"{Number(plan.MultiplyAdds)} multiply-adds a sample, forward");
        if (slides)
            Line(console, "sizes", $"{FormulaTitle}, rounded down: input W, kernel K, padding P, stride S");
        Line(console, "memory", $"{ByteSize.Text(plan.ParameterBytes)} of parameters, "
            + $"{ByteSize.Text(plan.ActivationBytesPerSample)} of activations per sample");
    }

    public static void WriteList(IAnsiConsole console)
    {
        var table = Screen.Table(
            ("name", false), ("weights", true), ("on", false), ("layers", false), ("source", false));
        foreach (var known in BuiltInArchitectures.All)
        {
            table.AddRow(
                known.Name,
                Number(known.Weights),
                known.Data,
                Markup.Escape(Short(known.Layers)),
                $"[dim]{Markup.Escape(known.Source)}[/]");
        }

        table.AddRow("mlp-A-B-C", "", "any", "flatten | dense A relu | dense B relu | dense C relu | dense",
            "[dim]any sizes[/]");
        table.AddRow("mlp-AxN", "", "any", "flatten | N times (dense A relu | dropout 0.2) | dense",
            "[dim]any sizes[/]");
        console.Write(table);
    }

    private const string FormulaTitle = "(W-K+2P)/S+1";

    /// <summary>Of each window inside a layer, the same ones once; rows and columns where they differ.</summary>
    private static string Formulas(IReadOnlyList<WindowStep> steps) => string.Join(
        '\n',
        steps.SelectMany(step => step.Rows == step.Columns
            ? [step.Rows.ToString()]
            : (string[])[$"rows {step.Rows}", $"columns {step.Columns}"]).Distinct());

    private static string Short(string layers) =>
        layers.Length <= LayersShown ? layers : $"{layers[..(LayersShown - 3)]}...";

    private static string Bar(double share, int width, IAnsiConsole console)
    {
        var length = (int)Math.Round(share * width, MidpointRounding.AwayFromZero);
        return new(console.Profile.Capabilities.Unicode ? '\u2588' : '#', share > 0 ? Math.Max(1, length) : 0);
    }

    private static void Line(IAnsiConsole console, string name, string value) =>
        console.WriteLine($"  {name,-10}  {value}");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}

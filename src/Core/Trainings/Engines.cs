using Sweeps.Core.Networks;

namespace Sweeps.Core.Trainings;

/// <summary>What computes a training.</summary>
public enum EngineKind
{
    /// <summary>As a wish: native where every layer has a native stage, otherwise torch. Of a result: not known, since
    /// an earlier version wrote it.</summary>
    Auto,

    /// <summary>Our own products of matrices and gradients; the same bits on every processor.</summary>
    Native,

    /// <summary>TorchSharp: libtorch's kernels and its automatic differentiation.</summary>
    Torch,
}

/// <summary>Whose numbers a sweep depends on: the fingerprints that its silos must share.</summary>
public enum NumericsScope
{
    /// <summary>
    /// One fingerprint over both engines: sweeps of earlier versions, and those whose data were not known when they
    /// were submitted.
    /// </summary>
    Combined,

    /// <summary>The native engine's alone: libtorch is not loaded for it.</summary>
    Native,

    /// <summary>libtorch's alone.</summary>
    Torch,

    /// <summary>Each engine's own: some networks train on one, some on the other, or it depends on their sizes.
    /// </summary>
    Both,
}

/// <summary>
/// What a plan knows of its data's shape, so that the engine of each of its trainings follows from the plan alone.
/// </summary>
/// <param name="Scope">The engines that its trainings may take.</param>
/// <param name="Input">The shape of one sample (<see cref="TensorShape.Parse"/>); null: not known.</param>
/// <param name="Outputs">Classes, or 1 for a regression.</param>
public sealed record PlannedEngines(NumericsScope Scope, string? Input = null, int Outputs = 0)
{
    /// <summary>The shape of one sample; null: not known.</summary>
    public TensorShape? ReadInput() => Input is null ? null : TensorShape.Parse(Input);
}

/// <summary>An engine, and how it came to be chosen.</summary>
/// <param name="Engine">Never <see cref="EngineKind.Auto"/> but where nothing is known.</param>
/// <param name="IsForced">
/// It is not the one that the first native stages (<see cref="StageSet.First"/>) decide, or that is not known: the
/// choice is then part of what names a result. So what had a name before there were more stages keeps it.
/// </param>
public readonly record struct EngineChoice(EngineKind Engine, bool IsForced)
{
    /// <summary>
    /// The engine trains it otherwise than earlier versions did, wrongly: it is named apart from what they left.
    /// </summary>
    public bool IsCorrected { get; init; }

    /// <summary>Convolutions of its network take fewer products, which rounds otherwise.</summary>
    public bool TakesFewerProducts { get; init; }

    /// <summary>What it adds to the text that names a training.</summary>
    public string Text() => (IsForced ? $"engine={Engine}\n" : "") + (IsCorrected ? "padding=none\n" : "")
        + (TakesFewerProducts ? "products=fewer\n" : "");

    /// <summary>The engine that trains a network.</summary>
    /// <param name="wanted">The wish.</param>
    /// <param name="network">The network on its data.</param>
    /// <param name="stages">The native stages that there are to choose by.</param>
    public static EngineChoice Of(EngineKind wanted, NetworkShape network, StageSet stages)
    {
        var engine = wanted == EngineKind.Auto ? OwnOf(network, stages) : wanted;
        var first = OwnOf(network, StageSet.First);
        return new(engine, engine != first)
        {
            IsCorrected = engine == EngineKind.Native && engine == first && NativeStages.LearnedFromPadding(network),
            TakesFewerProducts =
                engine == EngineKind.Native && NativeStages.TakesFewerProducts(network, stages),
        };
    }

    /// <summary>The engine of a configuration whose data may not be known.</summary>
    /// <param name="wanted">The wish.</param>
    /// <param name="planned">The plan's knowledge of its data; null: none.</param>
    /// <param name="task">What the data ask for.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="stages">The native stages that there are to choose by.</param>
    /// <exception cref="SweepsException">Its network cannot be read, or does not fit the data.</exception>
    public static EngineChoice Of(
        EngineKind wanted, PlannedEngines? planned, TaskKind task, Hyperparameters configuration, StageSet stages)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (planned?.ReadInput() is not { } input)
        {
            return new(wanted, wanted == EngineKind.Torch)
            {
                // Not known either: then nothing of before has its name.
                TakesFewerProducts = wanted == EngineKind.Native && stages != StageSet.First,
            };
        }

        // Whoever coordinates need not have the user's code.
        if (OwnLayer.Begins(configuration.Architecture))
            return new(wanted == EngineKind.Auto ? EngineKind.Torch : wanted, wanted == EngineKind.Native);
        return Of(wanted, configuration.NetworkOn(input, planned.Outputs, configuration.LossOf(task), task), stages);
    }

    /// <summary>The error of a network that the native engine cannot train.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stages">The stages that there are for it.</param>
    /// <returns>Null: it can.</returns>
    public static string? NativeProblem(NetworkShape network, StageSet stages = NativeStages.Newest)
    {
        ArgumentNullException.ThrowIfNull(network);
        var name = network.Architecture.Name ?? Quote.Short(network.Architecture.ToString());
        return NativeStages.WhyNot(network, stages) is { } why
            ? $"engine: native cannot train '{name}': {why}; write engine: auto, or engine: torch"
            : null;
    }

    private static EngineKind OwnOf(NetworkShape network, StageSet stages) =>
        NativeStages.WhyNot(network, stages) is null ? EngineKind.Native : EngineKind.Torch;
}

/// <summary>
/// Fingerprints as text: <c>native=0123 torch=4567</c> with one part an engine, or a single word over both, as earlier
/// versions wrote it.
/// </summary>
public static class Fingerprints
{
    /// <summary>The text of some engines' fingerprints; null: that engine's is not part of it.</summary>
    public static string Text(string? native, string? torch) => string.Join(' ', new[]
    {
        native is null ? null : $"native={native}",
        torch is null ? null : $"torch={torch}",
    }.Where(part => part is not null));

    /// <summary>
    /// What names the numbers of one engine. libtorch's is the word over both engines: what was trained on it before
    /// there was one for each keeps its name.
    /// </summary>
    /// <param name="text">The fingerprints.</param>
    /// <param name="engine">The engine.</param>
    /// <returns>Null: they do not have it.</returns>
    public static string? Of(string text, EngineKind engine)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains('=', StringComparison.Ordinal))
            return text;
        return engine switch
        {
            EngineKind.Native => Part(text, "native") is { } native ? $"native={native}" : null,
            EngineKind.Torch => Part(text, "torch"),
            _ => null,
        };
    }

    /// <summary>Whether two texts contradict each other in an engine that both know.</summary>
    public static bool Differ(string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one == other)
            return false;
        if (!one.Contains('=', StringComparison.Ordinal) || !other.Contains('=', StringComparison.Ordinal))
        {
            var (word, parts) = one.Contains('=', StringComparison.Ordinal) ? (other, one) : (one, other);
            return !parts.Contains('=', StringComparison.Ordinal)
                || (Part(parts, "torch") is { } torch && torch != word);
        }

        return new[] { "native", "torch" }.Any(
            name => Part(one, name) is { } mine && Part(other, name) is { } theirs && mine != theirs);
    }

    private static string? Part(string text, string name) => text.Split(' ')
        .Where(part => part.StartsWith($"{name}=", StringComparison.Ordinal))
        .Select(part => part[(name.Length + 1)..])
        .FirstOrDefault();
}

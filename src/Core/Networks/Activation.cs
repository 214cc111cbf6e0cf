using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>An activation function with its one parameter.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Slope">Leaky ReLU: slope left of zero, 0.2 unless given; ELU: its alpha, 1 unless given; otherwise
/// 0.</param>
public readonly record struct Activation(ActivationKind Kind, double Slope)
{
    private static readonly (ActivationKind Kind, string Name, double Slope)[] s_known =
    [
        (ActivationKind.Linear, "linear", 0),
        (ActivationKind.Relu, "relu", 0),
        (ActivationKind.LeakyRelu, "leaky_relu", 0.2),
        (ActivationKind.Elu, "elu", 1),
        (ActivationKind.Gelu, "gelu", 0),
        (ActivationKind.Sigmoid, "sigmoid", 0),
        (ActivationKind.Tanh, "tanh", 0),
        (ActivationKind.Softmax, "softmax", 0),
    ];

    /// <summary>Functions of other programs that are not to be had here.</summary>
    internal const string Others = "swish silu selu celu softplus softsign mish relu6 prelu rrelu hard_sigmoid "
        + "hard_swish hard_tanh exponential glu hardswish hardsigmoid sin log_softmax";

    private static readonly HashSet<string> s_others =
        new(Others.Split(' ').Select(LayerTable.Normalize), StringComparer.Ordinal);

    /// <summary>No activation.</summary>
    public static Activation None => default;

    /// <summary>Their names in texts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_known.Select(known => known.Name)];

    /// <summary>The function with its default slope.</summary>
    public static Activation Of(ActivationKind kind) => new(kind, s_known[(int)kind].Slope);

    /// <summary>
    /// Reads <c>relu</c>, <c>tanh</c>, <c>leaky_relu 0.1</c>; case, <c>_</c> and <c>-</c> do not matter.
    /// </summary>
    /// <exception cref="SweepsException">Unknown name, or a slope where none belongs or out of range.</exception>
    public static Activation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return Read(text);
        }
        catch (LayerException problem)
        {
            throw new SweepsException(ErrorKind.Usage, Sentence.Ended(problem.Message), problem);
        }
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var name = s_known[(int)Kind].Name;
        return this == Of(Kind) ? name : string.Create(CultureInfo.InvariantCulture, $"{name} {Slope}");
    }

    internal static bool IsName(string word)
    {
        var name = LayerTable.Normalize(word);
        return s_known.Any(known => LayerTable.Normalize(known.Name) == name);
    }

    internal static Activation Read(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var name = LayerTable.Normalize(words.Length > 0 ? words[0] : "");
        foreach (var known in s_known)
        {
            if (LayerTable.Normalize(known.Name) != name)
                continue;
            var activation = words.Length switch
            {
                1 => Of(known.Kind),
                2 when known.Slope != 0 => new Activation(known.Kind, ReadSlope(words[1])),
                _ => throw new LayerException($"the activation '{Quote.Short(text)}' has too many words: a slope "
                    + "follows only leaky_relu and elu"),
            };
            return activation;
        }

        // A name that only looks like one of ours is another function.
        throw new LayerException(s_others.Contains(name)
            ? $"the activation '{Quote.Short(text)}' is not supported; known: {string.Join(", ", Names)}"
            : $"unknown activation '{Quote.Short(text)}'"
                + NearestName.Suggest(words.Length > 0 ? words[0] : "", Names));
    }

    private static double ReadSlope(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var slope)
            && slope is >= 0 and <= 100
            ? slope + 0.0
            : throw new LayerException($"'{Quote.Short(word)}' is not a slope: a number from 0 to 100");
}

/// <summary>The functions between layers. Formulas and defaults are Keras's.</summary>
public enum ActivationKind
{
    /// <summary>x: none.</summary>
    Linear,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x where positive, otherwise slope x.</summary>
    LeakyRelu,

    /// <summary>x where positive, otherwise slope (e^x - 1).</summary>
    Elu,

    /// <summary>x times the standard normal distribution function, exact (not the tanh approximation).</summary>
    Gelu,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>e^x over its sum; along the features of a vector, along the channels of an image.</summary>
    Softmax,
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweeps.Core.Networks;

/// <summary>
/// <c>own SHA256 My.Net width=64</c>: a network of the user's own code, a TorchSharp module of a .NET assembly. It is
/// the only layer of its architecture. The assembly is named by the digest of its bytes, so that the text says all that
/// decides what is computed.
/// </summary>
/// <param name="Assembly">SHA-256 of the assembly's bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Type">The full name of the module's type.</param>
/// <param name="Arguments">Arguments of its constructor as <c>name=value</c>, in the order of their names.</param>
public sealed partial record OwnLayer(string Assembly, string Type, string Arguments) : Layer
{
    /// <summary>The word that the text begins with.</summary>
    public const string Word = "own";

    private const string Form = "own SHA256 TYPE NAME=VALUE ..., such as 'own Nets.dll My.Net width=64'";

    private static readonly char[] s_blanks = [' ', '\t', '\r', '\n'];

    /// <summary>The outputs that the data ask for; not part of the text.</summary>
    public int Outputs { get; init; }

    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <summary>The arguments by name.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs() => Words(Arguments).Select(pair =>
        KeyValuePair.Create(pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]));

    /// <summary>Whether a text is of this form, with or without placeholders.</summary>
    public static bool Begins(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Words(text) is [Word, _, ..];
    }

    /// <summary>The digests of the assemblies that texts of architectures name.</summary>
    public static IEnumerable<string> AssembliesOf(IEnumerable<string> texts) =>
        texts.Where(Begins).Select(text => Words(text)[1]).Distinct();

    /// <summary>The text of an assembly's type with arguments; they may be placeholders.</summary>
    public static string TextOf(string assembly, string type, IEnumerable<KeyValuePair<string, string>> arguments) =>
        string.Join(' ', [Word, assembly, type, .. arguments
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")]);

    /// <summary>The text with another second word: what stood there names a file.</summary>
    /// <param name="text">A text of this form.</param>
    /// <param name="digestOf">The digest of the file with that path; not asked about digests.</param>
    public static string WithDigest(string text, Func<string, string> digestOf)
    {
        ArgumentNullException.ThrowIfNull(digestOf);
        var words = Words(text);
        if (!Digest().IsMatch(words[1]))
            words[1] = digestOf(words[1]);
        return string.Join(' ', words);
    }

    /// <summary>Whether a value may stand in an argument.</summary>
    public static bool IsValue(string value) => ValuePattern().IsMatch(value);

    internal static OwnLayer Read(string text)
    {
        var words = Words(text);
        if (words.Length < 3)
            throw new LayerException($"it is written {Form}");
        if (!Digest().IsMatch(words[1]))
            throw new LayerException($"'{Quote.Short(words[1])}' is no SHA-256 of an assembly (64 hexadecimal digits), "
                + "and files are not read here");
        if (!TypePattern().IsMatch(words[2]))
            throw new LayerException($"'{Quote.Short(words[2])}' is no name of a type; write it with its namespace, "
                + "such as My.Net");
        foreach (var pair in words[3..])
        {
            if (!PairPattern().IsMatch(pair))
                throw new LayerException($"'{Quote.Short(pair)}' is no argument; allowed is NAME=VALUE with a number, "
                    + "true, false, or a text of letters, digits and . _ + - : /");
        }

        string[] pairs = [.. words[3..].Order(StringComparer.Ordinal)];
        if (pairs.GroupBy(pair => pair[..pair.IndexOf('=')]).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new LayerException($"the argument '{twice.Key}' is given twice");
        return new(words[1], words[2], string.Join(' ', pairs));
    }

    internal override IEnumerable<string> Words() => [Word, Assembly, Type, .. Words(Arguments)];

    internal override LayerResult Infer(TensorShape input)
    {
        var shape = (OwnNetworks.Shapes ?? throw OwnNetworks.NotHere(this)).ShapeOf(this, input, Outputs);
        return new(shape.Output, shape.Parameters, shape.Statistics);
    }

    private static string[] Words(string text) => text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Digest();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_.+`]{0,255}$")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]{0,63}=[A-Za-z0-9._+:/-]{1,200}$")]
    private static partial Regex PairPattern();

    [GeneratedRegex(@"^([A-Za-z0-9._+:/-]{1,200}|\{\s*[A-Za-z_][A-Za-z0-9_]{0,63}\s*\})$")]
    private static partial Regex ValuePattern();
}

/// <summary>What a module of the user's own code is on some data.</summary>
/// <param name="Output">What its forward gives for a sample.</param>
/// <param name="Parameters">Its parameters, in the module's order.</param>
/// <param name="Statistics">Values of its buffers.</param>
public sealed record OwnShape(TensorShape Output, IReadOnlyList<ParameterShape> Parameters, long Statistics)
{
    /// <summary>
    /// What a parameter is, by its dimensions and the last part of its name. Of two dimensions and more: weights, with
    /// libtorch's fans (dimension 1, or 0, times all after the second). Otherwise a <c>weight</c>, which normalisations
    /// have, starts at 1, and everything else at 0.
    /// </summary>
    public static ParameterShape Parameter(string name, IReadOnlyList<long> dimensions)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dimensions);
        if (dimensions.Count >= 2)
        {
            var area = dimensions.Skip(2).Aggregate(1L, (product, size) => checked(product * size));
            return new(ParameterRole.Weight, dimensions, dimensions[1] * area, dimensions[0] * area);
        }

        var last = name[(name.LastIndexOf('.') + 1)..];
        return new(last == "weight" ? ParameterRole.Gamma : ParameterRole.Bias, dimensions, 0, 0);
    }
}

/// <summary>Knows the code of assemblies: nothing here loads any.</summary>
public interface IOwnShapes
{
    /// <summary>Makes the module once and looks at it.</summary>
    /// <exception cref="SweepsException">The code is not here, has no such type or constructor, or fails.</exception>
    OwnShape ShapeOf(OwnLayer layer, TensorShape input, int outputs);
}

/// <summary>
/// The shapes of users' own networks in this process. A text names code by the digest of its bytes, so whoever answers
/// gives the same answer: that there is one for the process decides nothing.
/// </summary>
public static class OwnNetworks
{
    /// <summary>Who knows them; null: nobody, and no such network can be planned.</summary>
    public static IOwnShapes? Shapes { get; set; }

    /// <summary>The error of a network whose code this process does not have.</summary>
    public static SweepsException NotHere(OwnLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return new(ErrorKind.Usage, string.Create(
            CultureInfo.InvariantCulture,
            $"The network {layer.Type} is code of the assembly with the SHA-256 {layer.Assembly}, which is not loaded "
                + $"here: name the file with --assembly FILE."));
    }
}

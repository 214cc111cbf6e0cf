using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Training.Torch;
using static TorchSharp.torch;

namespace Sweeps.Training.Own;

/// <summary>Makes modules of users' own code, and knows their shapes.</summary>
internal sealed class OwnModules : IOwnShapes
{
    private const int ShapesKept = 10_000;
    private const int ProbeRows = 2;
    private const long ProbeSeed = 1;

    private readonly ConcurrentDictionary<(OwnLayer Layer, TensorShape Input), Probe> _probes = new();

    /// <summary>The shapes of this process; set by whoever adds an assembly.</summary>
    public static OwnModules Shapes { get; } = new();

    /// <summary>
    /// Held while libtorch's process-wide generator may be drawn from: modules do when they are made, and some in their
    /// forward.
    /// </summary>
    public static Lock Generator { get; } = new();

    /// <inheritdoc />
    public OwnShape ShapeOf(OwnLayer layer, TensorShape input, int outputs) => ProbeOf(layer, input).Shape;

    /// <summary>Whether the module draws random numbers while it learns.</summary>
    public bool DrawsNumbers(OwnLayer layer, TensorShape input) => ProbeOf(layer, input).DrawsNumbers;

    /// <summary>Whether a type is a network.</summary>
    public static bool IsNetwork(Type type) =>
        type is { IsAbstract: false, ContainsGenericParameters: false } && typeof(nn.Module<Tensor, Tensor>)
            .IsAssignableFrom(type);

    /// <summary>Makes the module of a network. <see cref="Generator"/> is held.</summary>
    /// <exception cref="SweepsException">No constructor fits, or it fails.</exception>
    public static nn.Module<Tensor, Tensor> Make(OwnLayer layer, TensorShape input)
    {
        var type = OwnAssemblies.TypeOf(layer);
        var given = layer.Pairs().ToDictionary(StringComparer.Ordinal);
        var constructors = type.GetConstructors();
        foreach (var constructor in constructors.OrderByDescending(c => c.GetParameters().Length)
            .ThenBy(c => c.ToString(), StringComparer.Ordinal))
        {
            if (ValuesFor(constructor, given, input, layer.Outputs) is not { } values)
                continue;
            try
            {
                return (nn.Module<Tensor, Tensor>)constructor.Invoke(values);
            }
            catch (TargetInvocationException error)
            {
                throw Failed(layer, "could not be made", error.InnerException ?? error);
            }
        }

        if (constructors.Length == 0)
            throw new SweepsException(
                ErrorKind.Usage,
                $"{layer.Type} has no public constructor, so that it cannot be made; give it one.");
        throw new SweepsException(
            ErrorKind.Usage,
            $"{layer.Type} has no constructor for ({layer.Arguments.Replace(" ", ", ", StringComparison.Ordinal)}); it "
                + $"has: {string.Join("; ", constructors.Select(Signature))}. Arguments are int, long, float, double, "
                + "bool and string; inputShape (long[]) and outputs (int) are filled in from the data.");
    }

    /// <summary>The error of a module whose code failed.</summary>
    public static SweepsException Failed(OwnLayer layer, string what, Exception error) => new(
        ErrorKind.Usage, Sentence.Ended($"The module {layer.Type} {what}: {error.Message.Split('\n')[0].TrimEnd('.')}"),
        error);

    private Probe ProbeOf(OwnLayer layer, TensorShape input)
    {
        if (_probes.TryGetValue((layer, input), out var known))
            return known;
        if (_probes.Count >= ShapesKept)
            _probes.Clear();
        lock (Generator)
            return _probes[(layer, input)] = Look(layer, input);
    }

    private static Probe Look(OwnLayer layer, TensorShape input)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var module = Make(layer, input);
        using var again = Make(layer, input);
        var parameters = new List<ParameterShape>();
        foreach (var (name, parameter) in module.named_parameters())
        {
            if (parameter.dtype != ScalarType.Float32 || !parameter.requires_grad)
                throw Refused(layer, $"its parameter '{name}' must be of 32-bit floats and require gradients; make it "
                    + "a buffer (register_buffer) if it does not learn");
            parameters.Add(OwnShape.Parameter(name, parameter.shape));
        }

        if (parameters.Count == 0)
            throw Refused(layer, "it has no parameters to learn; does its constructor call RegisterComponents()?");
        long statistics = 0;
        foreach (var ((name, buffer), (_, other)) in module.named_buffers().Zip(again.named_buffers()))
        {
            if (!Same(buffer, other))
                throw Refused(layer, $"its buffer '{name}' differs from one module to the next, so that no training "
                    + "could be repeated; fill it without random numbers");
            statistics += buffer.numel();
        }

        var output = Outputs(layer, module, input, out var draws);
        return output.Length == 2 && output[0] == ProbeRows && output[1] is >= 1 and <= NetworkLimits.MaxSize
            ? new(new(TensorShape.Flat((int)output[1]), parameters, statistics), draws)
            : throw Refused(layer, string.Create(
                CultureInfo.InvariantCulture,
                $"its forward gives [{string.Join(", ", output)}] for {ProbeRows} samples of {input}; it must give "
                    + $"[{ProbeRows}, {layer.Outputs}]: a row for each sample with a value for each output"));
    }

    // Judged, learned from and judged again, with the buffers put back each time: what a module answers must follow
    // from its parameters and buffers, or no checkpoint and no other machine could go on from it.
    private static long[] Outputs(
        OwnLayer layer, nn.Module<Tensor, Tensor> module, TensorShape input, out bool draws)
    {
        using var judged = Pass(layer, module, input, learning: false, out var drawsJudging);
        if (drawsJudging)
            throw Refused(layer, "its forward draws random numbers while it judges; let it do so only while 'training' "
                + "is true");
        using var learned = Pass(layer, module, input, learning: true, out draws);
        if (!judged.shape.SequenceEqual(learned.shape))
            throw Refused(layer, "its output has another shape while it learns");
        foreach (var (first, learning) in ((Tensor, bool)[])[(learned, true), (judged, false)])
        {
            using var again = Pass(layer, module, input, learning, out _);
            if (!Same(first, again))
                throw Refused(layer, "its forward gives other values for the same samples after some passes, so it "
                    + "keeps something beside its parameters and buffers, which no checkpoint would have; make that a "
                    + "buffer (register_buffer)");
        }

        return judged.shape;
    }

    private static Tensor Pass(
        OwnLayer layer, nn.Module<Tensor, Tensor> module, TensorShape input, bool learning, out bool draws)
    {
        module.train(learning);
        List<(Tensor Buffer, Tensor Values)> kept =
            [.. module.named_buffers().Select(named => (named.buffer, named.buffer.clone()))];
        try
        {
            using var off = no_grad();
            random.manual_seed(ProbeSeed);
            using var before = random.get_rng_state();
            using var samples = full(TorchNetwork.BatchShape(input, ProbeRows), 0.5f);
            var output = module.forward(samples);
            using var after = random.get_rng_state();
            draws = !Same(before, after);
            return output;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw Failed(layer, $"fails on samples of {input}", error);
        }
        finally
        {
            using var off = no_grad();
            foreach (var (buffer, values) in kept)
            {
                buffer.copy_(values);
                values.Dispose();
            }
        }
    }

    private static bool Same(Tensor one, Tensor other) =>
        one.shape.SequenceEqual(other.shape) && one.bytes.SequenceEqual(other.bytes);

    private static SweepsException Refused(OwnLayer layer, string why) =>
        new(ErrorKind.Usage, $"The module {layer.Type} cannot be trained: {why}.");

    private static object?[]? ValuesFor(
        ConstructorInfo constructor, Dictionary<string, string> given, TensorShape input, int outputs)
    {
        var parameters = constructor.GetParameters();
        if (given.Keys.Any(name => !parameters.Any(p => p.Name == name)))
            return null;
        var values = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var (name, type) = (parameters[i].Name!, parameters[i].ParameterType);
            if (given.TryGetValue(name, out var text))
                values[i] = Read(text, type);
            else if (name == "inputShape" && type == typeof(long[]))
                values[i] = TorchNetwork.BatchShape(input, 1)[1..];
            else if (name == "outputs" && (type == typeof(int) || type == typeof(long)))
                values[i] = Convert.ChangeType(outputs, type, CultureInfo.InvariantCulture);
            else if (parameters[i].HasDefaultValue)
                values[i] = parameters[i].DefaultValue;
            else
                return null;
            if (values[i] is null && given.ContainsKey(name))
                return null;
        }

        return values;
    }

    private static object? Read(string text, Type type)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            _ when type == typeof(int) =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var v) ? v : null,
            _ when type == typeof(long) =>
                long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var v) ? v : null,
            _ when type == typeof(double) => double.TryParse(text, NumberStyles.Float, culture, out var v) ? v : null,
            _ when type == typeof(float) => float.TryParse(text, NumberStyles.Float, culture, out var v) ? v : null,
            _ when type == typeof(bool) => bool.TryParse(text, out var v) ? v : null,
            _ when type == typeof(string) => text,
            _ => null,
        };
    }

    private static string Signature(ConstructorInfo constructor) =>
        $"({string.Join(", ", constructor.GetParameters().Select(p => $"{p.ParameterType.Name} {p.Name}"))})";

    private sealed record Probe(OwnShape Shape, bool DrawsNumbers);
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Networks;
using Sweeps.Training.Runs;

namespace Sweeps.Training.SavedModels;

/// <summary>
/// Weights that trainings start with: named tensors, known by the SHA-256 of the file that holds them, which is written
/// in one way only. A layer takes its tensor by name and shape; of a file in order, the n-th layer with weights takes
/// the n-th.
/// </summary>
public sealed class StartingWeights
{
    // So that a name says whose it is: no tensor of ours begins so.
    private const string InOrderMark = "@";

    private StartingWeights(byte[] bytes, IReadOnlyList<ModelTensor> tensors)
    {
        (Bytes, Tensors) = (bytes, tensors);
        Digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>The file of tensors.</summary>
    public byte[] Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>, lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>Its tensors.</summary>
    public IReadOnlyList<ModelTensor> Tensors { get; }

    /// <summary>What was found in an ONNX file, for people; null: they are of another file, or of the store.</summary>
    public string? Found { get; private init; }

    /// <summary>What a plan keeps of it.</summary>
    public DataFile FileOf(string name) => new($"{name}.safetensors", Digest, Bytes.LongLength);

    /// <summary>Of a model, with the names that a sweep file gives its tensors.</summary>
    /// <exception cref="SweepsException">A name is not in the file, or means nothing here.</exception>
    public static StartingWeights Of(SavedModel model, NamedWeights named)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(named);
        if (model.Tensors.Count == 0)
            throw model.Bad("it has no tensor of real numbers");
        // A training would begin with no loss, and every one of them would end as diverged.
        if (model.Tensors.FirstOrDefault(tensor => !Array.TrueForAll(tensor.Values, float.IsFinite)) is { } endless)
            throw model.Bad($"tensor '{Quote.Short(endless.Name)}' holds values that are no finite numbers (nan or "
                + "inf), as of a training that diverged; take another model");
        if (model.Tensors.FirstOrDefault(tensor => tensor.Name.StartsWith(InOrderMark, StringComparison.Ordinal))
            is { } marked)
            throw model.Bad($"tensor '{Quote.Short(marked.Name)}' has a name that begins with '{InOrderMark}', which "
                + "is kept for layers in order");
        var tensors = named.InOrder ? InOrder(model) : named.Names.IsEmpty ? model.Tensors : Renamed(model, named);
        var bytes = SafeTensors.Write(tensors, new Dictionary<string, string>());
        return new(bytes, tensors) { Found = model.Metadata.GetValueOrDefault(OnnxWeights.FoundName) };
    }

    /// <summary>Reads the file back.</summary>
    /// <exception cref="SweepsException">It is damaged.</exception>
    public static StartingWeights Read(byte[] bytes, string source) =>
        new(bytes, SavedModel.Read(bytes, source).Tensors);

    // Every layer of the file, by the part of its tensors' names before the last dot, gets its number; of our own
    // layers that hold several, each weight with its bias and each scale with what belongs to it.
    private static List<ModelTensor> InOrder(SavedModel model)
    {
        var scaled = model.Tensors.Where(tensor => PartOf(tensor.Name).Role == "gamma")
            .Select(tensor => Split(tensor.Name).Layer).ToHashSet();
        var several = model.Tensors.Where(tensor => PartOf(tensor.Name).Number.Length > 0)
            .Select(tensor => Split(tensor.Name).Layer).ToHashSet();
        var parts = new Dictionary<(string Layer, string Number, bool IsScale), int>();
        (string Layer, string Number, bool IsScale) last = default;
        var tensors = new List<ModelTensor>();
        foreach (var tensor in model.Tensors)
        {
            var layer = Split(tensor.Name).Layer;
            var (role, number) = PartOf(tensor.Name);
            var part = (layer, number, scaled.Contains(layer) && role is not ("weight" or "bias"));
            // The first bias may be that of the second weight: in our own files it follows what it is added to.
            if (several.Contains(layer) && (role is "bias" or "beta") && last.Layer == layer)
                part = last;
            last = part;
            parts.TryAdd(part, parts.Count);
            tensors.Add(tensor with { Name = $"{InOrderMark}{parts[part]}.{role}" });
        }

        return tensors;
    }

    // The second weight of a layer is its weight_2.
    private static (string Role, string Number) PartOf(string name)
    {
        var role = Split(name).Role;
        var line = role.LastIndexOf('_');
        return line > 0 && role.AsSpan(line + 1).IndexOfAnyExceptInRange('0', '9') < 0 && line + 1 < role.Length
            ? (role[..line], role[(line + 1)..]) : (role, string.Empty);
    }

    private static List<ModelTensor> Renamed(SavedModel model, NamedWeights named)
    {
        var tensors = new List<ModelTensor>();
        foreach (var (from, to) in named.Names)
        {
            var whole = model.Tensors.Where(tensor => tensor.Name == from).ToList();
            var isLayer = int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (whole.Count == 1 && !isLayer)
            {
                tensors.Add(whole[0] with { Name = to });
                continue;
            }

            var layer = model.Tensors.Where(tensor => Split(tensor.Name).Layer == from).ToList();
            if (layer.Count == 0)
                throw model.Bad($"it has no layer or tensor '{from}'; it has "
                    + Listed(model.Tensors.Select(tensor => Split(tensor.Name).Layer).Distinct()));
            if (!isLayer || number < 1)
                throw model.Bad($"its layer '{from}' is to become '{to}'; write the number of a layer, from 1");
            tensors.AddRange(layer.Select(tensor => tensor with { Name = $"{number - 1}.{RoleOf(tensor, layer)}" }));
        }

        if (tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw model.Bad($"two of its tensors are to become '{twice.Key}'");
        return tensors;
    }

    // PyTorch calls the scale and the shift of a normalisation weight and bias; its weight has one dimension.
    private static string RoleOf(ModelTensor tensor, List<ModelTensor> layer)
    {
        var role = Split(tensor.Name).Role;
        var normalises = layer.Exists(other => Split(other.Name).Role == "weight" && other.Shape.Count == 1);
        return (role, normalises) switch
        {
            ("weight", true) => "gamma",
            ("bias", true) => "beta",
            _ => role,
        };
    }

    internal static (string Layer, string Role) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
    }

    internal static string Listed(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(12).Select(Quote.Short))
            + (all.Count > 12 ? $" and {all.Count - 12} more" : "");
    }

    /// <summary>What a network takes of it, without training.</summary>
    /// <exception cref="SweepsException">It takes nothing, or layers in order are of another kind.</exception>
    public TakenWeights TakenBy(NetworkShape plan)
    {
        using var network = NetworkFactory.Create(
            EngineChoice.Of(EngineKind.Auto, plan, NativeStages.Newest).Engine, plan, default(StreamKey), capacity: 1);
        return CopyTo(network, plan);
    }

    /// <summary>Gives a network what fits.</summary>
    internal TakenWeights CopyTo(Network network, NetworkShape plan)
    {
        var named = Tensors.All(tensor => tensor.Name.StartsWith(InOrderMark, StringComparison.Ordinal))
            ? NamedInOrder(network)
            : Tensors;
        var tensors = new Dictionary<string, ModelTensor>(StringComparer.Ordinal);
        foreach (var tensor in named)
        {
            if (!tensors.TryAdd(tensor.Name, tensor))
                throw new SweepsException(
                    ErrorKind.Data,
                    $"Two tensors of the initial weights are the '{tensor.Name}' of "
                        + $"'{Quote.Short(plan.Architecture.ToString())}', one after the other: a layer there has "
                        + "both bias and beta, or weight and gamma. Say which layer each is: 'names' in the file, "
                        + "--names on the command line.");
        }

        var (taken, isNew, otherShape) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var place in network.ParameterPlaces)
        {
            if (Find(place.Name, place.Shape.Dimensions) is { } tensor)
                place.CopyTo(tensor.Values, network.Weights.Span);
        }

        foreach (var place in network.StatisticPlaces)
        {
            if (Find(place.Name, [place.Length]) is { } tensor)
                tensor.Values.CopyTo(network.Statistics.Span[place.Offset..]);
        }

        if (taken.Count == 0)
            throw Nothing([.. tensors.Values], network, plan);
        return new(taken, isNew, otherShape, [.. tensors.Keys.Except(taken).Except(otherShape)]);

        ModelTensor? Find(string name, IReadOnlyList<long> shape)
        {
            var found = tensors.GetValueOrDefault(name);
            var fits = found is not null && found.Shape.Select(size => (long)size).SequenceEqual(shape);
            (fits ? taken : isNew).Add(name);
            if (found is not null && !fits)
                otherShape.Add(name);
            return fits ? found : null;
        }
    }

    private static SweepsException Nothing(
        IReadOnlyList<ModelTensor> named, Network network, NetworkShape plan)
    {
        var places = network.ParameterPlaces.Select(
            place => $"{place.Name} {string.Join('x', place.Shape.Dimensions)}");
        return new(
            ErrorKind.Usage,
            $"The initial weights fit no layer of '{Quote.Short(plan.Architecture.ToString())}' by name and shape: "
                + $"they have {Listed(named.Select(Shown))}; the network has {Listed(places)}. Say which layer each "
                + "is: 'names' in the file, --names on the command line.");
    }

    private static string Shown(ModelTensor tensor) => $"{Quote.Short(tensor.Name)} {string.Join('x', tensor.Shape)}";

    // Layers of the network in order: a weight with its bias, or a scale with its shift and statistics.
    private List<ModelTensor> NamedInOrder(Network network)
    {
        var layers = new List<Dictionary<string, string>>();
        var norms = 0;
        foreach (var place in network.ParameterPlaces)
        {
            if (place.Shape.Role is ParameterRole.Weight or ParameterRole.Gamma)
                layers.Add(new(StringComparer.Ordinal) { ["weight"] = place.Name, ["gamma"] = place.Name });
            else
                (layers[^1]["bias"], layers[^1]["beta"]) = (place.Name, place.Name);
            if (!place.Shape.HasStatistics)
                continue;
            layers[^1]["running_mean"] = network.StatisticPlaces[2 * norms].Name;
            layers[^1]["running_var"] = network.StatisticPlaces[(2 * norms++) + 1].Name;
        }

        var named = new List<ModelTensor>();
        foreach (var tensor in Tensors)
        {
            var (mark, role) = Split(tensor.Name);
            var index = int.Parse(mark.AsSpan(1), CultureInfo.InvariantCulture);
            named.Add(index < layers.Count && layers[index].TryGetValue(role, out var name)
                ? tensor with { Name = name } : tensor);
        }

        return named;
    }
}

/// <summary>What a network took of initial weights, by the names of tensors.</summary>
/// <param name="Taken">Those that it has now.</param>
/// <param name="New">Those of the network that are drawn.</param>
/// <param name="OtherShape">Those of <paramref name="New"/> whose name is there, with another shape.</param>
/// <param name="LeftOut">Those of the file that have no place.</param>
public sealed record TakenWeights(
    IReadOnlyList<string> Taken, IReadOnlyList<string> New, IReadOnlyList<string> OtherShape,
    IReadOnlyList<string> LeftOut)
{
    /// <summary>In a sentence.</summary>
    public override string ToString()
    {
        var parts = new List<string>
        {
            $"{Taken.Count} of {Taken.Count + New.Count} tensors taken ({StartingWeights.Listed(Taken)})",
        };
        if (New.Count > 0)
            parts.Add($"new, drawn as ever: {StartingWeights.Listed(New)}"
                + (OtherShape.Count > 0 ? $" (of another shape there: {StartingWeights.Listed(OtherShape)})" : ""));
        if (LeftOut.Count > 0)
            parts.Add($"left out: {StartingWeights.Listed(LeftOut)}");
        return string.Join("; ", parts);
    }
}

/// <summary>The initial weights that this process has, by digest.</summary>
public sealed class KnownWeights
{
    private readonly ConcurrentDictionary<string, StartingWeights> _known = new(StringComparer.Ordinal);

    /// <summary>Trainings find them from now on.</summary>
    public void Add(StartingWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _known[weights.Digest] = weights;
    }

    /// <summary>Those of a digest; null: they are not here.</summary>
    public StartingWeights? Find(string digest) => _known.GetValueOrDefault(digest);

    /// <summary>Fetches what is not here from the store.</summary>
    /// <exception cref="SweepsException">The store does not have it, or its copy is damaged.</exception>
    public async Task PrepareAsync(
        IReadOnlyList<DataFile> files, KeptFileReader kept, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(kept);
        foreach (var file in files.Where(file => !_known.ContainsKey(file.Digest)))
        {
            var bytes = await kept(file, cancellation) ?? throw new SweepsException(
                ErrorKind.Data,
                $"The initial weights '{file.Name}' (SHA-256 {file.Digest}) are neither here nor in the store. Submit "
                    + "the sweep again from where the model lies.");
            var read = StartingWeights.Read(bytes, $"'{file.Name}' in the store");
            if (read.Digest != file.Digest)
                throw new SweepsException(
                    ErrorKind.Data,
                    $"The store's copy of '{file.Name}' is damaged: its SHA-256 is not {file.Digest}.");
            Add(read);
        }
    }
}

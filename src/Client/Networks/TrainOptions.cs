using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Data;
using Sweeps.Client.SavedModels;
using Sweeps.Client.Terminal;
using Sweeps.Core.Networks;
using Sweeps.Core.Results;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Training;

namespace Sweeps.Client.Networks;

/// <summary>
/// The options of <c>sweeps train</c>. Numbers are read by <see cref="OptionValues"/>, so that every error says what is
/// allowed.
/// </summary>
internal sealed class TrainOptions
{
    private const long DefaultSeed = 2026;
    private const long MostEpochs = 100_000;

    private readonly Option<string> _data = new("--data")
    {
        Description = "mnist, fashion-mnist, cifar-10, digits, or a path to a CSV file or a folder of pictures.",
        DefaultValueFactory = _ => "digits",
    };

    private readonly Option<string> _architecture = new("--architecture")
    {
        Description = ArchitectureArgument.Description,
        DefaultValueFactory = _ => "mlp-128-128",
    };

    private readonly Option<string?> _optimizer = Text("--optimizer", $"{Words<OptimizerKind>()}. Default: adam.");
    private readonly Option<string?> _learningRate =
        Text("--learning-rate", "Step size. Default: 0.01 with sgd and adagrad, 1 with adadelta, otherwise 0.001.");
    private readonly Option<string?> _batchSize = Text("--batch-size", "Samples per step. Default: 100.");
    private readonly Option<string?> _epochs = Text("--epochs", "Passes over the training samples. Default: 5.");
    private readonly Option<string?> _momentum = Text("--momentum", "Momentum of sgd and rmsprop. Default: 0.");
    private readonly Option<bool> _nesterov = new("--nesterov") { Description = "Use Nesterov momentum with sgd." };
    private readonly Option<string?> _weightDecay =
        Text("--weight-decay", "Weight decay. Default: 0, with adamw 0.01.");
    private readonly Option<string?> _dropout = Text("--dropout", "Replaces the rate of every dropout layer.");
    private readonly Option<string?> _initializer =
        Text("--initializer", $"{Words<InitializerKind>()}. Default: xavier_uniform.");
    private readonly Option<string?> _activation =
        Text("--activation", "Replaces the activation of every hidden layer.");
    private readonly Option<string?> _loss = Text("--loss", $"{Words<LossKind>()}. Default: by task.");
    private readonly IReadOnlyList<(string Name, Option<string?> Option)> _settings =
    [
        .. SweepVocabulary.Settings.Select(
            setting => (setting.Name, Text($"--{setting.Name.Replace('_', '-')}", setting.Description))),
    ];

    private readonly Option<string?> _engine =
        Text("--engine", "auto, native or torch. Default: auto, native where every layer has a native stage.");
    private readonly Option<string?> _initialWeights = Text(
        "--initial-weights", "A model to start with: its layers of the same name and shape. Default: none.");
    private readonly Option<string?> _names = Text(
        "--names", "Layers of another program's file: 'in order', or conv1=1,fc=5. Default: as they are called.");
    private readonly Option<string?> _freeze = Text(
        "--freeze", $"Layers that keep their weights: {Freezing.Allowed}. Default: none.");
    private readonly Option<string?> _validation =
        Text("--validation", "Fraction of the training samples held out, or first:N for the first N. Default: none.");
    private readonly Option<string?> _fold = Text("--fold", "Hold out fold K of N, as in 2/5. Default: none.");
    private readonly Option<string?> _seed = Text("--seed", "The seed of all random numbers. Default: 2026.");
    private readonly Option<string?> _patience =
        Text("--patience", "Stop after this many epochs without a better loss. Default: never.");
    private readonly Option<string?> _sampleOrder = Text(
        "--sample-order", "own or shared: whether trainings of other configurations learn in this order too. "
            + "Default: own.");
    private readonly Option<string?> _threads = Text(
        "--threads", "Threads that share the work; the result is the same bit for bit with any. Default: all cores.");
    private readonly Option<string?> _samples = Text("--samples", "Number of training samples to use. Default: all.");

    /// <summary>Where a sweep is looked up whose model the training starts with.</summary>
    public StoreOption Store { get; } = new();

    /// <summary>Where data sets are; a CSV file's label and task.</summary>
    public DataOptions Data { get; } = new();

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])
            [
                _data, _architecture, _optimizer, _learningRate, _batchSize, _epochs, _momentum, _nesterov,
                _weightDecay, _dropout, _initialWeights, _names, _freeze, Store.Option, _initializer, _activation,
                _loss, .. _settings.Select(setting => setting.Option), _engine, _validation, _fold, _seed, _patience,
                _sampleOrder, _threads, _samples, Data.DataDir, Data.Label, Data.Group, Data.Task, .. Data.Reading.All,
                Data.Size, Data.Color,
            ])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Threads that share the work.</summary>
    /// <exception cref="Core.SweepsException">The value is not allowed.</exception>
    public int Threads(ParseResult parsed) =>
        (int?)parsed.Whole(_threads, 1, Trainer.MostThreads)
            ?? Math.Min(Environment.ProcessorCount, Trainer.MostThreads);

    /// <summary>What to train.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="notes">Takes what has no effect, or less than it seems.</param>
    /// <exception cref="Core.SweepsException">A value is not allowed.</exception>
    public TrainingRequest Read(ParseResult parsed, List<string> notes)
    {
        var request = ReadRequest(parsed, notes);
        notes.AddRange(Notes(request));
        return request;
    }

    /// <summary>The weights to start with; null: none are named.</summary>
    public NamedWeights? Weights(ParseResult parsed)
    {
        if (parsed.GetValue(_initialWeights) is { } model)
            return WeightsReader.WithNames(
                new(Path.GetFileName(Path.TrimEndingDirectorySeparator(model)), model), _names,
                parsed.GetValue(_names));
        foreach (var option in (Option<string?>[])[_names, _freeze])
        {
            if (parsed.GetValue(option) is { } text and not Freezing.None)
                throw OptionValues.Bad(option, text, "no value without --initial-weights");
        }

        return null;
    }

    private TrainingRequest ReadRequest(ParseResult parsed, List<string> notes) => new()
    {
        Data = parsed.GetValue(_data)!,
        Label = parsed.GetValue(Data.Label),
        Group = parsed.GetValue(Data.Group),
        Task = parsed.GetValue(Data.Task),
        Pictures = Data.Pictures(parsed),
        Reading = Data.Reading.Read(parsed, parsed.GetValue(_data)!),
        Hyperparameters = ReadHyperparameters(parsed, notes),
        Split = ReadSplit(parsed),
        Seed = parsed.Seed(_seed) ?? DefaultSeed,
        SampleLimit = (int?)parsed.Whole(_samples, 1, int.MaxValue),
        Patience = (int?)parsed.Whole(_patience, 1, MostEpochs),
        Engine = SweepVocabulary.ReadEngine(parsed.GetValue(_engine) ?? "auto") is { Text: { } engine }
            ? Enum.Parse<EngineKind>(engine, ignoreCase: true)
            : throw OptionValues.Bad(_engine, parsed.GetValue(_engine)!, "auto, native or torch"),
        Stages = NativeStages.Newest,
        SampleOrder = SweepVocabulary.ReadSampleOrder(parsed.GetValue(_sampleOrder) ?? "own") is { Text: { } order }
            ? Enum.Parse<SampleOrder>(order, ignoreCase: true)
            : throw OptionValues.Bad(_sampleOrder, parsed.GetValue(_sampleOrder)!, "own or shared"),
        EvaluateTest = true,
        KeepModel = true,
    };

    /// <summary>Options that have no effect on this network.</summary>
    private static IEnumerable<string> Notes(TrainingRequest request)
    {
        var (hyperparameters, split) = (request.Hyperparameters, request.Split);
        var architecture = Architecture.Parse(hyperparameters.Architecture);
        if (hyperparameters.Dropout is not null && !architecture.UsesDropout)
            yield return "--dropout has no effect: the network has no dropout layer; add one, as 'dropout 0.5'";
        if (hyperparameters.Activation is not null && !architecture.UsesActivation)
            yield return "--activation has no effect: the network has no hidden layer with an activation";
        if (hyperparameters.LearningRate == 0)
            yield return "--learning-rate 0 leaves the weights as they start";
        if (request.Patience is not null && request.Patience >= hyperparameters.Epochs)
            yield return $"--patience {request.Patience} has no effect in {hyperparameters.Epochs} epochs";
        if (request.Patience is not null && split.Kind == SplitKind.All)
            yield return "--patience looks at the training loss: nothing is held out; --validation 0.1 holds out";
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static string Words<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(ConfigurationText.Word));

    private Hyperparameters ReadHyperparameters(ParseResult parsed, List<string> notes)
    {
        var optimizer = Kind<OptimizerKind>(parsed, _optimizer, "optimizer") ?? OptimizerKind.Adam;
        var momentum = parsed.Parameter(_momentum, "momentum")?.Number;
        var nesterov = parsed.GetValue(_nesterov);
        if (momentum is not null && optimizer is not (OptimizerKind.Sgd or OptimizerKind.RmsProp))
            throw OptionValues.Bad(_momentum, parsed.GetValue(_momentum)!,
                $"no value with {ConfigurationText.Word(optimizer)}: momentum is for sgd and rmsprop");
        if (nesterov && (optimizer != OptimizerKind.Sgd || momentum is null or 0))
            throw OptionValues.Bad(_nesterov, "true", "sgd and a momentum above 0");
        if (parsed.GetValue(_activation) is { } activation)
            Activation.Parse(activation);
        var architecture = ArchitectureArgument.Read(parsed.GetValue(_architecture)!, notes.Add);
        if (KnownDataSets.Find(parsed.GetValue(_data)!) is { } known && architecture.NoteOn(known.Input) is { } note)
            notes.Add(note);
        return SweepVocabulary.Complete(new()
        {
            Architecture = architecture.Name ?? architecture.ToString(),
            LearningRate = parsed.Parameter(_learningRate, "learning_rate")?.Number
                ?? SweepVocabulary.LearningRateOf(optimizer),
            BatchSize = (int)(parsed.Parameter(_batchSize, "batch_size")?.Number ?? 100),
            Epochs = (int)(parsed.Parameter(_epochs, "epochs")?.Number ?? 5),
            Optimizer = optimizer,
            Momentum = momentum,
            Nesterov = nesterov,
            WeightDecay = parsed.Parameter(_weightDecay, "weight_decay")?.Number,
            Dropout = parsed.Parameter(_dropout, "dropout")?.Number,
            Initializer = Kind<InitializerKind>(parsed, _initializer, "initializer"),
            Activation = parsed.GetValue(_activation),
            Loss = Kind<LossKind>(parsed, _loss, "loss"),
            Freeze = parsed.Parameter(_freeze, "freeze")?.Text is { } freeze and not Freezing.None ? freeze : null,
        }, name => _settings.Where(setting => setting.Name == name)
            .Select(setting => parsed.Parameter(setting.Option, name)).FirstOrDefault());
    }

    /// <summary>Sweep files write kinds with underscores: xavier_uniform is XavierUniform.</summary>
    private static T? Kind<T>(ParseResult parsed, Option<string?> option, string parameter)
        where T : struct, Enum => parsed.Parameter(option, parameter)?.Text is { } word
            ? Enum.Parse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : null;

    private Split ReadSplit(ParseResult parsed)
    {
        const string First = "first:";
        if (parsed.GetValue(_fold) is null && parsed.GetValue(_validation) is { } held
            && held.StartsWith(First, StringComparison.OrdinalIgnoreCase))
        {
            return int.TryParse(held[First.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count > 0
                ? Split.First(count)
                : throw OptionValues.Bad(_validation, held, "first:N with N from 1, such as first:5000");
        }

        var validation = parsed.Number(_validation, 0, 1, open: true);
        if (parsed.GetValue(_fold) is not { } text)
            return validation is null or 0 ? Split.All : Split.Holdout(validation.Value);
        if (validation is not null)
            throw OptionValues.Bad(_fold, text, "no value together with --validation");
        var parts = text.Split('/');
        var whole = parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var (fold, folds) = whole
            ? (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture))
            : (0, 0);
        return folds >= 2 && fold >= 1 && fold <= folds
            ? Split.KFold(folds, fold - 1)
            : throw OptionValues.Bad(_fold, text, "K/N with 1 <= K <= N and N from 2, such as 2/5");
    }
}

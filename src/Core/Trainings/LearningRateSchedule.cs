using System.Globalization;
using System.Text.Json.Serialization;
using Sweeps.Core.Randomness;

namespace Sweeps.Core.Trainings;

/// <summary>
/// How the learning rate moves during a training: a factor on <see cref="Hyperparameters.LearningRate"/> for each step
/// of the optimizer, from operations with the same bits on every machine. Steps are counted from 0, epochs too.
/// </summary>
public sealed record LearningRateSchedule
{
    /// <summary>Factor of a <see cref="LearningRateKind.Step"/> where nothing is said, as PyTorch's StepLR.</summary>
    public const double StepDecay = 0.1;

    /// <summary>Factor of an epoch of <see cref="LearningRateKind.Exponential"/> where nothing is said.</summary>
    public const double ExponentialDecay = 0.9;

    /// <summary>Epochs between two steps where nothing is said.</summary>
    public const int StepEpochs = 5;

    /// <summary>Share of a one-cycle training in which the rate rises, where no warm-up is given.</summary>
    public const double RisingShare = 0.3;

    // PyTorch's OneCycleLR: div_factor 25, final_div_factor 1e4.
    private const double CycleStart = 1 / 25.0;
    private const double CycleEnd = CycleStart / 1e4;

    /// <summary>The shape after the warm-up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LearningRateKind Kind { get; init; }

    /// <summary>Step, exponential: the factor each time, above 0 and at most 1; null: <see cref="StepDecay"/>,
    /// <see cref="ExponentialDecay"/>.</summary>
    public double? Decay { get; init; }

    /// <summary>Step: epochs from one to the next, at least 1; null: <see cref="StepEpochs"/>.</summary>
    public int? Every { get; init; }

    /// <summary>Cosine, linear: the rate at the end as a share of the learning rate, in [0, 1]; null: 0.</summary>
    public double? End { get; init; }

    /// <summary>Epochs, perhaps a part of one, in which the rate rises; null: 0, with one cycle
    /// <see cref="RisingShare"/> of all.</summary>
    public double? Warmup { get; init; }

    /// <summary>
    /// The epochs that the schedule spans, where that is not how long the training goes: a refit that ends after as
    /// many epochs as the folds needed goes their way, and not a shorter one of its own. Null: all of them.
    /// </summary>
    public int? Span { get; init; }

    /// <summary>Whether the rate of an epoch depends on how many there are: 5 epochs are then not the beginning of 10.
    /// </summary>
    public bool DependsOnEpochs() =>
        Kind is LearningRateKind.Cosine or LearningRateKind.Linear or LearningRateKind.OneCycle;

    /// <summary>The schedule without what has no effect on it; null: the rate never moves.</summary>
    public LearningRateSchedule? Effective()
    {
        var isStep = Kind == LearningRateKind.Step;
        var effective = new LearningRateSchedule
        {
            Kind = Kind,
            Decay = isStep || Kind == LearningRateKind.Exponential ? DecayOf() : null,
            Every = isStep ? Every ?? StepEpochs : null,
            End = Kind is LearningRateKind.Cosine or LearningRateKind.Linear ? (End ?? 0) + 0.0 : null,
            Warmup = Warmup == 0 && Kind != LearningRateKind.OneCycle ? null : Warmup,
            Span = DependsOnEpochs() ? Span : null,
        };
        return effective.Kind == LearningRateKind.Constant && effective.Warmup is null ? null : effective;
    }

    /// <summary>
    /// The factor on the learning rate in one step. Step and exponential move after whole epochs, as PyTorch's StepLR
    /// and ExponentialLR; the others with every step: cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts)
    /// and linear from the end of the warm-up to the end of the training, one cycle (Smith and Topin, "Super-
    /// convergence", 2019) as PyTorch's OneCycleLR with cosine pieces, without moving the momentum. The warm-up (Goyal
    /// et al. 2017) multiplies by (step + 1) / (its steps).
    /// </summary>
    /// <param name="step">Steps done before this one.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch, at least 1.</param>
    /// <param name="epochs">Epochs of the configuration.</param>
    public double FactorAt(long step, int stepsPerEpoch, int epochs)
    {
        var total = (double)stepsPerEpoch * (Span ?? epochs);
        if (Kind == LearningRateKind.OneCycle)
            return OneCycleAt(step, Warmup is { } epochsUp ? epochsUp * stepsPerEpoch : RisingShare * total, total);
        var warmup = Math.Round((Warmup ?? 0) * stepsPerEpoch);
        if (step < warmup && DependsOnEpochs())
            return (step + 1) / warmup;
        var epoch = step / stepsPerEpoch;
        var end = End ?? 0;
        // A training has no steps after its end, and a warm-up may be all of it.
        var done = Math.Clamp((step - warmup) / Math.Max(1, total - warmup), 0, 1);
        var factor = Kind switch
        {
            LearningRateKind.Step => Power(DecayOf(), epoch / (Every ?? StepEpochs)),
            LearningRateKind.Exponential => Power(DecayOf(), epoch),
            LearningRateKind.Linear => 1 + ((end - 1) * done),
            LearningRateKind.Cosine => Between(1, end, done),
            _ => 1,
        };
        return step < warmup ? factor * ((step + 1) / warmup) : factor;
    }

    /// <summary>The lines of a configuration's canonical text, with effective values.</summary>
    /// <param name="epochs">Epochs of the configuration.</param>
    internal string Canonical(int epochs)
    {
        if (Effective() is not { } e)
            return string.Empty;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"learning_rate_schedule={e.Kind} {e.Decay:R} {e.Every} {e.End:R} warmup {e.Warmup:R}\n");
        return DependsOnEpochs()
            ? text + string.Create(CultureInfo.InvariantCulture, $"learning_rate_epochs={Span ?? epochs}\n")
            : text;
    }

    private double DecayOf() => Decay ?? (Kind == LearningRateKind.Step ? StepDecay : ExponentialDecay);

    private static double OneCycleAt(long step, double rising, double total)
    {
        var top = rising - 1;
        var last = total - 1;
        return step <= top || top >= last
            ? Between(CycleStart, 1, top > 0 ? Math.Min(1, step / top) : 1)
            : Between(1, CycleEnd, Math.Clamp((step - top) / (last - top), 0, 1));
    }

    /// <summary>From one factor to another along half a wave.</summary>
    private static double Between(double from, double to, double done) =>
        to + ((from - to) / 2 * (1 + PortableMath.CosPi(done)));

    /// <summary>By squaring: the platform's pow may round differently from machine to machine.</summary>
    private static double Power(double x, long exponent)
    {
        var power = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
        {
            if ((exponent & 1) != 0)
                power *= x;
        }

        return power;
    }
}

/// <summary>The shapes of a learning rate over a training.</summary>
public enum LearningRateKind
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls by a factor after every so many epochs.</summary>
    Step,

    /// <summary>It falls by a factor after every epoch.</summary>
    Exponential,

    /// <summary>It falls along half a cosine to the end of the training.</summary>
    Cosine,

    /// <summary>It falls along a line to the end of the training.</summary>
    Linear,

    /// <summary>It rises from a 25th to the learning rate and falls to nearly nothing.</summary>
    OneCycle,
}

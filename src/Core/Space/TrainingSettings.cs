using Sweeps.Core.Trainings;

namespace Sweeps.Core.Space;

/// <summary>
/// What a training takes beside its network, learning rate and optimizer, by the names of sweep files: the one place
/// where a sweep's values and the command line's become a configuration's.
/// </summary>
internal static class TrainingSettings
{
    /// <summary>Their names.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        ParameterNames.LearningRateSchedule, ParameterNames.LearningRateDecay, ParameterNames.LearningRateStep,
        ParameterNames.LearningRateEnd, ParameterNames.WarmupEpochs, ParameterNames.ClipNorm,
        ParameterNames.ClipValue, ParameterNames.LabelSmoothing, ParameterNames.ClassWeights,
        ParameterNames.AugmentShift, ParameterNames.AugmentRotation, ParameterNames.AugmentZoom,
        ParameterNames.AugmentFlip, ParameterNames.AugmentBrightness, ParameterNames.AugmentCutout,
    };

    /// <summary>The configuration with all of them; what is not named stays as it is.</summary>
    /// <param name="configuration">Everything else of it.</param>
    /// <param name="valueOf">The value under a name; null: none.</param>
    public static Hyperparameters Complete(Hyperparameters configuration, Func<string, ParameterValue?> valueOf)
    {
        double? Number(string name) => valueOf(name)?.Number;

        return configuration with
        {
            LearningRateSchedule = new LearningRateSchedule
            {
                Kind = Kind<LearningRateKind>(valueOf(ParameterNames.LearningRateSchedule)?.Text) ?? default,
                Decay = Number(ParameterNames.LearningRateDecay),
                Every = (int?)Number(ParameterNames.LearningRateStep),
                End = Number(ParameterNames.LearningRateEnd),
                Warmup = Number(ParameterNames.WarmupEpochs),
            }.Effective(),
            ClipNorm = Set(Number(ParameterNames.ClipNorm)),
            ClipValue = Set(Number(ParameterNames.ClipValue)),
            LabelSmoothing = Set(Number(ParameterNames.LabelSmoothing)),
            ClassWeights = valueOf(ParameterNames.ClassWeights)?.Text is { } weights and not ClassWeights.None
                ? weights
                : null,
            Augment = new Augmentation
            {
                Shift = Number(ParameterNames.AugmentShift),
                Rotation = Number(ParameterNames.AugmentRotation),
                Zoom = Number(ParameterNames.AugmentZoom),
                Flip = Number(ParameterNames.AugmentFlip) == 1,
                Brightness = Number(ParameterNames.AugmentBrightness),
                Cutout = Number(ParameterNames.AugmentCutout),
            }.Effective(),
        };
    }

    /// <summary>File names are the kinds' names with underscores: xavier_uniform is XavierUniform.</summary>
    public static TKind? Kind<TKind>(string? text)
        where TKind : struct, Enum => text is null
            ? null
            : Enum.Parse<TKind>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    /// <summary>0 is how a sweep tries a setting beside none of it: both are one configuration.</summary>
    private static double? Set(double? value) => value == 0 ? null : value;
}

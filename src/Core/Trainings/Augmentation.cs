using System.Globalization;
using System.Text.Json.Serialization;

namespace Sweeps.Core.Trainings;

/// <summary>
/// How the pictures that a training learns from are changed, each time anew, so that it sees more than there are; what
/// is held out stays as it is. Each change is drawn for each sample in each epoch.
/// </summary>
public sealed record Augmentation
{
    /// <summary>Moved by up to this share of width and height, by whole pixels; in [0, 1); null: not.</summary>
    public double? Shift { get; init; }

    /// <summary>Turned by up to this many degrees either way; from 0 to 180; null: not.</summary>
    public double? Rotation { get; init; }

    /// <summary>Made larger or smaller by up to this share; in [0, 1); null: not.</summary>
    public double? Zoom { get; init; }

    /// <summary>Mirrored, left for right, one time in two.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Flip { get; init; }

    /// <summary>Made brighter or darker by up to this share; in [0, 1]; null: not.</summary>
    public double? Brightness { get; init; }

    /// <summary>A square of this share of the shorter side is blackened (DeVries and Taylor 2017); in [0, 1]; null:
    /// none.</summary>
    public double? Cutout { get; init; }

    /// <summary>The same without what changes nothing; null: pictures stay as they are.</summary>
    public Augmentation? Effective()
    {
        var effective = new Augmentation
        {
            Shift = Set(Shift),
            Rotation = Set(Rotation),
            Zoom = Set(Zoom),
            Flip = Flip,
            Brightness = Set(Brightness),
            Cutout = Set(Cutout),
        };
        return effective == new Augmentation() ? null : effective;
    }

    /// <summary>The lines of a configuration's canonical text.</summary>
    internal string Canonical() => Effective() is not { } e ? string.Empty : string.Create(
        CultureInfo.InvariantCulture,
        $"augment={e.Shift:R} {e.Rotation:R} {e.Zoom:R} {(e.Flip ? "flip" : "")} {e.Brightness:R} {e.Cutout:R}\n");

    private static double? Set(double? value) => value == 0 ? null : value;
}

using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Sweeps.Core.Trainings;

/// <summary>The channels that pictures are brought to.</summary>
public enum PictureColor
{
    /// <summary>One channel: the luma of ITU-R BT.601.</summary>
    Grey,

    /// <summary>Three channels: red, green, blue.</summary>
    Rgb,
}

/// <summary>What the pictures of a folder are brought to, so that all have one shape.</summary>
/// <param name="Height">Rows; null: as the pictures are, which must then be of one size.</param>
/// <param name="Width">Columns; null exactly where <paramref name="Height"/> is.</param>
/// <param name="Color">Null: rgb where one of them has colours, else grey.</param>
public sealed partial record PictureForm(int? Height, int? Width, PictureColor? Color)
{
    /// <summary>Most rows, and most columns.</summary>
    public const int SideMax = 1024;

    /// <summary>What <see cref="TryParseSize"/> takes, as the end of a sentence.</summary>
    public static string SizeAllowed { get; } =
        $"height x width as 32x32, or one number for both, each from 1 to {SideMax}";

    /// <summary>Reads <c>32x48</c> (height, width) or <c>32</c>.</summary>
    public static bool TryParseSize(string? text, out (int Height, int Width) size)
    {
        size = default;
        if (SizeText().Match(text?.Trim() ?? "") is not { Success: true } match)
            return false;
        var height = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var width = match.Groups[2].Success
            ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : height;
        size = (height, width);
        return height is >= 1 and <= SideMax && width is >= 1 and <= SideMax;
    }

    /// <summary>The size as sweep files have it; null: none is given.</summary>
    [JsonIgnore]
    public string? Size => Height is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    [GeneratedRegex("^([0-9]{1,4})(?:x([0-9]{1,4}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex SizeText();
}

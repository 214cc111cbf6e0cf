using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Sweeps.Client.Plots;

/// <summary>
/// The fonts of pictures. Inter (Open Font License), which comes with the program, so that a picture is the same on a
/// machine without any font; where a text has letters that it lacks, one of the system's fonts that has them.
/// </summary>
internal sealed class PictureFonts : IFontResolver
{
    /// <summary>The font that comes with the program.</summary>
    public const string Own = "Inter";

    private const string Resource = "Plots.Inter.dll";
    private const int SystemFontsMax = 3000;

    private static readonly Lazy<PictureFonts> s_fonts = new(() =>
    {
        var fonts = new PictureFonts();
        Fonts.FontResolvers.Clear();
        Fonts.FontResolvers.Add(fonts);
        Fonts.Default = Own;
        return fonts;
    });

    private readonly Dictionary<string, SKTypeface> _typefaces = [];

    /// <summary>The fonts of this process, made known to ScottPlot with the first call.</summary>
    public static PictureFonts Known => s_fonts.Value;

    /// <summary>The font for some texts.</summary>
    /// <param name="texts">All that one picture shows.</param>
    /// <param name="missing">The letters that no font here has; empty: none.</param>
    public string For(IEnumerable<string> texts, out string missing)
    {
        var letters = string.Concat(texts).EnumerateRunes().Where(rune => !Rune.IsWhiteSpace(rune)
            && !Rune.IsControl(rune)).Distinct().ToList();
        missing = "";
        var own = Lacks(Typeface(Own, false), letters);
        if (own.Count == 0)
            return Own;
        var best = (Name: Own, Missing: own);
        foreach (var file in SystemFiles())
        {
            if (best.Missing.Count == 0)
                break;
            if (SKTypeface.FromFile(file) is not { } typeface)
                continue;
            var lacking = Lacks(typeface, letters);
            if (lacking.Count < best.Missing.Count)
            {
                lock (_typefaces)
                    _typefaces[file] = typeface;
                best = (file, lacking);
            }
        }

        missing = string.Concat(best.Missing);
        return best.Name;
    }

    /// <summary>A typeface by the name that <see cref="For"/> gave.</summary>
    public SKTypeface Typeface(string name, bool isBold)
    {
        lock (_typefaces)
        {
            var key = name != Own && _typefaces.ContainsKey(name)
                ? name : $"/Assets/Inter-{(isBold ? "Bold" : "Regular")}.ttf";
            if (!_typefaces.TryGetValue(key, out var typeface))
                _typefaces.Add(key, typeface = SKTypeface.FromData(SKData.CreateCopy(Asset(key)))!);
            return typeface;
        }
    }

    /// <inheritdoc />
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        Typeface(fontName, weight >= FontWeight.SemiBold);

    /// <inheritdoc />
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Typeface(fontName, bold);

    private static List<Rune> Lacks(SKTypeface typeface, List<Rune> letters)
    {
        using var font = new SKFont(typeface);
        return [.. letters.Where(letter => font.GetGlyph(letter.Value) == 0)];
    }

    // Not bold, not slanted, not condensed ones first.
    private static IEnumerable<string> SystemFiles()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders =
        [
            "/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".fonts"),
            Path.Combine(home, ".local/share/fonts"), "/System/Library/Fonts", "/Library/Fonts",
            Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
        ];
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return folders.Where(folder => folder.Length > 0 && Directory.Exists(folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", options))
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc")
            .Take(SystemFontsMax)
            .OrderBy(file => ((string[])["Bold", "Italic", "Oblique", "Condensed", "Mono", "Serif", "Light", "Thin"])
                .Count(word => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase)))
            .ThenBy(file => file, StringComparer.Ordinal);
    }

    /// <summary>
    /// A file out of the package's resources: a length, an index (version, count; for each a name, an offset and a
    /// size), and the files.
    /// </summary>
    private static byte[] Asset(string name)
    {
        using var package = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        // The assembly is not loaded: Orleans looks into all that are, and what this one refers to is not here.
        using var assembly = new PEReader(package);
        var metadata = assembly.GetMetadataReader();
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource)
            .First(each => metadata.GetString(each.Name) == "!AvaloniaResources");
        var resources = assembly.GetSectionData(
            assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        var size = resources.GetReader((int)resource.Offset, sizeof(int)).ReadInt32();
        using var assets = new MemoryStream(
            [.. resources.GetContent((int)resource.Offset + sizeof(int), size)]);
        using var reader = new BinaryReader(assets);
        var start = reader.ReadInt32() + sizeof(int);
        _ = reader.ReadInt32();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (path, offset, length) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
            if (path != name)
                continue;
            assets.Position = start + offset;
            return reader.ReadBytes(length);
        }

        throw new InvalidDataException($"The package of fonts has no {name}.");
    }
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sweeps.Tests;

namespace Sweeps.Build.Tests;

/// <summary>A reader finds a thing by its folder: namespaces are folders, and both depend one way.</summary>
public sealed partial class LayoutTests
{
    /// <summary>The core's folders; each uses only those before it.</summary>
    private static readonly string[] Core =
    [
        "Randomness", "Networks", "Trainings", "Space", "Searchers", "Schedulers", "Log", "State", "Results",
        "Decisions", "SweepFile",
    ];

    /// <summary>The product's projects; each uses only those before it.</summary>
    private static readonly string[] Projects = ["Core", "Store", "Training", "Grains", "Silo", "Client"];

    [Fact]
    public void Core_EachFolder_UsesOnlyThoseBeforeIt() =>
        Sources.AssertNone(
            from file in Sources.Product
            let own = file.Split('/') is ["src", "Core", var folder, _, ..] ? folder : null
            where file.StartsWith("src/Core/", StringComparison.Ordinal)
            from match in CoreNamespace().Matches(Sources.Code(Sources.Read(file)))
            let used = match.Groups[1].Value
            where Array.IndexOf(Core, used) > (own is null ? -1 : Array.IndexOf(Core, own))
            select $"{file} uses {used}");

    [Fact]
    public void Core_EachFolder_HasItsPlaceInTheOrder()
    {
        var folders = Sources.Product.Select(file => file.Split('/'))
            .Where(parts => parts is ["src", "Core", _, _, ..])
            .Select(parts => parts[2])
            .Distinct();

        Sources.AssertNone(folders.Except(Core));
    }

    [Fact]
    public void Projects_EachOne_ReferencesOnlyThoseBeforeIt() =>
        Sources.AssertNone(
            from project in Sources.Files
            where project.StartsWith("src/", StringComparison.Ordinal)
                && project.EndsWith(".csproj", StringComparison.Ordinal)
            let own = Path.GetFileNameWithoutExtension(project)
            from reference in XDocument.Load(RepositoryRoot.Combine(project)).Descendants("ProjectReference")
            let used = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)
            where Array.IndexOf(Projects, own) < 0
                || Array.IndexOf(Projects, used) < 0
                || Array.IndexOf(Projects, used) >= Array.IndexOf(Projects, own)
            select $"{own} references {used}");

    [Fact]
    public void Namespaces_OfTheProduct_AreFolders() =>
        Sources.AssertNone(
            from file in Sources.Product
            let expected = $"Sweeps.{string.Join('.', file.Split('/')[1..^1])}"
            from match in Namespace().Matches(Sources.Code(Sources.Read(file)))
            let declared = match.Groups[1].Value
            where declared != expected
            select $"{file} declares {declared}");

    [GeneratedRegex(@"\bSweeps\.Core\.(\w+)")]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}

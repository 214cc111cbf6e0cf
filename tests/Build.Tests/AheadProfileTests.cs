using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Sweeps.Tests;

namespace Sweeps.Build.Tests;

/// <summary>
/// The profile of what to compile ahead (build/readytorun): it names what is in the program, and the program then
/// compiles little of it while it runs.
/// </summary>
public sealed class AheadProfileTests
{
    private const string Renew = "run build/readytorun/record, which writes the profile anew";

    private static readonly string s_program = RepositoryRoot.Combine(
        "src/Client/bin", Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name, "net10.0");

    [Fact]
    public void Profile_NamesOfOurTypes_AreThoseOfTheProgram()
    {
        using var profile = new PEReader(Content());
        var reader = profile.GetMetadataReader();
        var ours = reader.TypeReferences.Select(handle => NameIn(reader, handle)).Where(IsOurs).ToList();
        var there = ours.Select(name => name.Assembly).Distinct().ToDictionary(
            name => name, name => Types(Path.Combine(s_program, name + ".dll")).ToHashSet(StringComparer.Ordinal));

        var missing = ours.Where(name => !there[name.Assembly].Contains(name.Type)).ToList();

        Assert.InRange(ours.Count, 200, int.MaxValue);
        Assert.True(
            missing.Count < ours.Count / 5,
            $"{missing.Count} of {ours.Count} types are not there any more, as {missing.FirstOrDefault()}: {Renew}.");
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Run_OfAProgramCompiledAhead_CompilesFewBoxesOfOurAsyncMethods()
    {
        if (!IsCompiledAhead())
            return; // Everything is IL where the compiler cannot be restored, or for a system without one.
        var folder = Directory.CreateTempSubdirectory("sweeps-ahead-").FullName;
        try
        {
            var list = Path.Combine(folder, "compiled.txt");
            await File.WriteAllTextAsync(Path.Combine(folder, "tiny.yaml"), """
                data: {name: digits, samples: 200}
                architectures: [linear]
                parameters: {learning_rate: 0.01, batch_size: 20}
                folds: 2
                epochs: 1
                """);

            var run = await Shell.RunAsync(
                Path.Combine(s_program, "sweeps"), ["run", "tiny.yaml"], folder,
                new Dictionary<string, string?>
                {
                    ["DOTNET_JitStdOutFile"] = list,
                    ["DOTNET_JitDisasmSummary"] = "1",
                });

            Assert.True(run.ExitCode == 0, run.All);
            var boxes = (await File.ReadAllLinesAsync(list))
                .Where(line => line.Contains("AsyncStateMachineBox`1[", StringComparison.Ordinal)
                    && line.Contains("Sweeps.", StringComparison.Ordinal)
                    && line.Contains(":MoveNext(", StringComparison.Ordinal))
                .ToList();
            Assert.True(boxes.Count < 40, $"{boxes.Count} of some 200: {Renew}.\n{string.Join('\n', boxes)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsCompiledAhead()
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(s_program, "sweeps.dll")));
        return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    private static MemoryStream Content()
    {
        using var zip = ZipFile.OpenRead(RepositoryRoot.Combine("build/readytorun/sweeps.mibc"));
        using var entry = Assert.Single(zip.Entries).Open();
        var content = new MemoryStream();
        entry.CopyTo(content);
        content.Position = 0;
        return content;
    }

    private static bool IsOurs((string Assembly, string Type) name) =>
        name.Assembly == "sweeps" || name.Assembly.StartsWith("Sweeps.", StringComparison.Ordinal);

    private static (string Assembly, string Type) NameIn(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            var outer = NameIn(reader, (TypeReferenceHandle)type.ResolutionScope);
            return outer with { Type = outer.Type + name };
        }

        var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
        return (reader.GetString(assembly.Name), name);
    }

    private static IEnumerable<string> Types(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        return [.. reader.TypeDefinitions.Select(handle => NameIn(reader, reader.GetTypeDefinition(handle)))];
    }

    private static string NameIn(MetadataReader reader, TypeDefinition type)
    {
        var name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        return type.GetDeclaringType() is { IsNil: false } outer
            ? NameIn(reader, reader.GetTypeDefinition(outer)) + name
            : name;
    }
}

using System.IO.Compression;
using Sweeps.Tests;

namespace Sweeps.Build.Tests;

/// <summary>
/// The probe against registries made for the test: an empty one, one that has everything, one whose TorchSharp does not
/// load, one that cannot be reached.
/// It runs in a copy of what it consists of, so that the checkout's own answer stays.
/// </summary>
[Trait("Speed", "slow")]
public sealed class RegistryProbeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-probe-").FullName;

    public RegistryProbeTests()
    {
        string[] files =
        [
            "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json",
            ".editorconfig",
        ];
        foreach (var file in files)
            File.Copy(RepositoryRoot.Combine(file), Path.Combine(_folder, file));
        var probe = Directory.CreateDirectory(Path.Combine(_folder, "build", "probe")).FullName;
        foreach (var file in Directory.GetFiles(RepositoryRoot.Combine("build", "probe")))
            File.Copy(file, Path.Combine(probe, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(_folder, "compat", "Orleans"));
        Directory.CreateDirectory(Path.Combine(_folder, "compat", "TorchSharp"));
        Directory.CreateDirectory(Path.Combine(_folder, "feed"));
    }

    private string AnswerFile => Path.Combine(_folder, ".build", "registry.props");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Probe_EmptyRegistry_ChoosesCompat()
    {
        var result = await ProbeAsync(Path.Combine(_folder, "feed"));

        Assert.True(result.ExitCode == 0, result.All);
        var answer = await File.ReadAllTextAsync(AnswerFile);
        Assert.Contains(">compat</OrleansSource>", answer);
        Assert.Contains(">compat</TorchSource>", answer);
        Assert.Contains(">older</SqliteSource>", answer);
        Assert.Contains("Orleans: compat", result.Output);
    }

    [Fact]
    public async Task Probe_RegistryWithEverything_ChoosesPackages()
    {
        PackOrleans();
        await PackTorchAsync("new System.IO.MemoryStream()");

        var result = await ProbeAsync(Path.Combine(_folder, "feed"));

        Assert.True(result.ExitCode == 0, result.All);
        var answer = await File.ReadAllTextAsync(AnswerFile);
        Assert.Contains(">package</OrleansSource>", answer);
        Assert.Contains(">package</TorchSource>", answer);
    }

    [LinuxFact]
    public async Task Probe_TorchThatDoesNotLoad_ChoosesCompatAndSaysWhy()
    {
        PackOrleans();
        await PackTorchAsync("throw new System.NotSupportedException(\"the system is too old\")");

        var result = await ProbeAsync(Path.Combine(_folder, "feed"));

        Assert.True(result.ExitCode == 0, result.All);
        var answer = await File.ReadAllTextAsync(AnswerFile);
        Assert.Contains(">package</OrleansSource>", answer);
        Assert.Contains(">compat</TorchSource>", answer);
        Assert.Contains("does not load on this system (the system is too old)", result.Output);
        Assert.Equal([AnswerFile], Directory.GetFileSystemEntries(Path.GetDirectoryName(AnswerFile)!));
    }

    [Fact]
    public async Task Probe_UnreachableRegistry_IsAnErrorAndNoAnswer()
    {
        var result = await ProbeAsync("https://127.0.0.1:9/index.json");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("gave no answer", result.All);
        Assert.Contains("-p:OrleansSource=compat", result.All);
        Assert.False(File.Exists(AnswerFile));
    }

    [Fact]
    public async Task Build_ChosenByHand_AsksNobody()
    {
        const string project = """
            <Project Sdk="Microsoft.NET.Sdk"><ItemGroup><Compile Remove="**" /></ItemGroup></Project>
            """;
        await File.WriteAllTextAsync(Path.Combine(_folder, "P.csproj"), project);
        string[] byHand = ["build", "P.csproj", "--nologo", "-p:OrleansSource=compat", "-p:TorchSource=package"];

        var result = await RunAsync("https://127.0.0.1:9/index.json", byHand);

        Assert.True(result.ExitCode == 0, result.All);
        Assert.DoesNotContain("Asking", result.All);
    }

    private Task<Shell.Result> ProbeAsync(string registry) =>
        RunAsync(registry, ["msbuild", "build/probe/Probe.proj", "-nologo"]);

    private Task<Shell.Result> RunAsync(string registry, string[] arguments) => Shell.RunAsync(
        "dotnet",
        arguments,
        _folder,
        new Dictionary<string, string?>
        {
            ["RestoreSources"] = registry,
            ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages"),
            ["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1",
        });

    /// <summary>Empty packages: of these the probe asks whether they restore, not what is in them.</summary>
    private void PackOrleans()
    {
        foreach (var id in (string[])["Microsoft.Orleans.Server", "Microsoft.Orleans.Client"])
        {
            using var package = ZipFile.Open(
                Path.Combine(_folder, "feed", $"{id}.10.0.1.nupkg"), ZipArchiveMode.Create);
            using var writer = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
            writer.Write($"""
                <package><metadata>
                  <id>{id}</id><version>10.0.1</version><authors>tests</authors><description>empty</description>
                </metadata></package>
                """);
        }
    }

    /// <summary>What the probe calls of TorchSharp, with a body of the test's.</summary>
    private async Task PackTorchAsync(string body)
    {
        var code = $$"""
            namespace TorchSharp;

            public static class torch
            {
                public static System.IDisposable ones(long size) => {{body}};
            }
            """;
        var source = Directory.CreateTempSubdirectory("sweeps-package-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(source, "P.csproj"), """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <PackageId>TorchSharp-cpu</PackageId>
                    <Version>0.106.0</Version>
                  </PropertyGroup>
                </Project>
                """);
            await File.WriteAllTextAsync(Path.Combine(source, "Code.cs"), code);
            string[] pack = ["pack", "-o", Path.Combine(_folder, "feed"), "--nologo", "-v:q"];
            var packed = await Shell.RunAsync("dotnet", pack, source);
            Assert.True(packed.ExitCode == 0, packed.All);
        }
        finally
        {
            Directory.Delete(source, recursive: true);
        }
    }
}

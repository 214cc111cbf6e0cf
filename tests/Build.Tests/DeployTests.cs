using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Tests;
using YamlDotNet.RepresentationModel;

namespace Sweeps.Build.Tests;

/// <summary>The files of deploy/ against the program: what they start it with, ask it and wait for.</summary>
public sealed class DeployTests
{
    /// <summary>Handing the trials back (10 s) and leaving (5 s) come after the grace period.</summary>
    private const int MarginSeconds = 15;

    private const int Usage = 2;
    private const int NoStore = 4;

    public static TheoryData<string> Commands { get; } =
        new("Dockerfile", "compose.yaml", "kubernetes.yaml", "sweeps-silo.service");

    /// <summary>The program takes the arguments: it goes on to the store, where nobody answers.</summary>
    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Commands))]
    public async Task Command_OfEachFile_IsAcceptedByTheProgram(string file)
    {
        var (exit, text) = await RunAsync([.. CommandOf(file).Select(Filled)]);

        Assert.True(exit == NoStore, $"exit code {exit}: {text}");
    }

    [Fact]
    public async Task Command_WithAWrongOption_IsRefused() =>
        Assert.Equal(Usage, (await RunAsync([.. CommandOf("compose.yaml"), "--graces", "20"])).ExitCode);

    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("kubernetes.yaml")]
    [InlineData("sweeps-silo.service")]
    public void Stop_WaitsLongerThanTheDrain(string file)
    {
        var words = CommandOf(file);
        var grace = int.Parse(words[words.IndexOf("--grace") + 1], CultureInfo.InvariantCulture);
        var wait = file switch
        {
            "compose.yaml" => Text(At(Yaml(file), "services", "silo"), "stop_grace_period").TrimEnd('s'),
            "kubernetes.yaml" => Text(Pod(), "terminationGracePeriodSeconds"),
            _ => Regex.Match(Read(file), @"TimeoutStopSec=(\d+)").Groups[1].Value,
        };

        Assert.True(int.Parse(wait, CultureInfo.InvariantCulture) >= grace + MarginSeconds);
    }

    [Fact]
    public void Kubernetes_ProbesWhatTheProgramAnswers_OnThePortItListensOn()
    {
        var container = Container();
        var server = File.ReadAllText(RepositoryRoot.Combine("src", "Silo", "Health", "HealthServer.cs"));
        var words = CommandOf("kubernetes.yaml");
        var port = ((YamlSequenceNode)At(container, "ports"))
            .Where(port => Text(port, "name") == "health").Select(port => Text(port, "containerPort")).Single();

        Assert.Equal($"*:{port}", words[words.IndexOf("--listen") + 1]);
        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
            Assert.Contains($"\"{Text(container, probe, "httpGet", "path")}\"", server);
        Assert.NotEqual(
            Text(container, "livenessProbe", "httpGet", "path"), Text(container, "readinessProbe", "httpGet", "path"));
    }

    /// <summary>A pod has no more to do with its cluster than it needs, and others no more with it.</summary>
    [Fact]
    public void Kubernetes_LetsInSilosAndProbesAlone_AndHoldsNoToken()
    {
        var ports = ((YamlSequenceNode)At(Container(), "ports"))
            .ToDictionary(port => Text(port, "name"), port => Text(port, "containerPort"));
        var words = CommandOf("kubernetes.yaml");
        var policy = At(Yaml("kubernetes.yaml", "NetworkPolicy"), "spec");
        var rules = ((YamlSequenceNode)At(policy, "ingress"))
            .ToDictionary(rule => Text(((YamlSequenceNode)At(rule, "ports"))[0], "port"));

        Assert.Equal("false", Text(Pod(), "automountServiceAccountToken"));
        Assert.Equal(ports["silo"], words[words.IndexOf("--silo-port") + 1]);
        Assert.Equal(ports.Keys, rules.Keys);
        var own = At(Yaml("kubernetes.yaml"), "spec", "selector", "matchLabels");
        Assert.Equal(own, At(policy, "podSelector", "matchLabels"));
        Assert.Equal(own, At(((YamlSequenceNode)At(rules["silo"], "from"))[0], "podSelector", "matchLabels"));
    }

    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("kubernetes.yaml")]
    public void Images_AreOfOneVersion(string file)
    {
        var settings = File.ReadAllText(RepositoryRoot.Combine("Directory.Build.props"));
        var version = Regex.Match(settings, "<Version>(.*)</Version>").Groups[1].Value;
        var images = Regex.Matches(Read(file), @"^ +image: (\S+):(\S+)$", RegexOptions.Multiline);

        Assert.Equal(Regex.Count(Read(file), @"^ +image:", RegexOptions.Multiline), images.Count);
        Assert.All(images, image => Assert.Matches(
            image.Groups[1].Value == "sweeps" ? $"^{Regex.Escape(version)}$" : @"^\d+\.\d+", image.Groups[2].Value));
    }

    /// <summary>Data sets are fetched under names that the program knows, to where the silo looks for them.</summary>
    [Fact]
    public async Task Data_AreGotByName_ForTheSilos()
    {
        var compose = At(Yaml("compose.yaml"), "services");
        var pod = ((YamlSequenceNode)At(Pod(), "initContainers"))[0];
        var help = (await RunAsync(["data", "get", "--help"])).Text;

        foreach (var words in (List<string>[])[Words(At(compose, "data"), "command"), Words(pod, "args")])
        {
            Assert.Equal(["data", "get"], words[..2]);
            Assert.All(words[2..], name => Assert.Contains(name, help, StringComparison.Ordinal));
        }

        Assert.Equal(
            At(compose, "data", "environment", "SWEEPS_DATA"), At(compose, "silo", "environment", "SWEEPS_DATA"));
        Assert.Equal(At(compose, "data", "volumes"), At(compose, "silo", "volumes"));
        Assert.All((YamlSequenceNode)At(pod, "env"), variable => Assert.Contains(
            variable, (YamlSequenceNode)At(Container(), "env")));
        Assert.Equal(At(pod, "volumeMounts"), At(Container(), "volumeMounts"));
    }

    [Fact]
    public void Dockerfile_PinsItsImages_AndCopiesAndExposesWhatIsThere()
    {
        var file = Read("Dockerfile");
        var images = Regex.Matches(file, @"^FROM (\S+) AS (\w+)", RegexOptions.Multiline);
        var stages = images.Select(match => match.Groups[2].Value).ToArray();
        var framework = Regex.Match(
            File.ReadAllText(RepositoryRoot.Combine("Directory.Build.props")), @"<TargetFramework>net([\d.]+)<");

        Assert.All(images, image => Assert.Matches(
            $@":{Regex.Escape(framework.Groups[1].Value)}\.\d+(-\w+)?$", image.Groups[1].Value));
        Assert.All(
            Regex.Matches(file, @"--from=(\w+)"), copy => Assert.Contains(copy.Groups[1].Value, stages));
        var published = Regex.Match(file, @"dotnet publish (\S+)").Groups[1].Value;
        Assert.True(Directory.Exists(RepositoryRoot.Combine(published)));
        var words = CommandOf("Dockerfile");
        Assert.Contains($"EXPOSE {words[words.IndexOf("--listen") + 1].TrimStart('*', ':')}\n", file);
    }

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("compose.yaml")]
    [InlineData("kubernetes.yaml")]
    [InlineData("sweeps-silo.service")]
    [InlineData("sweeps.env.example")]
    public void Files_HoldNoPassword(string name) =>
        Assert.DoesNotMatch(@"(?mi)(postgres(ql)?://[^\s:@/]+:[^\s@]+@|^[^#\n]*PASSWORD=\S)", Read(name));

    [ToolFact("systemd-analyze", "--version")]
    public async Task Service_IsValidToSystemd()
    {
        var unit = RepositoryRoot.Combine("deploy", "sweeps-silo.service");
        var result = await Shell.RunAsync("systemd-analyze", ["verify", unit]);
        Assert.True(result.ExitCode == 0, result.All);
    }

    [ToolFact("docker", "compose", "version")]
    public async Task Compose_IsValidToDocker()
    {
        const string command = "sed 's/env_file: .*/env_file: sweeps.env.example/' compose.yaml "
            + "| docker compose -f - config --quiet";
        var result = await Shell.RunAsync("sh", ["-c", command], RepositoryRoot.Combine("deploy"));
        Assert.True(result.ExitCode == 0, result.All);
    }

    private static async Task<(int ExitCode, string Text)> RunAsync(string[] arguments)
    {
        var configuration = Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name;
        var program = RepositoryRoot.Combine("src", "Client", "bin", configuration, "net10.0", "sweeps.dll");
        // Nothing listens on port 1.
        var environment = new Dictionary<string, string?> { ["SWEEPS_STORE"] = "postgres://sweeps@127.0.0.1:1/sweeps" };
        var result = await Shell.RunAsync("dotnet", [program, .. arguments], environment: environment);
        return (result.ExitCode, result.All);
    }

    /// <summary>The arguments with which a file starts the program.</summary>
    private static List<string> CommandOf(string file) => file switch
    {
        "compose.yaml" => Words(At(Yaml(file), "services", "silo"), "command"),
        "kubernetes.yaml" => Words(Container(), "args"),
        "Dockerfile" => System.Text.Json.JsonSerializer.Deserialize<List<string>>(
            Regex.Match(Read(file), "^CMD (.*)$", RegexOptions.Multiline).Groups[1].Value)!,
        _ => [.. Regex.Match(Read(file), @"ExecStart=.* \S*sweeps\.dll (.*)").Groups[1].Value.Split(' ')],
    };

    private static YamlNode Pod() => At(Yaml("kubernetes.yaml"), "spec", "template", "spec");

    private static YamlNode Container() => ((YamlSequenceNode)At(Pod(), "containers"))[0];

    private static string Read(string name) => File.ReadAllText(RepositoryRoot.Combine("deploy", name));

    /// <summary>A word with what composing or the cluster would put into it.</summary>
    private static string Filled(string word) =>
        Regex.Replace(word.Replace("$(POD_NAME)", "pod-1"), @"^\$\{\w+:-(.*)\}$", "$1");

    /// <summary>The first document of a file, or that of a kind.</summary>
    private static YamlNode Yaml(string name, string? kind = null)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Read(name));
        stream.Load(reader);
        return stream.Documents.Select(document => document.RootNode)
            .First(root => kind is null || Text(root, "kind") == kind);
    }

    private static YamlNode At(YamlNode node, params string[] path) =>
        path.Aggregate(node, (at, name) => ((YamlMappingNode)at).Children[new YamlScalarNode(name)]);

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value!;

    private static List<string> Words(YamlNode node, string name) =>
        [.. ((YamlSequenceNode)At(node, name)).Select(word => ((YamlScalarNode)word).Value!)];
}

using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Tests;
using YamlDotNet.RepresentationModel;

namespace Sweeps.Build.Tests;

/// <summary>
/// The files of deploy/ against the program and each other, as far as that goes without an engine that runs them.
/// </summary>
public sealed class DeployTests
{
    /// <summary>Handing the trials back (10 s) and leaving (5 s) come after the grace period.</summary>
    private const int MarginSeconds = 15;

    [Fact]
    public void Compose_GivesSilosTimeToDrain_AndNoPasswordInACommand()
    {
        var silo = At(Yaml("compose.yaml"), "services", "silo");

        Assert.True(Seconds(Text(silo, "stop_grace_period")) >= Grace(Words(silo, "command")) + MarginSeconds);
        Assert.Equal("deploy/Dockerfile", Text(silo, "build", "dockerfile"));
        Assert.True(int.Parse(Text(silo, "deploy", "replicas"), CultureInfo.InvariantCulture) >= 2);
        Assert.Contains("SWEEPS_STORE=postgres://sweeps@postgres/sweeps", Read("sweeps.env.example"));
    }

    [Fact]
    public void Kubernetes_ProbesAreAnswered_AndTheGracePeriodFitsTheDrain()
    {
        var pod = At(Yaml("kubernetes.yaml"), "spec", "template", "spec");
        var container = (YamlMappingNode)((YamlSequenceNode)At(pod, "containers"))[0];
        var server = File.ReadAllText(RepositoryRoot.Combine("src", "Silo", "Health", "HealthServer.cs"));
        var words = Words(container, "args");
        var port = Text((YamlSequenceNode)At(container, "ports"), 0, "containerPort");

        Assert.True(Seconds(Text(pod, "terminationGracePeriodSeconds")) >= Grace(words) + MarginSeconds);
        Assert.Equal($"*:{port}", words[words.IndexOf("--listen") + 1]);
        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
            Assert.Contains($"\"{Text(container, probe, "httpGet", "path")}\"", server);
        Assert.Equal("/health/ready", Text(container, "readinessProbe", "httpGet", "path"));
        Assert.Equal("/health/live", Text(container, "livenessProbe", "httpGet", "path"));
    }

    [Fact]
    public void Service_GivesTheSiloTimeToDrain()
    {
        var service = Read("sweeps-silo.service");

        Assert.Contains("KillSignal=SIGTERM", service);
        Assert.Contains("EnvironmentFile=", service);
        var stop = Regex.Match(service, @"TimeoutStopSec=(\d+)").Groups[1].Value;
        var words = Regex.Match(service, "ExecStart=(.*)").Groups[1].Value.Split(' ');
        Assert.True(Seconds(stop) >= Grace([.. words]) + MarginSeconds);
    }

    [Fact]
    public void Dockerfile_StagesAndPathsExist_AndItDoesNotRunAsRoot()
    {
        var file = Read("Dockerfile");
        var stages = Regex.Matches(file, @"^FROM \S+ AS (\w+)", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);

        foreach (Match copy in Regex.Matches(file, @"--from=(\w+)"))
            Assert.Contains(copy.Groups[1].Value, stages);
        Assert.True(Directory.Exists(RepositoryRoot.Combine("src", "Client")));
        Assert.Contains("dotnet publish src/Client", file);
        Assert.Matches(@"(?m)^USER [1-9]\d*$", file);
        Assert.Contains("/health/live", file);
        Assert.Contains($"EXPOSE {Regex.Match(file, @"\*:(\d+)").Groups[1].Value}", file);
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

    private static string Read(string name) => File.ReadAllText(RepositoryRoot.Combine("deploy", name));

    private static YamlNode Yaml(string name)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Read(name));
        stream.Load(reader);
        return stream.Documents[0].RootNode;
    }

    private static YamlNode At(YamlNode node, params string[] path) =>
        path.Aggregate(node, (at, name) => ((YamlMappingNode)at).Children[new YamlScalarNode(name)]);

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value!;

    private static string Text(YamlSequenceNode node, int index, params string[] path) => Text(node[index], path);

    private static List<string> Words(YamlNode node, string name) =>
        [.. ((YamlSequenceNode)At(node, name)).Select(word => ((YamlScalarNode)word).Value!)];

    private static int Grace(List<string> words) =>
        int.Parse(words[words.IndexOf("--grace") + 1], CultureInfo.InvariantCulture);

    private static int Seconds(string text) => int.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture);
}

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>Sweeps over networks of the user's own code, those of examples/own-network.</summary>
public sealed class OwnCodeRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>One of the two draws random numbers in its forward, from libtorch's one generator.</summary>
    [Fact]
    public async Task Run_OwnCode_HasOneDigestOnAnySlotsAndTravels()
    {
        var assembly = Path.Combine(_place.Folder, "Nets.dll");
        File.Copy(FindExample(), assembly);
        File.WriteAllText(_place.SweepFile, """
            name: tiny
            data: {name: digits, samples: 200}
            architectures:
              mlp: {assembly: Nets.dll, type: Own.Mlp, arguments: {width: "{width}"}}
              recurrent: {assembly: Nets.dll, type: Own.Recurrent, arguments: {width: "{width}"}}
            parameters: {width: [6, 8], learning_rate: 0.01, batch_size: 20}
            folds: 2
            epochs: 2
            """);

        var (one, error) = await DigestAsync("one", "1");
        Assert.Single(error.Split('\n'), line => line == "note: runs code of Nets.dll on this machine");
        Assert.Equal(one, (await DigestAsync("four", "4")).Digest);
        Assert.Contains("recurrent", (await _place.RunAsync("show", "one")).Output, StringComparison.Ordinal);

        // Without the file the store's copy does, in a process that may run it; a model alone needs the file.
        var model = Path.Combine(_place.Folder, "kept.dll");
        File.Move(assembly, model);
        Assert.Equal(0, (await _place.RunAsync("verify", "one")).Code);
        var missing = await _place.RunAsync("run", _place.SweepFile, "--name", "one");
        Assert.NotEqual(0, missing.Code);
        Assert.Contains("There is no assembly", missing.Error, StringComparison.Ordinal);
        Assert.Contains("tiny.yaml:4:", missing.Error, StringComparison.Ordinal);
        var evaluated = await _place.RunAsync("evaluate", "one", "--assembly", model, "--json");
        Assert.Equal(0, evaluated.Code);
        Assert.InRange(evaluated.Json().GetProperty("accuracy").GetDouble(), 0.1, 1);
    }

    private async Task<(string Digest, string Error)> DigestAsync(string name, string slots)
    {
        var run = await _place.RunAsync(
            "run", _place.SweepFile, "--name", name, "--slots", slots, "--no-reuse", "--json");
        Assert.True(run.Code == 0, run.Error);
        return (run.Json().GetProperty("digest").GetString()!, run.Error);
    }

    private static string FindExample()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = place.Parent!.Name;
        while (!File.Exists(Path.Combine(place.FullName, "Sweeps.sln")))
            place = place.Parent!;
        return Path.Combine(
            place.FullName, "examples", "own-network", "bin", configuration, "net10.0", "OwnNetwork.dll");
    }
}

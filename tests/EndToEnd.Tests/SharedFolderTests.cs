using System.Diagnostics;
using System.Text.Json;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// A folder's store in use: commands from other terminals, further runs beside the first, and one of two killed. What
/// is trained has the digest that it has alone.
/// </summary>
[Trait("Speed", "slow")]
public sealed class SharedFolderTests : IDisposable
{
    private const string Begins = "begins in slot";

    private const string Sweep = """
        data: {name: digits, samples: 1000}
        architectures: {linear: linear, small: flatten | dense 64 relu | dropout 0.3 | dense}
        parameters: {learning_rate: [0.003, 0.01], batch_size: 10, optimizer: adam}
        folds: 3
        epochs: 6
        """;

    // Long enough on a fast machine, too, that all are in hand when the process is told to end.
    private const string Long = """
        data: {name: digits, samples: 2000}
        architectures: {small: flatten | dense 64 relu | dropout 0.3 | dense}
        parameters: {learning_rate: 0.003, batch_size: 50, optimizer: adam}
        folds: 3
        epochs: 600
        refit: false
        """;

    private readonly TemporaryFolder _folder = new();

    public SharedFolderTests() => File.WriteAllText(Path.Combine(_folder.Path, "lab.yaml"), Sweep);

    public void Dispose() => _folder.Dispose();

    private SiloLog Log => new(Path.Combine(_folder.Path, ".sweeps", "logs"));

    [Fact]
    public async Task Commands_WhileASweepTrains_WorkAndLeaveItAlone()
    {
        var alone = await RunAsync("run", "lab.yaml", "--store", "alone", "--slots", "2");
        using var endless = Start("run", "lab.yaml", "--name", "endless", "--slots", "1", "--set", "epochs=100000");
        Assert.True(await Log.UntilMoreAsync(Begins, 0, endless));
        using var watch = Start("watch", "endless");

        await RunAsync("submit", "lab.yaml", "--name", "waiting");
        Assert.Equal("paused", (await RunAsync("pause", "waiting")).GetProperty("state").GetString());
        Assert.Equal("running", await StateAsync("endless"));
        using (var beside = Start("run", "lab.yaml", "--name", "beside", "--slots", "1", "--json"))
        {
            var (exit, output, error) = await beside.EndAsync();
            Assert.True(exit == 0, error);
            Assert.Equal(Digest(alone), Digest(JsonDocument.Parse(output).RootElement));
            Assert.Contains($"process {endless.Id} ", error);
            Assert.Contains("sweeps resume waiting", error);
        }

        Assert.False(endless.HasExited);
        var since = Stopwatch.GetTimestamp();
        await RunAsync("cancel", "endless", "--reason", "enough");
        var (code, _, said) = await endless.EndAsync();
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(90), said);
        Assert.Equal(5, code);
        var (_, _, seen) = await watch.EndAsync();
        Assert.Contains("cancelled: enough", seen);
        Assert.Equal(("cancelled", "paused"), (await StateAsync("endless"), await StateAsync("waiting")));
        var waiting = await RunAsync("show", "waiting");
        Assert.Equal(0, waiting.GetProperty("completed").GetInt64());
    }

    [Fact]
    public async Task Run_SameSweepTwiceAndOneKilled_GivesTheAnswerOfOne()
    {
        var alone = await RunAsync("run", "lab.yaml", "--store", "alone", "--slots", "2", "--set", "epochs=40");
        string[] command = ["run", "lab.yaml", "--slots", "1", "--set", "epochs=40", "--json"];
        using var one = Start(command);
        Assert.True(await Log.UntilMoreAsync(Begins, 0, one));
        using var other = Start(command);
        Assert.True(await Log.UntilMoreAsync($"{Environment.MachineName}-2 lab ", 0, other));
        one.Kill();

        var (exit, output, error) = await other.EndAsync();

        Assert.True(exit == 0, error);
        Assert.Contains($"process {one.Id} ", error);
        Assert.Contains("share the trials", error);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal(Digest(alone), Digest(result));
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        // 0: the kill came between two trials.
        Assert.InRange(result.GetProperty("retried").GetInt64(), 0, 2);
    }

    [Fact]
    public async Task Run_CheckpointsDamagedBetweenAttempts_TrainsThemAnewAndSaysSo()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "long.yaml"), Long);
        string[] command = ["run", "long.yaml", "--slots", "3"];
        var alone = await RunAsync([.. command, "--store", "alone"]);
        using (var first = Start(command))
        {
            Assert.True(await Log.UntilMoreAsync(Begins, 2, first));
            // It hands back each trial with a checkpoint.
            first.Signal("INT");
            Assert.Equal(130, (await first.EndAsync()).ExitCode);
        }

        var blobs = Blobs();
        Assert.Equal(3, blobs.Length);
        for (var index = 0; index < blobs.Length; index++)
            Damage(blobs[index], index % 3);

        var result = await RunAsync(command);

        Assert.Equal(Digest(alone), Digest(result));
        for (var fold = 0; fold < 3; fold++)
        {
            var attempts = (await RunAsync("show", "long", "--trial", $"0/{fold}")).GetProperty("attempts");
            Assert.Equal(2, attempts.GetArrayLength());
            Assert.StartsWith("began from the start: ", attempts[1].GetProperty("remark").GetString());
        }
    }

    private static void Damage(string path, int how)
    {
        if (how == 0)
        {
            File.Delete(path);
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        if (how == 1)
        {
            file.SetLength(file.Length / 2);
            return;
        }

        file.Position = file.Length - 1;
        var last = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(last ^ 1));
    }

    private string[] Blobs()
    {
        var artifacts = Path.Combine(_folder.Path, ".sweeps", "artifacts");
        return Directory.Exists(artifacts)
            ? [.. Directory.GetFiles(artifacts, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file).Length == 64).Order(StringComparer.Ordinal)]
            : [];
    }

    private SweepsProcess Start(params string[] arguments) => SweepsProcess.Start(_folder.Path, arguments);

    private Task<JsonElement> RunAsync(params string[] arguments) =>
        SweepsProcess.RunJsonAsync(_folder.Path, arguments);

    private async Task<string?> StateAsync(string id) => (await RunAsync("list")).GetProperty("sweeps").EnumerateArray()
        .Single(sweep => sweep.GetProperty("id").GetString() == id).GetProperty("state").GetString();

    private static string? Digest(JsonElement result) => result.GetProperty("digest").GetString();
}

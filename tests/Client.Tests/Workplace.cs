using System.Text.Json;

namespace Sweeps.Client.Tests;

/// <summary>A folder with a small sweep file and a store of its own, and the command line on it.</summary>
public sealed class Workplace : IDisposable
{
    /// <summary>2 networks x 2 learning rates x 2 folds = 8 trials, and a refit: a second of training.</summary>
    public const string Tiny = """
        name: tiny
        data: digits
        architectures: {linear: linear, small: flatten | dense 8 relu | dense}
        parameters: {learning_rate: [0.003, 0.03], batch_size: 50, optimizer: adam}
        folds: 2
        epochs: 2
        """;

    public Workplace()
    {
        Folder = Directory.CreateTempSubdirectory("sweeps-client-").FullName;
        File.WriteAllText(SweepFile, Tiny);
    }

    public string Folder { get; }

    public string SweepFile => Path.Combine(Folder, "tiny.yaml");

    public string Store => Path.Combine(Folder, "store");

    public string Results(string id, string file) => Path.Combine(Store, "results", id, file);

    /// <summary>Runs a command on this store.</summary>
    internal Task<Answer> RunAsync(params string[] arguments) => RunElsewhereAsync([.. arguments, "--store", Store]);

    /// <summary>Runs the sweep, or goes on with it.</summary>
    internal Task<Answer> RunSweepAsync(params string[] more) =>
        RunAsync(["run", SweepFile, "--set", "data.samples=600", "--slots", "2", .. more]);

    /// <summary>Runs a command without a store.</summary>
    internal static async Task<Answer> RunElsewhereAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, output, error);
        return new(code, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>What a command gave.</summary>
    internal sealed record Answer(int Code, string Output, string Error)
    {
        /// <summary>The one object on stdout.</summary>
        public JsonElement Json()
        {
            Assert.Single(Output.TrimEnd().Split('\n'));
            return JsonDocument.Parse(Output).RootElement;
        }
    }
}

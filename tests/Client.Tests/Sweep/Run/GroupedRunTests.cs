using System.Globalization;
using System.Text;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A table whose rows come in groups, from its file to the report.</summary>
public sealed class GroupedRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>
    /// Each group has a feature of its own and a class by chance: who has seen the group knows the answer, who has not
    /// can only guess.
    /// </summary>
    [Fact]
    public async Task Run_FeatureThatNamesTheGroup_HelpsOnlyWithoutGroups()
    {
        var random = new Random(1);
        var names = string.Join(',', Enumerable.Range(0, 40).Select(i => $"x{i}"));
        var text = new StringBuilder($"patient,{names},y\n");
        for (var group = 0; group < 40; group++)
        {
            var sick = random.Next(2);
            for (var row = 0; row < 10; row++)
            {
                var features = string.Join(',', Enumerable.Range(0, 40).Select(i => i == group ? 1 : 0));
                text.Append(CultureInfo.InvariantCulture, $"{group},{features},{sick}\n");
            }
        }

        File.WriteAllText(Path.Combine(_place.Folder, "t.csv"), text.ToString());

        var grouped = await MeanAsync("grouped", "{path: t.csv, group: patient}");
        var mixed = await MeanAsync("mixed", "{path: t.csv}");

        Assert.InRange(grouped, 0.2, 0.8);
        Assert.InRange(mixed, 0.95, 1);
    }

    [Fact]
    public async Task Run_FewerGroupsThanFolds_IsRefusedAtItsLine()
    {
        var rows = Enumerable.Range(0, 40).Select(row => $"{row % 4},{row},{row % 2}");
        File.WriteAllLines(Path.Combine(_place.Folder, "t.csv"), rows.Prepend("g,x,y"));
        Write("few", "{path: t.csv, group: g}");

        var run = await _place.RunAsync("run", _place.SweepFile);

        Assert.Equal(2, run.Code);
        Assert.Contains(
            "tiny.yaml:5:8: folds: 5 folds need at least 5 groups, but there are 3",
            run.Error, StringComparison.Ordinal);
    }

    private async Task<double> MeanAsync(string name, string data)
    {
        Write(name, data);
        var run = await _place.RunAsync("run", _place.SweepFile);
        Assert.True(run.Code == 0, run.Error);
        var shown = (await _place.RunAsync("show", name, "--json")).Json();
        return shown.GetProperty("best").GetProperty("mean").GetDouble();
    }

    private void Write(string name, string data) => File.WriteAllText(_place.SweepFile, $$"""
        name: {{name}}
        data: {{data}}
        architectures: [dense]
        parameters: {learning_rate: 0.1, batch_size: 20}
        folds: 5
        epochs: 20
        """);
}

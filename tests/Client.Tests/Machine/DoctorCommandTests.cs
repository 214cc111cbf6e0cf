using Sweeps.Core;

namespace Sweeps.Client.Tests.Machine;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Doctor_ThisMachine_HasEverythingNeeded()
    {
        var answer = await _place.RunAsync("doctor", "--json");

        var json = answer.Json();
        Assert.True(answer.Code == 0, answer.Output);
        Assert.True(json.GetProperty("ok").GetBoolean());
        var areas = json.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("area").GetString());
        Assert.Equal(["program", "libtorch", "threads", "speed", "data", "store"], areas.Distinct());
    }

    [Fact]
    public async Task Doctor_DamagedStore_IsMissingSomethingAndSaysWhat()
    {
        Directory.CreateDirectory(_place.Store);
        await File.WriteAllTextAsync(Path.Combine(_place.Store, "sweeps.db"), new string('x', 5000));

        var answer = await _place.RunAsync("doctor");

        Assert.Equal((int)ErrorKind.Environment, answer.Code);
        Assert.Matches("MISSING +store", answer.Output);
        Assert.Contains("fix:", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_DataSetNotHere_NamesTheCommandThatGetsIt()
    {
        var answer = await _place.RunAsync("doctor", "--data-dir", _place.Folder);

        Assert.Contains("sweeps data get cifar-10", answer.Output, StringComparison.Ordinal);
    }
}

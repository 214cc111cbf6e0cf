using Sweeps.Core;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A sweep that says its engine, and its verification on the other one.</summary>
[Trait("Speed", "slow")]
public sealed class EngineRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("torch", "native")]
    [InlineData("native", "torch")]
    public async Task Verify_OnTheEngineThatTrained_IsRefusedWithWhatToDo(string engine, string other)
    {
        File.WriteAllText(_place.SweepFile, $$"""
            data: {name: digits, samples: 200}
            architectures: {small: flatten | dense 8 relu | dense}
            engine: {{engine}}
            folds: 2
            epochs: 1
            """);
        Assert.Equal(0, (await _place.RunAsync("run", _place.SweepFile, "--name", "tiny")).Code);

        var same = await _place.RunAsync("verify", "tiny", "--engine", engine);
        var compared = await _place.RunAsync("verify", "tiny", "--engine", other);

        Assert.Equal((int)ErrorKind.Usage, same.Code);
        Assert.Contains("compare it with itself", same.Error, StringComparison.Ordinal);
        Assert.Contains($"--engine {other}", same.Error, StringComparison.Ordinal);
        Assert.True(compared.Code == 0, compared.Output + compared.Error);
    }
}

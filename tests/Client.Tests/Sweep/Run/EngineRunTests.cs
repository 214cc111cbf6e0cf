using Sweeps.Client.Sweep.Proof;
using Sweeps.Core;
using Sweeps.Core.Trainings;

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

    /// <summary>Rounding turns some relu on or off, so that ten steps are far apart: the first one is asked.</summary>
    [Fact]
    public async Task Verify_DeepNetworkOnTheOtherEngine_IsTheSameButForRounding()
    {
        File.WriteAllText(_place.SweepFile, """
            data: {name: digits, samples: 1000}
            architectures: {deep: resnet-20}
            parameters: {batch_size: [64]}
            folds: 2
            epochs: 1
            refit: false
            """);
        Assert.Equal(0, (await _place.RunAsync("run", _place.SweepFile, "--name", "deep")).Code);

        var compared = await _place.RunAsync("verify", "deep", "--engine", "torch", "--json");

        Assert.True(compared.Code == 0, compared.Output + compared.Error);
        Assert.Contains("\"recorded_engine\":\"native\"", compared.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-5, null, true)]
    [InlineData(0.01, 0.05, true)]
    [InlineData(0.01, 0.3, false)]
    [InlineData(0.01, null, false)]
    public void Holds_TenStepsApart_NeedTheFirstStep(double tenSteps, double? firstStep, bool holds)
    {
        var comparison = new EngineComparison(
            new(0, 0), EngineKind.Native, EngineKind.Torch, tenSteps, new("training loss", 1, 1, 1, 0.1), 1, 1)
        {
            FirstStep = firstStep,
        };
        Assert.Equal(holds, comparison.Holds);
    }
}

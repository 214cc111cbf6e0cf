using Sweeps.Client.Sweep.Proof;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

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

    /// <summary>A folder that was carried to another kind of machine: nobody would ever train the rest here.</summary>
    [Fact]
    public async Task Resume_BegunWhereOtherNumbersAreComputed_SaysSoAndEnds()
    {
        Assert.Equal(0, (await _place.RunAsync("submit", _place.SweepFile)).Code);
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store)))
        {
            var begun = SweepEventCodec.Encode(new FingerprintSet("other", new("elsewhere", "once"))
            {
                At = DateTimeOffset.UtcNow,
            });
            var last = (await store.Log.FindAsync("tiny"))!.LastSequence;
            NewEvent[] events = [new(begun.Type, begun.Payload)];
            Assert.True((await store.Log.AppendAsync("tiny", last, events)).IsAppended);
        }

        var resumed = await _place.RunAsync("resume", "tiny");

        Assert.Equal((int)ErrorKind.Environment, resumed.Code);
        Assert.Contains("compute other numbers than the first silo", resumed.Error, StringComparison.Ordinal);
        Assert.Contains("--fresh", resumed.Error, StringComparison.Ordinal);
    }

    /// <summary>Rounding turns some relu on or off, and weights are far apart after ten steps: gradients are not.
    /// </summary>
    [Fact]
    public async Task Verify_DeepNetworkOnTheOtherEngine_IsTheSameButForRounding()
    {
        File.WriteAllText(_place.SweepFile, """
            data: {name: digits, samples: 500}
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

    /// <summary>One step in which a pool found another maximum is forgiven, half of them or a NaN is not.</summary>
    [Theory]
    [InlineData(1e-7, 2e-3, 0.1, true)]
    [InlineData(1e-7, 0.02, 0.02, false)]
    [InlineData(1e-7, 1e-7, double.NaN, false)]
    public void Holds_GradientsOfSomeSteps_AreJudgedByTheirMedian(double one, double two, double three, bool holds)
    {
        EpochReport report = new(1, 0.5, 0.8, 0.6, 0.7, 1, 1, 1, 100);
        var training = new TrainingResult
        {
            Outcome = TrainingOutcome.Completed,
            Epochs = [report],
            Weights = 1,
            WeightsDigest = "",
            TrainSeconds = 1,
        };
        var comparison = EngineComparison.Of(
            new(0, 0), TrialResult.From(training), [report], [one, two, three], training, TaskKind.Classification);

        Assert.Equal(holds, comparison.Holds);
    }
}

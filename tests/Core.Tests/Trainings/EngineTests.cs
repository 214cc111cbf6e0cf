using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Tests.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

/// <summary>The engine as a key of the sweep file, as a part of a result's name, and the numerics of each.</summary>
public sealed class EngineTests
{
    private const string Dense = "mlp-16";
    private const string Normalised = "conv 4 3x3 | batch_norm | flatten | dense";
    private const string Native = "native=aaaa";
    private const string Both = "native=aaaa torch=bbbb";

    private static readonly DataSize s_pictures =
        new(TensorShape.Image(1, 28, 28), 10, 1_000, TaskKind.Classification);

    private static readonly SampleCounts s_samples = new(800, [new("a", 500), new("b", 500)]);

    [Theory]
    [InlineData("auto", EngineKind.Auto)]
    [InlineData("native", EngineKind.Native)]
    [InlineData("torch", EngineKind.Torch)]
    [InlineData("TorchSharp", EngineKind.Torch)]
    public void Read_Engine_IsKeptAndWrittenBack(string word, EngineKind engine)
    {
        var specification = Reading.Valid($"{Reading.Head}engine: {word}\n");

        Assert.Equal(engine, specification.Engine);
        var text = SpecificationWriter.ToYaml(specification);
        Assert.Equal(engine != EngineKind.Auto, text.Contains("engine:", StringComparison.Ordinal));
        Assert.Equal(engine, Reading.Valid(text).Engine);
    }

    [Fact]
    public void Read_UnknownEngine_IsAnErrorWithTheAllowedOnes()
    {
        var error = Assert.Single(Reading.Errors($"{Reading.Head}engine: cuda\n"));

        Assert.StartsWith("sweep.yaml:3:9: engine: ", error, StringComparison.Ordinal);
        Assert.Contains("native", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv 8 3x3 | avg_pool 2 | flatten | dense", "layer 2 'avg_pool 2x2'")]
    [InlineData("conv 8 3x3 stride 2 | flatten | dense", "layer 1 'conv 8 3x3 stride 2'")]
    [InlineData("residual 8 | global_avg_pool | dense", "layer 1 'residual 8'")]
    public void On_NativeWithoutAStage_IsAnErrorThatNamesTheLayer(string layers, string named)
    {
        var text = $"data: mnist\narchitectures: {{mine: {layers}}}\nengine: ";

        Assert.Contains(named, Assert.Single(On(text + "native")), StringComparison.Ordinal);
        Assert.Empty(On(text + "torch"));
        Assert.Empty(On(text + "auto"));
    }

    [Theory]
    [InlineData("architectures: [linear, mlp-5, cnn-lab]", NumericsScope.Native)]
    [InlineData("architectures: [lenet-5]", NumericsScope.Torch)]
    [InlineData("architectures: [linear, lenet-5]", NumericsScope.Both)]
    [InlineData("architectures: [linear]\nengine: torch", NumericsScope.Torch)]
    [InlineData("architectures: [linear]\nengine: native", NumericsScope.Native)]
    [InlineData(
        "architectures: {m: 'flatten | dense {w} relu | dense'}\nparameters: {w: [4, 8]}", NumericsScope.Native)]
    [InlineData(
        "architectures: {m: 'conv 4 3x3 | batch_norm | flatten | dense {w} | dense'}\nparameters: {w: [4, 8]}",
        NumericsScope.Torch)]
    [InlineData(
        "architectures: {m: 'conv 4 3x3 stride {s} | flatten | dense'}\nparameters: {s: [1, 2]}", NumericsScope.Both)]
    [InlineData(
        "architectures: {m: conv 4 3x3 relu | flatten | dense}\nparameters: {activation: [relu, tanh]}",
        NumericsScope.Native)]
    public void Create_NetworksOfASweep_DecideWhoseNumbersAreCompared(string lines, NumericsScope scope) =>
        Assert.Equal(scope, Plan(lines).Numerics);

    /// <summary>What a network takes by itself and what it was told to take is one training; any other is another.
    /// </summary>
    [Fact]
    public void Course_EngineTakenOrTold_IsOneName_AndAForcedOneAnother()
    {
        Assert.Equal(Course(Normalised, "auto", Both), Course(Normalised, "torch", "torch=bbbb"));
        Assert.Equal(Course(Dense, "auto", Both), Course(Dense, "native", Native));
        Assert.NotEqual(Course(Dense, "auto", Both), Course(Dense, "torch", Both));
        // A word over both engines, as earlier versions had it, names what libtorch trained.
        Assert.Equal(Course(Normalised, "auto", Both), Course(Normalised, "auto", "bbbb"));
        Assert.NotEqual(Course(Dense, "torch", "bbbb"), Course(Dense, "auto", "bbbb"));
    }

    [Fact]
    public void Course_OfANativeTraining_DoesNotDependOnLibtorch()
    {
        Assert.Equal(Course(Dense, "auto", Native), Course(Dense, "auto", "native=aaaa torch=cccc"));
        Assert.NotEqual(Course(Dense, "auto", Native), Course(Dense, "auto", "native=dddd"));
        Assert.Null(Course(Normalised, "auto", Native));
    }

    [Theory]
    [InlineData(Native, Both, false)]
    [InlineData("native=aaaa torch=cccc", Both, true)]
    [InlineData("native=bbbb", Both, true)]
    [InlineData("bbbb", Both, false)]
    [InlineData("cccc", Both, true)]
    [InlineData("cccc", Native, false)]
    [InlineData("bbbb", "cccc", true)]
    [InlineData("bbbb", "bbbb", false)]
    public void Differ_TwoFingerprints_ContradictInWhatBothKnow(string one, string other, bool differ)
    {
        Assert.Equal(differ, Fingerprints.Differ(one, other));
        Assert.Equal(differ, Fingerprints.Differ(other, one));
    }

    [Fact]
    public void Or_SweepOfAnEarlierVersion_GoesOnWithItsOneFingerprint()
    {
        var now = Plan("architectures: [linear]");
        var stored = now with { Engines = null };

        Assert.Equal(NumericsScope.Combined, now.Or(stored).Numerics);
    }

    private static IEnumerable<string> On(string text)
    {
        var reading = SpecificationReader.Read(text, "sweep.yaml").On(s_pictures, s_samples);
        return reading.Errors.Select(reading.Describe);
    }

    private static SweepPlan Plan(string lines) => TestPlans.Reusing(
        SpecificationPlan.Create(Reading.Valid($"data: mnist\n{lines}\n"), "s", TaskKind.Classification));

    private static string? Course(string layers, string engine, string numerics)
    {
        var plan = Plan($"architectures: {{mine: {layers}}}\nengine: {engine}");
        var point = SpecificationPlan.SearcherOf(plan).Propose(0, []).Hyperparameters;
        return new CourseBook().Of(plan, plan.RequestOf(new(0, 0), point), numerics);
    }
}

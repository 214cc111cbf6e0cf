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
    private const string Other = "conv 4 3x3 | layer_norm | flatten | dense";

    /// <summary>Of layers that got their native stages later.</summary>
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
    [InlineData("conv 8 3x3 | layer_norm | flatten | dense", "layer 2 'layer_norm'")]
    [InlineData("conv 8 3x3 dilation 2 | flatten | dense", "layer 1 'conv 8 3x3 dilation 2'")]
    [InlineData("bottleneck 8 squeeze 4 | global_avg_pool | dense", "layer 1 'bottleneck 8 squeeze 4'")]
    public void On_NativeWithoutAStage_IsAnErrorThatNamesTheLayer(string layers, string named)
    {
        var text = $"data: mnist\narchitectures: {{mine: {layers}}}\nengine: ";

        Assert.Contains(named, Assert.Single(On(text + "native")), StringComparison.Ordinal);
        Assert.Empty(On(text + "torch"));
        Assert.Empty(On(text + "auto"));
    }

    [Theory]
    [InlineData("architectures: [linear, mlp-5, cnn-lab]", NumericsScope.Native)]
    [InlineData("architectures: [lenet-5, resnet-20]", NumericsScope.Native)]
    [InlineData("architectures: [googlenet]", NumericsScope.Torch)]
    [InlineData("architectures: [linear, googlenet]", NumericsScope.Both)]
    [InlineData("architectures: [linear]\nengine: torch", NumericsScope.Torch)]
    [InlineData("architectures: [linear]\nengine: native", NumericsScope.Native)]
    [InlineData(
        "architectures: {m: 'flatten | dense {w} relu | dense'}\nparameters: {w: [4, 8]}", NumericsScope.Native)]
    [InlineData(
        "architectures: {m: 'conv 4 3x3 | layer_norm | flatten | dense {w} | dense'}\nparameters: {w: [4, 8]}",
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
        Assert.Equal(Course(Other, "auto", Both), Course(Other, "torch", "torch=bbbb"));
        Assert.Equal(Course(Normalised, "auto", Both), Course(Normalised, "native", Native));
        Assert.Equal(Course(Dense, "auto", Both), Course(Dense, "native", Native));
        Assert.NotEqual(Course(Dense, "auto", Both), Course(Dense, "torch", Both));
        // A word over both engines, as earlier versions had it, names what libtorch trained.
        Assert.Equal(Course(Other, "auto", Both), Course(Other, "auto", "bbbb"));
        Assert.NotEqual(Course(Dense, "torch", "bbbb"), Course(Dense, "auto", "bbbb"));
        Assert.NotEqual(Course(Normalised, "torch", "bbbb"), Course(Normalised, "auto", "bbbb"));
    }

    [Fact]
    public void Course_OfANativeTraining_DoesNotDependOnLibtorch()
    {
        Assert.Equal(Course(Dense, "auto", Native), Course(Dense, "auto", "native=aaaa torch=cccc"));
        Assert.NotEqual(Course(Dense, "auto", Native), Course(Dense, "auto", "native=dddd"));
        Assert.Null(Course(Other, "auto", Native));
    }

    /// <summary>A plan that does not say which stages it was made by is of a version that had the first.</summary>
    [Theory]
    [InlineData("auto")]
    [InlineData("torch")]
    public void Course_OfAPlanByTheFirstStages_IsTorchsAsItEverWas(string engine)
    {
        var now = Plan($"architectures: {{mine: {Normalised}}}\nengine: {engine}");
        var before = now with { Stages = StageSet.First, Engines = now.Engines! with { Scope = NumericsScope.Torch } };

        Assert.Equal(EngineKind.Torch, ChoiceOf(before).Engine);
        Assert.False(ChoiceOf(before).IsForced);
        Assert.Equal(TorchCourse, Course(before, "torch=bbbb"));
        // What is told to train on torch now is that same training; what trains natively never is.
        Assert.Equal(Course(before, "torch=bbbb"), Course(Normalised, "torch", "torch=bbbb"));
        Assert.NotEqual(Course(before, "bbbb"), Course(Normalised, "auto", "bbbb"));
    }

    /// <summary>Worked out by the version before the second stages.</summary>
    private const string TorchCourse = "4a6f3fe7d9a200e9c2dada8e4426542184b6e16669570eb25eaed3b844eba403";

    [Theory]
    [InlineData("architectures: [linear, cnn-lab]", StageSet.First)]
    [InlineData("architectures: [googlenet]", StageSet.First)]
    [InlineData("architectures: [lenet-5]\nengine: torch", StageSet.First)]
    [InlineData("architectures: [linear]\nengine: native", StageSet.First)]
    [InlineData("architectures: [linear, lenet-5]", StageSet.Second)]
    [InlineData("architectures: [resnet-20]\nengine: native", StageSet.Second)]
    [InlineData("architectures: {m: 'conv 16 3x3 | conv 4 3x3 | flatten | dense'}", StageSet.Second)]
    [InlineData("architectures: {m: 'conv 16 3x3 | conv 4 3x3 | flatten | dense'}\nengine: native", StageSet.Second)]
    [InlineData("architectures: {m: 'conv 16 3x3 | conv 4 3x3 | flatten | dense'}\nengine: torch", StageSet.First)]
    [InlineData("architectures: {m: 'conv 4 3x3 | conv 4 3x3 | flatten | dense'}", StageSet.First)]
    [InlineData("architectures: {m: 'conv 16 5x5 | conv 16 5x5 | flatten | dense'}", StageSet.First)]
    [InlineData(
        "architectures: {m: 'conv {f} 3x3 | conv 4 3x3 | flatten | dense'}\nparameters: {f: [4, 32]}", StageSet.Second)]
    [InlineData(
        "architectures: {m: 'conv 4 3x3 | conv 4 3x3 | flatten | dense {w} | dense'}\nparameters: {w: [4, 32]}",
        StageSet.First)]
    [InlineData(
        "architectures: {m: 'conv 4 3x3 stride {s} | flatten | dense'}\nparameters: {s: [1, 2]}", StageSet.Second)]
    public void Create_NetworksOfASweep_SayTheStagesOnlyWhereTheyMatter(string lines, StageSet stages)
    {
        var plan = Plan(lines);
        var @event = SweepEventCodec.Encode(new SweepSubmitted(plan));

        Assert.Equal(stages, plan.Stages);
        // A version that has fewer must not train it on another engine.
        Assert.Equal(stages != StageSet.First, @event.Type == "sweep-submitted/stages");
        Assert.Equal(plan, ((SweepSubmitted)SweepEventCodec.Decode(@event.Type, @event.Payload.Span)).Plan);
    }

    [Fact]
    public void Or_SweepByTheFirstStages_GoesOnByThem()
    {
        var now = Plan("architectures: [lenet-5]");
        var stored = now with { Stages = StageSet.First, Engines = now.Engines! with { Scope = NumericsScope.Torch } };

        Assert.Equal(stored, now.Or(stored));
        var point = SpecificationPlan.SearcherOf(stored).Propose(0, []).Hyperparameters;
        Assert.Equal(StageSet.First, now.Or(stored).RequestOf(new(0, 0), point).Stages);
    }

    /// <summary>Fewer products round otherwise: no result of before is taken for one of now.</summary>
    [Theory]
    [InlineData("conv 16 3x3 | conv 4 3x3 | flatten | dense", true)]
    [InlineData("conv 16 3x3 | residual 16 | flatten | dense", true)]
    [InlineData("conv 16 3x3 | max_pool 2 | conv 20 3x3 same stride 2 | flatten | dense", false)]
    [InlineData("conv 8 3x3 | conv 16 3x3 | flatten | dense", false)]
    [InlineData("conv 16 5x5 | conv 16 3x5 | flatten | dense", false)]
    public void Course_KernelsOfThreeByThree_IsAnotherThanOfTheFirstStages(string layers, bool isAnother)
    {
        var now = Plan($"architectures: {{mine: {layers}}}") with { Stages = StageSet.Second };
        var native = now with { Engine = EngineKind.Native };

        Assert.Equal(isAnother, ChoiceOf(now).TakesFewerProducts);
        Assert.False(ChoiceOf(now with { Stages = StageSet.First }).TakesFewerProducts);
        Assert.Equal(isAnother, Course(native, Both) != Course(native with { Stages = StageSet.First }, Both));
    }

    /// <summary>
    /// The padding of a sigmoid convolution took part in the next one: what was trained so has another name.
    /// </summary>
    [Theory]
    [InlineData("conv 5 3x3 sigmoid | conv 4 3x3 | flatten | dense", true)]
    [InlineData("conv 5 3x3 | max_pool 2 | sigmoid | dropout 0.1 | conv 4 3x3 | flatten | dense", true)]
    [InlineData("conv 16 3x3 sigmoid | conv 4 3x3 | flatten | dense", false)]
    [InlineData("conv 5 3x3 sigmoid | flatten | dense 4 sigmoid | dense", false)]
    [InlineData("sigmoid | conv 5 3x3 tanh | conv 4 3x3 | flatten | dense", false)]
    [InlineData("conv 5 3x3 sigmoid | batch_norm | conv 4 3x3 | flatten | dense", false)]
    public void Choice_SigmoidBeforeAConvolution_IsCorrectedWhereItsChannelsArePadded(string layers, bool isCorrected)
    {
        Assert.Equal(isCorrected, ChoiceOf(Plan($"architectures: {{mine: {layers}}}")).IsCorrected);
        Assert.False(ChoiceOf(Plan($"architectures: {{mine: {layers}}}\nengine: torch")).IsCorrected);
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

    private static EngineChoice ChoiceOf(SweepPlan plan) => EngineChoice.Of(
        plan.Engine, plan.Engines, plan.Task, SpecificationPlan.SearcherOf(plan).Propose(0, []).Hyperparameters,
        plan.Stages);

    private static string? Course(string layers, string engine, string numerics) =>
        Course(Plan($"architectures: {{mine: {layers}}}\nengine: {engine}"), numerics);

    private static string? Course(SweepPlan plan, string numerics)
    {
        var point = SpecificationPlan.SearcherOf(plan).Propose(0, []).Hyperparameters;
        return new CourseBook().Of(plan, plan.RequestOf(new(0, 0), point), numerics);
    }
}

using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

public class SpecificationPlanTests
{
    [Fact]
    public void Create_File_FillsThePlan()
    {
        var specification = Reading.Valid("""
            name: lab
            data: {path: a.csv, label: y, task: regression, samples: 90}
            architectures: [linear, mlp-16]
            validation: 0.25
            seed: 7
            patience: 2
            refit: false
            run_cap: 3
            parameters: {learning_rate: [0.1, 0.01]}
            """);

        var content = Content("a.csv", "d1");
        var plan = SpecificationPlan.Create(specification, "lab-1", TaskKind.Regression, content);

        Assert.Equal(
            new SweepPlan
            {
                Id = "lab-1",
                Name = "lab",
                Specification = SpecificationWriter.ToJson(specification),
                Seed = 7,
                Data = "a.csv",
                Content = Content("a.csv", "d1"),
                Label = "y",
                Task = TaskKind.Regression,
                SampleLimit = 90,
                Patience = 2,
                Expansion = 1,
                HoldoutFraction = 0.25,
                Metric = new(SweepMetric.ValidationError, MetricGoal.Minimize),
                Configurations = 3,
                Refit = false,
                Reuse = true,
            },
            plan);
    }

    [Fact]
    public void SourceOf_PlanFromALog_ProposesWhatTheFileDid()
    {
        var specification = Reading.Valid(
            Reading.Head + "method: random\nrun_cap: 9\nparameters: {learning_rate: {min: 0.0, max: 1.0}}\n");

        var plan = SpecificationPlan.Create(specification, "s", TaskKind.Classification);
        var source = SpecificationPlan.SearcherOf(plan);

        Assert.Equal(
            Enumerable.Range(0, 9).Select(n => specification.CreateSearcher().Propose(n, [])),
            Enumerable.Range(0, 9).Select(n => source.Propose(n, [])));
    }

    [Fact]
    public void Create_AccuracyOfARegression_IsRefused() => Assert.Contains(
        "is of classes",
        Assert.Throws<SweepsException>(() => SpecificationPlan.Create(
            Reading.Valid("data: a.csv\narchitectures: linear\nmetric: accuracy\n"), "s", TaskKind.Regression)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("accuracy", SweepMetric.ValidationAccuracy, MetricGoal.Maximize)]
    [InlineData("{name: val_loss, goal: minimize}", SweepMetric.ValidationLoss, MetricGoal.Minimize)]
    [InlineData("mean_absolute_error", SweepMetric.ValidationError, MetricGoal.Minimize)]
    public void Create_MetricByAnyName_IsTheSweepsOwn(string metric, string name, MetricGoal goal) => Assert.Equal(
        new SweepMetric(name, goal),
        SpecificationPlan.Create(Reading.Valid($"{Reading.Head}metric: {metric}\n"), "s", TaskKind.Classification)
            .Metric);

    /// <summary>The same table in two folders is one sweep, and no folder of this machine is in the plan.</summary>
    [Theory]
    [InlineData("t.csv", "tables/t.csv")]
    [InlineData("/home/ada/t.csv", "/mnt/lab/t.csv")]
    [InlineData("t.csv", "renamed.csv")]
    public void Or_SameContentElsewhere_IsTheStoredPlan(string before, string after)
    {
        var stored = PlanOf(before, Content(Path.GetFileName(before), "d1"));
        var plan = PlanOf(after, Content(Path.GetFileName(after), "d1"));
        Assert.Same(stored, plan.Or(stored));
        Assert.All([stored, plan], one => Assert.DoesNotContain("/home", $"{one}{one.Specification}"));
        Assert.All([stored, plan], one => Assert.DoesNotContain("/mnt", $"{one}{one.Specification}"));
    }

    [Fact]
    public void Or_OtherContentUnderTheSameName_IsNotTheStoredPlan()
    {
        var stored = PlanOf("t.csv", Content("t.csv", "d1"));
        var plan = PlanOf("t.csv", Content("t.csv", "d2"));
        Assert.Same(plan, plan.Or(stored));
    }

    [Fact]
    public void Or_OtherNamesOfTheClasses_IsNotTheStoredPlan()
    {
        var stored = PlanOf("t.csv", Content("t.csv", "d1") with { Classes = ["no", "yes"] });
        var plan = PlanOf("t.csv", Content("t.csv", "d1") with { Classes = ["nein", "ja"] });
        Assert.Same(plan, plan.Or(stored));
    }

    /// <summary>A plan of an earlier version: an absolute path, and nothing known of the content.</summary>
    [Fact]
    public void Or_PlanOfAnEarlierVersion_IsResumed()
    {
        var stored = PlanOf("t.csv", null) with { Data = "/home/ada/t.csv" };
        var plan = PlanOf("t.csv", Content("t.csv", "d1"));
        Assert.Same(stored, plan.Or(stored));
        Assert.Null(stored.RequestOf(new(0, 0), new()
        {
            Architecture = "linear",
            LearningRate = 0.1,
            BatchSize = 1,
            Epochs = 1,
        }).DataDigest);
    }

    /// <summary>What a store gives back has lists of its own.</summary>
    [Fact]
    public void Equals_OwnFilesReadAgain_IsByTheirContent()
    {
        var plan = PlanOf("t.csv", Content("t.csv", "d1")) with
        {
            InitialWeights = [new("w.safetensors", "w1", 10)],
            Assemblies = [new("Own.dll", "a1", 20), new("Other.dll", "a2", 30)],
        };
        var stored = ((SweepSubmitted)Again(new SweepSubmitted(plan))).Plan;
        Assert.NotSame(plan.InitialWeights, stored.InitialWeights);
        Assert.Equal(plan, stored);
        Assert.Equal(plan.GetHashCode(), stored.GetHashCode());
        Assert.NotEqual(plan, stored with { InitialWeights = [new("w.safetensors", "w2", 10)] });
        Assert.NotEqual(plan, stored with { Assemblies = [new("Own.dll", "a1", 20)] });
        Assert.NotEqual(plan, stored with { InitialWeights = null });

        static SweepEvent Again(SweepEvent @event) => SweepEventCodec.Encode(@event) is var encoded
            ? SweepEventCodec.Decode(encoded.Type, encoded.Payload.Span)
            : throw new InvalidOperationException();
    }

    /// <summary>How many slots train it and what people read of it is no part of a sweep.</summary>
    [Theory]
    [InlineData("slots: 3", "slots: 4")]
    [InlineData("", "slots: 4")]
    [InlineData("description: a", "description: b")]
    [InlineData("reuse: false", "keep_checkpoints: true")]
    public void Or_OtherSlotsOrDescription_IsTheStoredPlan(string before, string after)
    {
        var (stored, plan) = (PlanOf("t.csv", Content("t.csv", "d1"), before),
            PlanOf("t.csv", Content("t.csv", "d1"), after));
        Assert.NotEqual(stored.Specification, plan.Specification);
        Assert.Same(stored, plan.Or(stored));
    }

    [Fact]
    public void Or_OtherSeed_IsNotTheStoredPlan()
    {
        var stored = PlanOf("t.csv", Content("t.csv", "d1"));
        var plan = stored with { Seed = 99 };
        Assert.Same(plan, plan.Or(stored));
    }

    [Fact]
    public void ClassNames_AreTheTablesOrTheNamedDataSets()
    {
        var names = Content("t.csv", "d1") with { Classes = ["a,b", "\"c\""] };
        Assert.Equal(["a,b", "\"c\""], PlanOf("t.csv", names).ClassNames());
        var fashion = SpecificationPlan.Create(
            Reading.Valid("data: fashion-mnist\narchitectures: linear\n"), "s", TaskKind.Classification);
        Assert.Equal("Ankle boot", fashion.ClassNames()![9]);
    }

    private static SweepPlan PlanOf(string path, DataContent? content, string more = "") => SpecificationPlan.Create(
        Reading.Valid($"data: {path}\narchitectures: linear\nparameters: {{learning_rate: [0.1, 0.2]}}\n{more}\n"),
        "s", TaskKind.Classification, content);

    private static DataContent Content(string name, string digest) => new()
    {
        Digest = digest,
        Samples = 7,
        Table = new(name, $"file-{digest}", 100),
    };
}

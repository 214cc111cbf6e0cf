using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Tests.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

/// <summary>The order of the samples as a key of the sweep file, and as a part of a result's name.</summary>
public sealed class SampleOrderTests
{
    private const string Head = "architectures: [mlp-5]\n";
    private const string Numerics = "native=aaaa";

    [Theory]
    [InlineData("own", SampleOrder.Own)]
    [InlineData("shared", SampleOrder.Shared)]
    public void Read_Order_IsKeptAndWrittenBack(string word, SampleOrder order)
    {
        var specification = Reading.Valid($"{Reading.Head}sample_order: {word}\n");

        Assert.Equal(order, specification.SampleOrder);
        var text = SpecificationWriter.ToYaml(specification);
        Assert.Equal(order != SampleOrder.Own, text.Contains("sample_order:", StringComparison.Ordinal));
        Assert.Equal(order, Reading.Valid(text).SampleOrder);
    }

    [Fact]
    public void Read_UnknownOrder_IsAnErrorWithTheAllowedOnes()
    {
        var error = Assert.Single(Reading.Errors($"{Reading.Head}sample_order: random\n"));

        Assert.StartsWith("sweep.yaml:3:15: sample_order: ", error, StringComparison.Ordinal);
        Assert.Contains("shared", error, StringComparison.Ordinal);
    }

    /// <summary>An earlier program would train such a sweep in other orders: it must not know the event.</summary>
    [Theory]
    [InlineData("architectures: [mlp-5]\n")]
    [InlineData("architectures: [lenet-5]\n")]
    [InlineData("architectures: [mlp-5]\nengine: torch\n")]
    [InlineData("architectures: [mlp-5]\nmethod: random\nrun_cap: 9\nepochs: 9\nschedule: halving\n")]
    public void Create_SharedOrder_IsSubmittedUnderANameOfItsOwn(string lines)
    {
        var @event = SweepEventCodec.Encode(new SweepSubmitted(Plan($"{lines}sample_order: shared")));

        Assert.Equal("sweep-submitted/order", @event.Type);
        var plan = ((SweepSubmitted)SweepEventCodec.Decode(@event.Type, @event.Payload.Span)).Plan;
        Assert.Equal(SampleOrder.Shared, plan.SampleOrder);
        Assert.Equal(SampleOrder.Shared, RequestOf(plan).SampleOrder);
    }

    [Fact]
    public void Create_OwnOrder_IsAsItEverWas()
    {
        var said = Plan(Head + "sample_order: own");

        Assert.Equal(Plan(Head), said);
        var @event = SweepEventCodec.Encode(new SweepSubmitted(said));
        Assert.Equal("sweep-submitted", @event.Type);
        Assert.DoesNotContain(
            "order", System.Text.Encoding.UTF8.GetString(@event.Payload.Span), StringComparison.Ordinal);
    }

    /// <summary>Neither kind takes over results of the other.</summary>
    [Fact]
    public void Course_OfASharedOrder_IsAnother()
    {
        var (own, shared) = (Plan(Head), Plan(Head + "sample_order: shared"));

        Assert.NotNull(CourseOf(shared));
        Assert.NotEqual(CourseOf(own), CourseOf(shared));
        Assert.Equal(CourseOf(own), CourseOf(shared with { SampleOrder = SampleOrder.Own }));
    }

    private static SweepPlan Plan(string lines) => TestPlans.Reusing(SpecificationPlan.Create(
        Reading.Valid($"data: mnist\n{lines}\n"), "s", TaskKind.Classification));

    private static string? CourseOf(SweepPlan plan) => new CourseBook().Of(plan, RequestOf(plan), Numerics);

    private static TrainingRequest RequestOf(SweepPlan plan) =>
        plan.RequestOf(new(0, 0), SpecificationPlan.SearcherOf(plan).Propose(0, []).Hyperparameters);
}

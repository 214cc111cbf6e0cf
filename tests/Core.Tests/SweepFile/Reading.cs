using Sweeps.Core.SweepFile;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>Short ways to read sweep files in tests.</summary>
internal static class Reading
{
    /// <summary>The least that a sweep needs besides what a test is about; two lines.</summary>
    public const string Head = "data: mnist\narchitectures: [linear, mlp-5]\n";

    public static SweepSpecification Valid(string text, params string[] overrides)
    {
        var reading = SpecificationReader.Read(text, "sweep.yaml", overrides);
        Assert.Equal([], reading.Errors.Select(reading.Describe));
        return reading.Require();
    }

    /// <summary>The search as it is written: values that have no effect are not merged.</summary>
    public static SweepSpecification AsWritten(string text)
    {
        var reading = SpecificationReader.ReadCanonical(text, "sweep.yaml", SweepSpecification.CurrentExpansion);
        Assert.Equal([], reading.Errors.Select(reading.Describe));
        return reading.Require();
    }

    public static string[] Errors(string text, params string[] overrides)
    {
        var reading = SpecificationReader.Read(text, "sweep.yaml", overrides);
        Assert.True(
            reading.Specification is null == !reading.Errors.IsEmpty, "A specification comes exactly without errors.");
        return [.. reading.Errors.Select(reading.Describe)];
    }

    public static string[] Notes(string text, params string[] overrides)
    {
        var reading = SpecificationReader.Read(text, "sweep.yaml", overrides);
        return [.. reading.Notes.Select(reading.Describe)];
    }
}

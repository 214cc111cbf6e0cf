using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Numerics;

public sealed unsafe class LargePagesTests
{
    private const int Page = 2 << 20;

    [Theory]
    [InlineData(Page / sizeof(float) - FloatBuffer.Lane, false)]
    [InlineData(Page / sizeof(float), true)]
    [InlineData((5 * Page / 2 / sizeof(float)) + 1, true)]
    public void FloatBuffer_OfAPageAndMore_BeginsAtOne(int length, bool begins)
    {
        using var buffer = new FloatBuffer(length);

        Assert.True(!begins || !OperatingSystem.IsLinux() || (nuint)buffer.Pointer % Page == 0);
        Assert.True(buffer.Span.IndexOfAnyExcept(0f) < 0);
    }

    /// <summary>The system says of each area of memory whether large pages were asked for ("hg").</summary>
    [LargePagesFact]
    public void FloatBuffer_OfSeveralPages_AsksForLargeOnes()
    {
        using var buffer = new FloatBuffer(8 * Page / sizeof(float));

        Assert.Contains(" hg", FlagsOf((nuint)buffer.Pointer), StringComparison.Ordinal);
    }

    private static string FlagsOf(nuint address)
    {
        var holds = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var ends = line.Split(' ')[0].Split('-');
            if (ends.Length == 2 && Number(ends[0]) is { } first && Number(ends[1]) is { } end)
                holds = first <= address && address < end;
            else if (holds && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                return line;
        }

        return "";
    }

    private static nuint? Number(string text) =>
        nuint.TryParse(text, System.Globalization.NumberStyles.HexNumber, null, out var number) ? number : null;

    private sealed class LargePagesFactAttribute : FactAttribute
    {
        public LargePagesFactAttribute()
        {
            if (!Directory.Exists("/sys/kernel/mm/transparent_hugepage")
                || !File.ReadAllText("/proc/self/smaps").Contains("\nVmFlags", StringComparison.Ordinal))
            {
                Skip = "The system has no large pages, or does not tell of which it was asked.";
            }
        }
    }
}

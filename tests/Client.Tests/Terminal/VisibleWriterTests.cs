using System.Text.Json;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Tests.Terminal;

public sealed class VisibleWriterTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("a\u202Eb", "a\\u202eb")]
    [InlineData("\u2066\u2069", "\\u2066\\u2069")]
    [InlineData("end\u200B", "end\\u200b")]
    [InlineData("\u65e5\u672c \u00e9 \u05d0", "\u65e5\u672c \u00e9 \u05d0")]
    public void Write_TextWithHiddenCharacters_ShowsThem(string text, string shown)
    {
        var inner = new StringWriter();
        using (var writer = new VisibleWriter(inner))
        {
            writer.Write(text);
            writer.WriteLine(text);
            foreach (var letter in text)
                writer.Write(letter);
            writer.Write(text.ToCharArray(), 0, text.Length);
        }

        Assert.Equal($"{shown}{shown}{Environment.NewLine}{shown}{shown}", inner.ToString());
    }

    [Fact]
    public void Write_ToATerminalThatWasClosed_IsNoError_AndElsewhereIs()
    {
        using var terminal = new VisibleWriter(new ClosedWriter(), isTerminal: true);
        terminal.WriteLine("nobody reads it");
        terminal.Flush();

        using var file = new VisibleWriter(new ClosedWriter());
        Assert.Throws<IOException>(() => file.WriteLine("it is missed"));
    }

    private sealed class ClosedWriter : StringWriter
    {
        public override void Write(ReadOnlySpan<char> buffer) => throw new IOException("Input/output error");

        public override void Flush() => throw new IOException("Input/output error");
    }

    [Fact]
    public void Write_Json_IsReadBackAsItWas()
    {
        var inner = new StringWriter();
        using var writer = new VisibleWriter(inner);
        writer.Write(Screen.Json(new { name = "a\u202Eb" }));

        Assert.Equal("a\u202Eb", JsonDocument.Parse(inner.ToString()).RootElement.GetProperty("name").GetString());
    }

    /// <summary>As the page's script writes them, which node says: the number itself is rounded, and not its first 15
    /// digits. 0.76755 lies below the middle; 0.03125 is it.</summary>
    [Theory]
    [InlineData(0.76755, "0.7675")]
    [InlineData(-0.76755, "-0.7675")]
    [InlineData(0.03125, "0.0313")]
    [InlineData(0.09375, "0.0938")]
    [InlineData(99999.99995, "99999.9999")]
    [InlineData(0.00004999, "4.999e-5")]
    [InlineData(0.000005, "5e-6")]
    [InlineData(0.96875, "0.9688")]
    [InlineData(-0.03125, "-0.0313")]
    [InlineData(123460, "1.235e5")]
    [InlineData(1.23e9, "1.23e9")]
    [InlineData(1e10, "1e10")]
    [InlineData(-0.0, "0.0000")]
    [InlineData(100050, "1.001e5")]
    [InlineData(-123450, "-1.235e5")]
    [InlineData(double.NaN, "-")]
    public void Metric_AnyNumber_IsRoundedAsBrowsersDo(double value, string text) =>
        Assert.Equal(text, Figures.Metric(value));

    [Fact]
    public void NaturalOrder_NumbersInNames_AreInTheirOrder()
    {
        string[] names =
        [
            "", "0.25 wide", "0.3 wide", "0.5", "2", "10", "CNN", "cnn-a", "mlp-05", "mlp-5", "mlp-5x2", "mlp-10",
            "mlp-10-3", "mlp-10-20", "MLP-64", "mlp-100000000000000000000", "mlp-a",
        ];

        Assert.Equal(names, names.Reverse().Order(NaturalOrder.ByName));
    }

    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(0.00042, "0.00042")]
    [InlineData(0.000996, "0.0010")]
    [InlineData(0.0000997, "0.00010")]
    [InlineData(0.0042, "0.0042")]
    [InlineData(0.0123, "0.012")]
    [InlineData(1.234, "1.23")]
    [InlineData(0.00000042, "4.2e-7")]
    public void Seconds_AnySize_KeepDigitsThatSaySomething(double value, string text) =>
        Assert.Equal(text, Figures.Seconds(value));
}

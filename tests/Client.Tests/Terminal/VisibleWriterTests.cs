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
    public void Write_Json_IsReadBackAsItWas()
    {
        var inner = new StringWriter();
        using var writer = new VisibleWriter(inner);
        writer.Write(Screen.Json(new { name = "a\u202Eb" }));

        Assert.Equal("a\u202Eb", JsonDocument.Parse(inner.ToString()).RootElement.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(0.00042, "0.00042")]
    [InlineData(0.0042, "0.0042")]
    [InlineData(0.0123, "0.012")]
    [InlineData(1.234, "1.23")]
    [InlineData(0.00000042, "4.2e-7")]
    public void Seconds_AnySize_KeepDigitsThatSaySomething(double value, string text) =>
        Assert.Equal(text, Figures.Seconds(value));
}

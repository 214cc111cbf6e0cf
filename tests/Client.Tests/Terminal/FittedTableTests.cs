using Spectre.Console;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Tests.Terminal;

/// <summary>Tables in terminals of any width, drawn without colours.</summary>
public sealed class FittedTableTests
{
    [Theory]
    [InlineData(52)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Render_AnyWidth_KeepsNumbersWholeAndLinesWithin(int width)
    {
        var lines = Draw(width, Wide());

        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        foreach (var number in (string[])["118,282", "0.9698", "0.0025", "0.003"])
            Assert.Contains(lines, line => line.Split(' ').Contains(number));
    }

    [Fact]
    public void Render_TooNarrow_DropsOptionalColumnsInOrderAndNamesThem()
    {
        Assert.DoesNotContain(Draw(200, Wide()), line => line.Contains("not shown", StringComparison.Ordinal));
        var narrow = string.Join('\n', Draw(62, Wide()));
        Assert.Contains("not shown for want of room: images/s", narrow, StringComparison.Ordinal);
        Assert.DoesNotContain("55,651", narrow, StringComparison.Ordinal);
        var narrower = string.Join('\n', Draw(50, Wide()));
        Assert.Contains("images/s, weight decay", narrower, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RoomForIt_LeavesHeadersInOneLine()
    {
        var lines = Draw(200, Wide());

        Assert.Contains(lines, line => line.Contains("learning rate", StringComparison.Ordinal));
    }

    /// <summary>What is to be copied is never broken: it takes a line of its own where it is too long.</summary>
    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void Render_WholeFirstColumns_AreNeverBroken(int width)
    {
        string[] ids = ["lab", new('m', 25), new('w', 60)];
        var table = new FittedTable(
            [("id", false), ("state", false), ("data", false), ("trials", true), ("last written", true)])
            .Optional("data").Whole(2);
        foreach (var id in ids)
            table.AddRow(id, "interrupted", "a-table-of-many-rows.csv", "1,200/2,400", "2026-01-01 10:00");

        var lines = Draw(width, table);

        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.All(ids, id => Assert.Single(lines, line => line.Split(' ').Contains(id)));
        Assert.Equal(3, lines.Count(line => line.EndsWith("2026-01-01 10:00", StringComparison.Ordinal)));
        Assert.Equal(3, lines.Count(line => line.Split(' ').Contains("interrupted")));
        Assert.Equal(width == 80 ? 2 : 3, lines.Count(line =>
            ids.Any(line.Contains) && line.Contains("1,200", StringComparison.Ordinal)));
    }

    [Fact]
    public void Render_LongText_IsWrappedBesideItsNumbers()
    {
        var table = new FittedTable([("name", false), ("count", true)]);
        table.AddRow("a name of very many words that goes on and on", "12,345");

        var lines = Draw(30, table);

        Assert.Single(lines, line => line.EndsWith("12,345", StringComparison.Ordinal));
        Assert.True(lines.Count(line => line.Length > 0) >= 4, string.Join('\n', lines));
    }

    [Fact]
    public void Render_LettersOfTwoColumns_KeepsHeadersInOneLineAndNumbersBelow()
    {
        var table = new FittedTable([("name", true), ("\u65e5\u672c", true), ("n", true)]);
        table.AddRow("\u65e5\u672c", "1", "2");

        var lines = Draw(40, table);

        Assert.Equal("  name  \u65e5\u672c  n", lines[1]);
        Assert.Equal("  \u65e5\u672c     1  2", lines[3]);
    }

    [Fact]
    public void Confusion_NamesOfClasses_ReadAsTheyAreAndNeverAlike()
    {
        string[] names = ["[a]", "r\u202ee", new string('x', 20) + "1", new string('x', 20) + "2"];

        var lines = Draw(120, ConfusionPage.Table(new int[16], 4, names));

        string[] shown = ["[a]", @"r\u202ee", "xxxxxxxx..#2", "xxxxxxxx..#3"];
        Assert.Equal(["true", "\\", "predicted", .. shown, "recall"], Words(lines[1]));
        // Where the first class ends, there end its counts.
        var place = lines[1].IndexOf("[a]", StringComparison.Ordinal) + 2;
        for (var row = 0; row < 4; row++)
        {
            Assert.StartsWith(shown[row] + " ", lines[3 + row].TrimStart(), StringComparison.Ordinal);
            Assert.Equal('.', lines[3 + row][place]);
        }
    }

    [Theory]
    [InlineData("best           small-cnn with a learning rate of 0.003 that goes on beyond the edge", 15)]
    [InlineData("tied with it   none of them, said at such a length that it goes on beyond the edge", 15)]
    [InlineData("  timing unreliable in 9 of 9 configurations: other programs used the processors", 2)]
    [InlineData("No label is at the beginning of this line, which is wider than the terminal is", 0)]
    public void WriteLine_WiderThanTheTerminal_GoesOnBelowItsText(string line, int indent)
    {
        var (console, writer) = Console(50);

        console.WriteLine(line);

        var lines = writer.ToString().TrimEnd().Split('\n');
        Assert.True(lines.Length > 1);
        Assert.All(lines, one => Assert.InRange(one.Length, 1, 50));
        Assert.All(lines.Skip(1), one => Assert.Equal(indent, one.Length - one.TrimStart().Length));
        Assert.Equal(Words(line), Words(string.Join(' ', lines)));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static FittedTable Wide()
    {
        var table = new FittedTable(
        [
            ("rank", true), ("architecture", false), ("weights", true), ("learning rate", true), ("weight decay", true),
            ("accuracy", true), ("+-", true), ("images/s", true), ("", false),
        ]).Optional("images/s", "weight decay");
        table.AddRow("1", "small-cnn", "5,994", "0.003", "0.0001", "0.9698", "0.0025", "55,651", "* f s");
        table.AddRow("2", "three-wide-layers", "118,282", "0.03", "0.0001", "0.9502", "0.0045", "123,456", "=");
        return table;
    }

    [Fact]
    public void At_LongValue_GoesOnBelowItself()
    {
        var (console, writer) = Console(80);

        var value = string.Join(' ', Enumerable.Repeat("word", 30));
        console.Write(HangingIndent.At(36, $"  [green]ok     [/]  {"a name",-24} {value}"));

        var lines = writer.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.True(lines.Length > 3);
        Assert.All(
            lines.Skip(1), line => Assert.StartsWith(new string(' ', 36) + "word", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    private static List<string> Draw(int width, FittedTable table)
    {
        var (console, writer) = Console(width);
        console.Write(table);
        return [.. writer.ToString().ReplaceLineEndings("\n").Split('\n')];
    }

    private static (IAnsiConsole Console, StringWriter Writer) Console(int width)
    {
        var writer = new StringWriter();
        var console = Screen.On(writer);
        console.Profile.Width = width;
        return (console, writer);
    }
}

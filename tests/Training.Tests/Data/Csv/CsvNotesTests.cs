using System.Text;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;

namespace Sweeps.Training.Tests.Data.Csv;

/// <summary>What spreadsheets, pandas and people write in tables: each gets an error or a note that helps.</summary>
public sealed class CsvNotesTests
{
    [Theory]
    [InlineData("1,5", "has a decimal comma; write 1.5")]
    [InlineData("-0,25", "has a decimal comma; write -0.25")]
    [InlineData(",5", "has a decimal comma; write .5")]
    [InlineData("1.234,5", "has a decimal comma; write 1234.5")]
    [InlineData("1,5e3", "has a decimal comma; write 1.5e3")]
    [InlineData("1,000", "has a comma: write 1000 if it separates thousands, 1.000 if it is a decimal comma")]
    [InlineData("1,234,567", "has a comma: write 1234567 if it separates thousands")]
    [InlineData("1,234.5", "has a comma: write 1234.5 if it separates thousands")]
    [InlineData("1 000", "has signs between its digits; write 1000")]
    [InlineData("12'500.5", "has signs between its digits; write 12500.5")]
    [InlineData("1_000", "has signs between its digits; write 1000")]
    [InlineData("inf", "is infinite")]
    [InlineData("-Infinity", "is infinite")]
    [InlineData("\u221e", "is infinite")]
    [InlineData("1e999", "is too large")]
    [InlineData("-NaN", "is not a number")]
    [InlineData("2024-01-31", "is a date or a time")]
    [InlineData("31.12.2024", "is a date or a time")]
    [InlineData("1/31/24", "is a date or a time")]
    [InlineData("2024-01-31T12:00:00Z", "is a date or a time")]
    [InlineData("12:30", "is a date or a time")]
    [InlineData("TRUE", "write 1 for true and 0 for false")]
    [InlineData("no", "write 1 for yes and 0 for no")]
    [InlineData("5%", "has a unit; write 5")]
    [InlineData("$3.20", "has a unit; write 3.20")]
    [InlineData("5.5 cm", "has a unit; write 5.5")]
    [InlineData("\u22125", "only look like those of a number; write -5")]
    [InlineData("'5", "only look like those of a number; write 5")]
    [InlineData("red", "is a text, not a number")]
    public void Read_FieldThatIsNoNumber_NamesLineColumnValueAndWhatToWrite(string field, string part)
    {
        var error = Assert.Throws<SweepsException>(() => Of($"width;kind\n1.5;a\n{field};b\n"));
        Assert.StartsWith($"t.csv: line 3, column 1 (width): '{field}' ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Utf16_SaysSo()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b\n1,x\n2,y\n")];
        var error = Assert.Throws<SweepsException>(() => CsvTable.Parse(bytes, "t.csv", null));
        Assert.Contains("UTF-16", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The mark that spreadsheets put before UTF-8 is no part of the first column's name.</summary>
    [Fact]
    public void Read_ByteOrderMark_IsNoPartOfTheFirstName()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("a,b\n1,x\n2,y\n")];
        Assert.Equal(["a", "b"], CsvTable.Parse(bytes, "t.csv", null).Names);
    }

    [Fact]
    public void Read_LabelNamedTwice_AsksForItsIndex()
    {
        var error = Assert.ThrowsAny<SweepsException>(
            () => CsvTable.Parse(Encoding.UTF8.GetBytes("y,a,y\n1,2,3\n"), "t.csv", "y"));
        Assert.Contains("2 columns are named 'y'", error.Message, StringComparison.Ordinal);
        Assert.Contains("0, 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",a,y", 0)]
    [InlineData("Unnamed: 0,a,y", 0)]
    [InlineData("id,a,y", 1)]
    public void Notes_ColumnThatCountsTheRows_IsNamed(string header, int first)
    {
        var rows = Enumerable.Range(0, 20).Select(row => $"{row + first},{row * row % 7},{"pq"[row % 2]}");
        var note = Assert.Single(Of($"{header}\n{string.Join('\n', rows)}\n").Notes);
        Assert.Contains("counts the rows", note, StringComparison.Ordinal);
        Assert.Contains(header[0] == ',' ? "without a name" : header.Split(',')[0], note, StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_ConstantColumn_IsNamed() => Assert.Contains(
        "the same value in all rows of 'c'",
        Assert.Single(Of(Rows("a,c,y", row => $"{row * row},3,{"pq"[row % 2]}")).Notes));

    [Fact]
    public void Notes_ColumnNamedTwice_IsNamed() => Assert.Contains(
        "more than one column is named 'a'",
        Assert.Single(Of(Rows("a,A,y", row => $"{row * row},{row % 5},{"pq"[row % 2]}")).Notes));

    [Fact]
    public void Notes_ClassesThatDifferInSpacesOrCase_AreNamed()
    {
        string[] kinds = ["very good", "Very Good", "verygood", "bad"];
        var note = Assert.Single(Of(Rows("a,y", row => $"{row * row},{kinds[row % 4]}")).Notes);
        Assert.Contains("'Very Good', 'very good', 'verygood'", note, StringComparison.Ordinal);
        Assert.DoesNotContain("bad", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "3 different whole numbers, taken as classes")]
    [InlineData(30, "taken as a number to predict (regression)")]
    public void Notes_TaskThatWasGuessed_IsSaid(int kinds, string part)
    {
        var text = Rows("a,y", row => $"{row * row},{row % kinds}", 60);
        Assert.Contains(part, Assert.Single(Of(text).Notes), StringComparison.Ordinal);
        Assert.Empty(Of(text, TaskKind.Regression).Notes);
    }

    [Fact]
    public void Notes_PlainTable_HasNone() =>
        Assert.Empty(Of(Rows("a,b,y", row => $"{row * row},{row % 3},{"pq"[row % 2]}")).Notes);

    /// <summary>Single precision has 24 bits: as floats, these two would be one class.</summary>
    [Fact]
    public void Classes_LargeWholeNumbers_AreKeptApart() => Assert.Equal(
        ["20230101", "20230102"], Of(Rows("a,y", row => $"{row * row},{20230101 + (row % 2)}")).ClassNames);

    private static string Rows(string header, Func<int, string> row, int count = 20) =>
        $"{header}\n{string.Join('\n', Enumerable.Range(3, count).Select(row))}\n";

    private static DataSet Of(string text, TaskKind? task = null) => CsvDataSet.Build(
        "t.csv", CsvTable.Parse(Encoding.UTF8.GetBytes(text), "t.csv", null), null, null,
        new DataRequest("t.csv", null, task));
}

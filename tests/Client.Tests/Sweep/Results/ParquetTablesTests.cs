using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Sweeps.Client.Tests.Sweep.Results;

/// <summary>The tables for notebooks against the CSV files, cell by cell.</summary>
public sealed class ParquetTablesTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    [Theory]
    [InlineData("results")]
    [InlineData("history")]
    public async Task Run_Ended_HasTheCellsOfTheCsv(string table)
    {
        var csv = await File.ReadAllLinesAsync(sweep.Place.Results("tiny", $"{table}.csv"));
        var (columns, cells) = await ReadAsync(sweep.Place.Results("tiny", $"{table}.parquet"));

        Assert.Equal(csv[0].Split(','), columns);
        var lines = csv.Skip(1).Select(Cells).ToList();
        Assert.NotEmpty(lines);
        Assert.Equal(lines, Enumerable.Range(0, lines.Count).Select(row => cells.Select(column => column[row])));
    }

    [Fact]
    public async Task Export_Parquet_IsTheRunsFile()
    {
        var folder = Path.Combine(sweep.Place.Folder, "parquet");

        var answer = await sweep.Place.RunAsync("export", "tiny", "--format", "parquet", "--output", folder);

        Assert.True(answer.Code == 0, answer.Error);
        foreach (var name in (string[])["results.parquet", "history.parquet"])
        {
            var (columns, cells) = await ReadAsync(sweep.Place.Results("tiny", name));
            var exported = await ReadAsync(Path.Combine(folder, name));
            Assert.Equal(columns, exported.Columns);
            Assert.Equal(cells, exported.Cells);
        }
    }

    [Fact]
    public async Task Run_Ended_NumbersAndFlagsHaveTheirKinds()
    {
        await using var reader = await ParquetReader.CreateAsync(sweep.Place.Results("tiny", "results.parquet"));
        Type Kind(string name) => reader.Schema.FindDataField(name).ClrType;

        Assert.Equal(typeof(double), Kind("mean_test_score"));
        Assert.Equal(typeof(double), Kind("param_learning_rate"));
        Assert.Equal(typeof(long), Kind("param_batch_size"));
        Assert.Equal(typeof(long), Kind("weights"));
        Assert.Equal(typeof(bool), Kind("tied_with_best"));
        Assert.Equal(typeof(ReadOnlyMemory<char>), Kind("params"));
    }

    private static async Task<(List<string> Columns, List<List<string>> Cells)> ReadAsync(string file)
    {
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(1, reader.RowGroupCount);
        using var group = reader.OpenRowGroupReader(0);
        var fields = reader.Schema.GetDataFields();
        var cells = new List<List<string>>();
        foreach (var field in fields)
            cells.Add(await ReadAsync(group, field));
        return ([.. fields.Select(field => field.Name)], cells);
    }

    private static async Task<List<string>> ReadAsync(ParquetRowGroupReader group, DataField field)
    {
        var count = (int)group.RowCount;
        // Texts, as the reader calls them.
        if (field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[count];
            await group.ReadAsync(field, texts!);
            return [.. texts.Select(text => text ?? "")];
        }

        if (field.ClrType == typeof(bool))
            return [.. (await ReadAsync<bool>(group, field, count)).Select(flag => flag?.ToString() ?? "")];
        return field.ClrType == typeof(long)
            ? [.. (await ReadAsync<long>(group, field, count)).Select(Text)]
            : [.. (await ReadAsync<double>(group, field, count)).Select(Text)];
    }

    private static async Task<T?[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field, int count)
        where T : struct
    {
        var values = new T?[count];
        await group.ReadAsync<T>(field, values);
        return values;
    }

    private static string Text<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    // RFC 4180 without line breaks in cells.
    private static List<string> Cells(string line)
    {
        var cells = new List<string> { "" };
        var isQuoted = false;
        foreach (var letter in line)
        {
            if (letter == '"')
                isQuoted = !isQuoted;
            else if (letter == ',' && !isQuoted)
                cells.Add("");
            else
                cells[^1] += letter;
        }

        return cells;
    }
}

using System.CommandLine;
using System.Text.Json;
using Sweeps.Client.Data;
using Sweeps.Core;

namespace Sweeps.Client.Tests.Data;

public sealed class DataCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Show_Digits_PrintsSizesBalanceAndAPictureOfEachClass()
    {
        var text = Run("show", "digits");
        Assert.Contains("12,000 training, 2,000 test", text, StringComparison.Ordinal);
        Assert.Contains("28 x 28 pixels, 1 channel", text, StringComparison.Ordinal);
        Assert.Matches(@"  7 +1,200 +10\.0 % +200  #{40}\n", text);
        // In a pipe: plain ASCII, and ten pictures of 14 lines in rows of three, each under a line of names.
        Assert.DoesNotContain(text, letter => letter > '~');
        var lines = text.Split('\n');
        var gap = new string(' ', 29);
        var names = Assert.Single(lines.Index(), line => line.Item == $"  0{gap}1{gap}2");
        var picture = lines[(names.Index + 1)..(names.Index + 15)];
        Assert.All(picture, line => Assert.InRange(line.Length, 0, 2 + (3 * 28) + 4));
        Assert.Contains("@@", string.Concat(picture), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_Json_IsOneObjectWithTheCounts()
    {
        using var document = JsonDocument.Parse(Run("show", "digits", "--json"));
        var root = document.RootElement;
        Assert.Equal("classification", root.GetProperty("task").GetString());
        Assert.Equal([1, 28, 28], root.GetProperty("input_shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal(12_000, root.GetProperty("train").GetProperty("samples").GetInt32());
        Assert.Equal(10, root.GetProperty("test").GetProperty("class_counts").GetArrayLength());
        Assert.Equal(64, root.GetProperty("digest").GetString()!.Length);
    }

    /// <summary>Eight of x = 1 .. 40 are held out, not 1 and one of the last three.</summary>
    [Fact]
    public void Show_Table_PrintsFeaturesInTheUnitsOfTheFile()
    {
        var rows = Enumerable.Range(1, 40).Select(i => $"{i},{100 * i},{i / 7.0}\n");
        var path = Write("numbers.csv", "x,y,target\n" + string.Concat(rows));
        var text = Run("show", path);
        Assert.Matches(@"task +regression", text);
        Assert.Matches(@"  x +1 +[0-9.]+ +(40|39|38)\n", text);
        Assert.Matches(@"  y +100 +[0-9.]+ +(4000|3900|3800)\n", text);
    }

    [Fact]
    public void Show_Label_ChoosesTheColumn()
    {
        string[] kinds = ["even", "odd"];
        var path = Write("kinds.csv", string.Concat(Enumerable.Range(0, 10).Select(i => $"{kinds[i % 2]},{i}\n")));
        Assert.Matches(@"  even +4 +50\.0 % +1  ", Run("show", path, "--label", "0"));
    }

    [Fact]
    public void Show_UnknownName_IsADataErrorWithTheNearestName()
    {
        var error = Assert.Throws<SweepsException>(() => Run("show", "digist"));
        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains("did you mean 'digits'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_EmptyFolder_SaysWhatIsMissingAndWhereItLooked()
    {
        var text = Run("list", "--data-dir", _folder);
        Assert.Matches(@"digits +12,000 \+ 2,000 +\S+ +drawn by the program", text);
        Assert.Matches(@"cifar-10 +50,000 \+ 10,000 ", text);
        Assert.Contains($"{_folder}  (--data-dir)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void List_Json_SaysWhichAreAvailable()
    {
        using var document = JsonDocument.Parse(Run("list", "--json", "--data-dir", _folder));
        var digits = document.RootElement.GetProperty("data_sets").EnumerateArray()
            .Single(set => set.GetProperty("name").GetString() == "digits");
        Assert.True(digits.GetProperty("available").GetBoolean());
    }

    [Fact]
    public void Get_Digits_SaysThatThereIsNothingToGet() =>
        Assert.Contains("nothing to get", Run("get", "digits", "--data-dir", _folder), StringComparison.Ordinal);

    [Fact]
    public void Get_UnknownName_IsAUsageErrorBeforeAnythingIsFetched()
    {
        var error = Assert.Throws<SweepsException>(() => Run("get", "mnist", "fashon-mnist", "--data-dir", _folder));
        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains("did you mean 'fashion-mnist'?", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string Run(params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var configuration = new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false };
        Assert.Equal(0, DataCommand.Create().Parse(args).InvokeAsync(configuration).GetAwaiter().GetResult());
        return output.ToString();
    }
}

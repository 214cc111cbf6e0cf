using System.CommandLine;
using System.Text.Json;
using System.Xml.Linq;
using Sweeps.Client.Networks;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Networks;

namespace Sweeps.Client.Tests.Networks;

public sealed class ModelCommandTests
{
    [Fact]
    public void Model_BuiltInOnMnist_PrintsLayersSharesAndTotals()
    {
        var text = Run("cnn-lab", "--data", "mnist");

        Assert.Contains("cnn-lab on mnist, input 28x28x1", text, StringComparison.Ordinal);
        // 3,136 x 1,024 + 1,024 of 3,274,634 weights: 98.1 %.
        // 28 rows, a kernel of 5 and 2 rows of padding on each side; then windows of 2 side by side.
        Assert.Matches(@"1\s+conv 32 5x5 same relu\s+\(28-5\+2\*2\)/1\+1\s+28x28x32", text);
        Assert.Matches(@"2\s+max_pool 2x2\s+\(28-2\+2\*0\)/2\+1\s+14x14x32", text);
        Assert.Matches(@"6\s+dense 1024 relu\s+1024\s+3,212,288\s+98\.1 %", text);
        Assert.Matches(@"weights\s+3,274,634", text);
        // 4 bytes a weight: 12.5 MiB. Values of a sample: 784 + 25,088 + 6,272 + 12,544 + 3,136 + 3,136 + 1,024 + 10.
        Assert.Contains("12.5 MiB of parameters, 203 KiB of activations", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_Draw_HasEachLayerWithItsShapeAndWeights()
    {
        var folder = Directory.CreateTempSubdirectory("sweeps-draw-").FullName;
        try
        {
            var file = Path.Combine(folder, "network.svg");

            var answer = await Workplace.RunElsewhereAsync("model", "cnn-lab", "--data", "mnist", "--draw", file);

            Assert.True(answer.Code == 0, answer.Error);
            var texts = XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "text")
                .Select(element => element.Value.Trim()).ToList();
            Assert.Contains("cnn-lab on mnist", texts);
            Assert.Contains("dense 1024 relu", texts);
            Assert.Contains("28x28x32", texts);
            Assert.Contains("3,212,288 (98.1 %)", texts);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Model_DrawIntoAnUnknownFormat_IsRefused()
    {
        var answer = await Workplace.RunElsewhereAsync("model", "cnn-lab", "--data", "mnist", "--draw", "network.bmp");

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains(".png, .svg or .pdf", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_EightyColumns_KeepsEachLayerInALine()
    {
        using var output = new StringWriter();
        var console = Screen.On(output);
        console.Profile.Width = 80;
        var network = NetworkShape.Create(Architecture.Parse("cnn-lab"), TensorShape.Image(1, 28, 28), 10);

        ModelPage.Write(network, new HashSet<int>(), "mnist", console);

        var lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        var rows = lines.SkipWhile(line => !line.Contains('\u2500', StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Length > 0);
        Assert.Equal(network.Layers.Count, rows.Count());
    }

    /// <summary>Every convolution and pool, also those inside a layer, with the numbers that give the sizes of the
    /// table: worked out here once more.</summary>
    [Theory]
    [InlineData("resnet-18", 21)]
    [InlineData("resnet-50", 54)]
    [InlineData("googlenet", 70)]
    [InlineData("xception", 78)]
    [InlineData("conv 4 3x5 stride 2x1 dilation 2 | add(conv 4 3x3 same; ) | flatten | dense", 2, "--input", "28x20x3")]
    public void Model_Json_HasEveryWindowWithItsSizes(string network, int windows, params string[] input)
    {
        string[] classes = input.Length > 0 ? ["--classes", "10"] : [];
        using var document = JsonDocument.Parse(Run([network, .. input, .. classes, "--json"]));
        var all = document.RootElement.GetProperty("layers").EnumerateArray()
            .SelectMany(layer => layer.GetProperty("windows").EnumerateArray()).ToList();

        Assert.Equal(windows, all.Count);
        foreach (var axis in all.SelectMany(window =>
            (JsonElement[])[window.GetProperty("rows"), window.GetProperty("columns")]))
        {
            int Get(string name) => axis.GetProperty(name).GetInt32();
            var padding = axis.GetProperty("padding").EnumerateArray().Sum(side => side.GetInt32());
            Assert.Equal(((Get("size") - Get("kernel") + padding) / Get("stride")) + 1, Get("output"));
            Assert.StartsWith(
                $"({Get("size")}-{Get("kernel")}+", axis.GetProperty("formula").GetString(), StringComparison.Ordinal);
        }
    }

    /// <summary>785 x 64 + 65 x 64 + 65 x 10.</summary>
    [Fact]
    public void Model_Sizes_FillThePlaceholders()
    {
        const string Layers = "flatten | {depth} x dense {width} relu | dense";

        Assert.Matches(@"weights\s+55,050", Run(Layers, "--data", "mnist", "--size", "depth=2", "--size", "width=64"));
        Assert.Matches(@"weights\s+7,850", Run(Layers, "--data", "mnist", "--size", "depth=0"));
    }

    [Theory]
    [InlineData("width=64", "no placeholder {width}; did you mean 'widht'?")]
    [InlineData("widht=-1", "a whole number from 0 to 1000000")]
    [InlineData("widht", "NAME=NUMBER")]
    [InlineData("depth=3", "The placeholder {widht} has no value; add one, for example --size widht=64")]
    public void Model_WrongSize_SaysWhatIsAllowed(string size, string part)
    {
        var error = Assert.Throws<SweepsException>(
            () => Run("flatten | {depth} x dense {widht} relu | dense", "--data", "mnist", "--size", size));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_Json_IsOneObjectWithTheShapesOfKeras()
    {
        const string layers = "conv 8 3x3 same relu | batch_norm | flatten | dense";
        using var document = JsonDocument.Parse(Run(layers, "--input", "4x6x3", "--classes", "2", "--json"));
        var root = document.RootElement;

        var first = root.GetProperty("layers")[0].GetProperty("output");
        Assert.Equal([4, 6, 8], first.EnumerateArray().Select(size => size.GetInt32()));
        // 3 x 9 x 8 + 8 = 224; gamma and beta 16; 192 x 2 + 2 = 386.
        Assert.Equal(224 + 16 + 386, root.GetProperty("weights").GetInt64());
        Assert.Equal(16, root.GetProperty("statistics").GetInt64());
        Assert.Equal(4 * (626 + 16), root.GetProperty("parameter_bytes").GetInt64());
        Assert.Equal(4 * (72 + 192 + 192 + 192 + 2), root.GetProperty("activation_bytes_per_sample").GetInt64());
        var all = root.GetProperty("layers").EnumerateArray();
        Assert.Equal(1.0, all.Sum(layer => layer.GetProperty("share").GetDouble()), 12);
        Assert.Equal(layers, root.GetProperty("architecture").GetString());
    }

    [Fact]
    public void Model_BuiltInAlone_TakesTheDataOfItsSource() =>
        Assert.Contains("cnn-cifar on cifar-10, input 32x32x3", Run("cnn-cifar"), StringComparison.Ordinal);

    [Fact]
    public void Model_Overrides_AreShown()
    {
        var text = Run("mlp-64x1", "--data", "digits", "--dropout", "0.4", "--activation", "tanh");

        Assert.Contains("dense 64 tanh", text, StringComparison.Ordinal);
        Assert.Contains("dropout 0.4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_KerasFile_IsRead()
    {
        using var file = new TemporaryFile("""
            {"class_name": "Sequential", "config": {"layers": [
              {"class_name": "Flatten", "config": {}}, {"class_name": "Dense", "config": {"units": 10}}]}}
            """);

        Assert.Matches(@"weights\s+7,850", Run(file.Path, "--data", "mnist"));
    }

    [Fact]
    public void Model_CsvFile_TakesItsColumnsAndClasses()
    {
        var rows = Enumerable.Range(0, 30).Select(i => $"{i},{i * i},1,{(i % 3 == 0 ? "x" : "y")}\n");
        using var file = new TemporaryFile("a,b,c,label\n" + string.Concat(rows), ".csv");

        // 3 x 4 + 4 + 4 x 2 + 2.
        Assert.Matches(@"weights\s+26\b", Run("mlp-4", "--data", file.Path));
    }

    [Fact]
    public void Model_List_HasEveryNameAndItsWeights()
    {
        var text = Run("--list");

        Assert.Matches(@"mlp-512x3\s+932,362", text);
        Assert.Contains("mlp-A-B-C", text, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(Run("--list", "--json"));
        Assert.Equal(19, document.RootElement.GetProperty("architectures").GetArrayLength());
    }

    [Theory]
    [InlineData("sweeps model --list")]
    [InlineData("The shapes depend on the data", "mlp-7-7")]
    [InlineData("--input needs --classes", "mlp-5", "--input", "28x28")]
    [InlineData("--input both", "mlp-5", "--input", "28x28", "--data", "mnist")]
    [InlineData("--classes is for --input", "mlp-5", "--classes", "3")]
    [InlineData("cannot be read", "no-such-file.json", "--data", "mnist")]
    [InlineData("did you mean 'mlp-5'?", "mpl-5", "--data", "mnist")]
    [InlineData("Layer 1 'dense 3'", "dense 3 | dense", "--data", "mnist")]
    public void Model_Mistake_IsAUsageError(string part, params string[] arguments)
    {
        var error = Assert.ThrowsAny<SweepsException>(() => Run(arguments));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static string Run(params string[] arguments)
    {
        using var output = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false };
        var parsed = ModelCommand.Create().Parse(arguments);
        Assert.Empty(parsed.Errors);
        Assert.Equal(0, parsed.Invoke(configuration));
        return output.ToString();
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string content, string extension = ".json")
        {
            Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + extension);
            File.WriteAllText(Path, content);
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}

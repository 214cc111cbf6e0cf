using System.Buffers.Binary;
using System.Text.Json;
using Sweeps.Client.TensorBoard;
using Sweeps.Core;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Tests.TensorBoard;

/// <summary>
/// Logs for TensorBoard. The frame and its check are compared with published vectors; what the events say with the
/// sweep's own results, by a small reader of protocol buffers written here.
/// </summary>
public sealed class BoardFolderTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    /// <summary>RFC 3720, appendix B.4: 32 bytes of zeros, of ones, ascending, descending; an iSCSI command.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8a9136aaU)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62a8ab43U)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46dd794eU)]
    [InlineData("1F1E1D1C1B1A191817161514131211100F0E0D0C0B0A09080706050403020100", 0x113fdb5cU)]
    [InlineData(
        "01C00000000000000000000000000000140000000000040000000014000000182800000000000000" + "0200000000000000",
        0xd9963a56U)]
    [InlineData("313233343536373839", 0xe3069283U)]
    public void Check_PublishedBytes_HasThePublishedValue(string bytes, uint expected) =>
        Assert.Equal(expected, RecordFile.Check(Convert.FromHexString(bytes)));

    /// <summary>A record of nothing, as every TensorFlow writes it.</summary>
    [Fact]
    public void Append_EmptyRecord_IsTheWellKnownFrame()
    {
        var file = Path.Combine(sweep.Place.Folder, "frames", "empty");

        RecordFile.Append(file, [[]]);

        Assert.Equal("000000000000000029039807D8EA82A2", Convert.ToHexString(File.ReadAllBytes(file)));
    }

    [Fact]
    public void Append_AfterACutRecord_GoesOnBehindTheLastWholeOne()
    {
        var file = Path.Combine(sweep.Place.Folder, "frames", "cut");
        RecordFile.Append(file, [[1], [2, 2], [3, 3, 3]]);
        using (var cut = new FileStream(file, FileMode.Open))
            cut.SetLength(cut.Length - 2);

        using (var stream = File.OpenRead(file))
            Assert.Equal([[1], [2, 2]], RecordFile.Read(stream));
        RecordFile.Append(file, [[4]]);

        using var whole = File.OpenRead(file);
        Assert.Equal([[1], [2, 2], [4]], RecordFile.Read(whole));
        Assert.Equal(whole.Length, whole.Position);
    }

    [Fact]
    public void Read_DamagedByte_StopsBeforeIt()
    {
        var file = Path.Combine(sweep.Place.Folder, "frames", "damaged");
        RecordFile.Append(file, [[1], [2, 2]]);
        var bytes = File.ReadAllBytes(file);
        bytes[^5] ^= 0x40;

        Assert.Equal([[1]], RecordFile.Read(new MemoryStream(bytes)));
    }

    [Fact]
    public async Task Export_Sweep_HasItsEpochsAndResults()
    {
        var folder = Path.Combine(sweep.Place.Folder, "board");
        var answer = await sweep.Place.RunAsync("export", "tiny", "--format", "tensorboard", "--output", folder);
        Assert.True(answer.Code == 0, answer.Error);
        using var results = JsonDocument.Parse(
            await File.ReadAllTextAsync(sweep.Place.Results("tiny", "results.json")));
        var record = (await sweep.Place.RunAsync("show", "tiny", "--json", "--trial", "1/1")).Json();

        // 4 configurations x 2 folds, the refit, and the description.
        Assert.Equal(10, Files(folder).Length);
        var scalars = Scalars(Path.Combine(folder, "configuration-1", "trial-1"));
        Assert.Equal(
            record.GetProperty("epochs").EnumerateArray()
                .Select(epoch => (float)epoch.GetProperty("validation_loss").GetDouble()),
            scalars.Where(scalar => scalar.Tag == "loss/validation").OrderBy(scalar => scalar.Step)
                .Select(scalar => scalar.Value));
        foreach (var row in results.RootElement.GetProperty("configurations").EnumerateArray())
        {
            var configuration = row.GetProperty("configuration").GetInt32();
            Assert.Equal(
                row.GetProperty("values").EnumerateArray().Select(value => (float)value.GetDouble()),
                Enumerable.Range(0, 2).Select(fold => Scalars(
                    Path.Combine(folder, $"configuration-{configuration}", $"trial-{fold}"))
                        .Single(scalar => scalar.Tag == "validation_accuracy").Value));
        }

        // Of the refit's weights after each of its 2 epochs; the last ones are in its model.
        var weights = Histograms(Path.Combine(folder, "refit"));
        Assert.Equal([1L, 2L], weights.Select(each => each.Step).Distinct().Order());
        Assert.All(weights.GroupBy(each => each.Step), step => Assert.Equal(
            results.RootElement.GetProperty("best").GetProperty("weights").GetInt64(),
            (long)step.Sum(each => each.Number)));
        var tensors = SavedModel.Read(
            await File.ReadAllBytesAsync(sweep.Place.Results("tiny", "model.safetensors")), "of the test").Tensors;
        Assert.All(weights.Where(each => each.Step == 2), each => Assert.Equal(
            each.Counts, CountsOf(tensors.Single(tensor => $"weights/{tensor.Name}" == each.Tag).Values, each.Limits)));
        Assert.NotEqual(weights.First(each => each.Step == 1).Limits, weights.First(each => each.Step == 2).Limits);
    }

    [Fact]
    public async Task Export_SweepThatKeepsCheckpoints_HasTheWeightsOfEachTrialsEpochs()
    {
        using var place = new Workplace();
        var folder = Path.Combine(place.Folder, "board");
        var run = await place.RunSweepAsync("--keep-checkpoints", "--set", "refit=false");
        Assert.True(run.Code == 0, run.Error);

        Assert.Equal(
            0, (await place.RunAsync("export", "tiny", "--format", "tensorboard", "--output", folder)).Code);

        foreach (var trial in Directory.GetDirectories(folder, "trial-*", SearchOption.AllDirectories))
            Assert.Equal([1L, 2L], Histograms(trial).Select(each => each.Step).Distinct().Order());
    }

    [Fact]
    public async Task Export_Again_AddsNothing_AndAfterACutTheMissing()
    {
        var folder = Path.Combine(sweep.Place.Folder, "again");
        string[] command = ["export", "tiny", "--format", "tensorboard", "--output", folder];
        Assert.Equal(0, (await sweep.Place.RunAsync(command)).Code);
        var before = Files(folder).ToDictionary(file => file, File.ReadAllBytes);
        var file = before.Keys.Single(path => path.Contains(Path.Combine("configuration-2", "trial-0")));
        using (var cut = new FileStream(file, FileMode.Open))
            cut.SetLength(cut.Length / 2);

        Assert.Equal(0, (await sweep.Place.RunAsync(command)).Code);
        Assert.Equal(0, (await sweep.Place.RunAsync(command)).Code);

        Assert.All(before, pair => Assert.Equal(pair.Value, File.ReadAllBytes(pair.Key)));
    }

    [Fact]
    public async Task Run_WithTensorBoard_WritesWhatExportWrites()
    {
        using var place = new Workplace();
        var (live, exported) = (Path.Combine(place.Folder, "live"), Path.Combine(place.Folder, "exported"));

        var run = await place.RunSweepAsync("--tensorboard", live);
        var export = await place.RunAsync("export", "tiny", "--format", "tensorboard", "--output", exported);

        Assert.True(run.Code == 0, run.Error);
        Assert.True(export.Code == 0, export.Error);
        var names = Files(exported).Select(file => Path.GetRelativePath(exported, file)).Order().ToList();
        Assert.Equal(names, Files(live).Select(file => Path.GetRelativePath(live, file)).Order());
        foreach (var name in names.Where(name => name.StartsWith("configuration", StringComparison.Ordinal)))
            Assert.Equal(
                Scalars(Path.Combine(exported, Path.GetDirectoryName(name)!)).Order(),
                Scalars(Path.Combine(live, Path.GetDirectoryName(name)!)).Order());
    }

    [Fact]
    public async Task Run_TensorBoardInAFile_IsRefusedBeforeWork()
    {
        var answer = await sweep.Place.RunSweepAsync("--tensorboard", sweep.Place.SweepFile);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains("--tensorboard:", answer.Error, StringComparison.Ordinal);
    }

    private static string[] Files(string folder) =>
        Directory.GetFiles(folder, "events.out.tfevents.*", SearchOption.AllDirectories);

    private static List<byte[]> Events(string folder)
    {
        using var stream = File.OpenRead(Files(folder).Single());
        return [.. RecordFile.Read(stream)];
    }

    private static List<(string Tag, long Step, float Value)> Scalars(string folder) =>
    [
        .. from each in Events(folder)
           let step = (long)Fields(each).FirstOrDefault(field => field.Number == 2).Whole
           from value in Values(each)
           from field in Fields(value)
           where field.Number == 2
           select (
               System.Text.Encoding.UTF8.GetString(Fields(value).Single(tag => tag.Number == 1).Bytes), step,
               BinaryPrimitives.ReadSingleLittleEndian(field.Bytes)),
    ];

    // Event.summary.value.
    private static IEnumerable<byte[]> Values(byte[] record) =>
        Fields(record).Where(field => field.Number == 5)
            .SelectMany(field => Fields(field.Bytes).Select(value => value.Bytes));

    private static List<(string Tag, long Step, double[] Limits, double[] Counts, double Number)> Histograms(
        string folder) =>
    [
        .. from each in Events(folder)
           let step = (long)Fields(each).FirstOrDefault(field => field.Number == 2).Whole
           from value in Values(each)
           from field in Fields(value)
           where field.Number == 5
           let parts = Fields(field.Bytes).ToDictionary(part => part.Number, part => Doubles(part.Bytes))
           select (
               System.Text.Encoding.UTF8.GetString(Fields(value).Single(tag => tag.Number == 1).Bytes), step,
               parts[6], parts[7], parts[3][0]),
    ];

    private static double[] Doubles(byte[] bytes) =>
        [.. bytes.Chunk(sizeof(double)).Select(number => BitConverter.ToDouble(number))];

    // Values up to each limit, beyond the one before: but for those at a limit, rounding apart.
    private static double[] CountsOf(float[] values, double[] limits)
    {
        var width = limits.Length == 1 ? 1 : limits[1] - limits[0];
        var low = values.Min();
        return [.. limits.Select((_, bin) => (double)values.Count(
            value => Math.Min(limits.Length - 1, (int)((value - low) / width)) == bin))];
    }

    private static List<(int Number, ulong Whole, byte[] Bytes)> Fields(byte[] message)
    {
        var list = new List<(int, ulong, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var (number, kind) = ((int)(tag >> 3), tag & 7);
            var whole = kind == 0 ? Varint(message, ref at) : 0;
            var length = kind switch { 0 => 0, 1 => 8, 2 => (int)Varint(message, ref at), _ => 4 };
            list.Add((number, whole, message[at..(at + length)]));
            at += length;
        }

        return list;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            shift += 7;
            if (next < 0x80)
                return value;
        }
    }
}

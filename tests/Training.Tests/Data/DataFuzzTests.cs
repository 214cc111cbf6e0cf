using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Randomness;
using Sweeps.Tests;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.Data.Public;
using Sweeps.Training.Tests.Data.Public;

namespace Sweeps.Training.Tests.Data;

/// <summary>
/// Thousands of damaged inputs a format (10,000 in the long run of all tests): each gives a valid result or a
/// SweepsException of kind Data, quickly, and without taking memory that the input does not justify.
/// </summary>
[Trait("Speed", "slow")]
public sealed class DataFuzzTests
{
    private static readonly int s_rounds = LongRun.IsOn ? 10_000 : 1_500;

    // Reading needs buffers, lists that double and the result itself; a header's lie would need far more.
    private const long BytesPerInputByte = 64;
    private const long BytesAlways = 1 << 20;

    [Fact]
    public void Idx_Mutated_IsReadOrRefused()
    {
        var images = Idx.Of([.. Enumerable.Range(0, 600).Select(i => (byte)i)], 10, 6, 10);
        Run(1, [images, Idx.Of([1, 2, 3], 3), Idx.Of([], 1, 1, 1)], ReadImages, Check);
    }

    [Fact]
    public void ZippedIdx_Mutated_IsReadOrRefused()
    {
        var images = Idx.Of([.. Enumerable.Range(0, 600).Select(i => (byte)(i * i))], 10, 6, 10);
        Run(2, [Idx.Zip(images), Idx.Zip(Idx.Of(new byte[100_000], 100, 100, 10))], ReadImages, Check);
    }

    [Fact]
    public void Csv_Mutated_IsReadOrRefused()
    {
        string[] kinds = ["no", "\"y,\"\"e\"\"s\""];
        var rows = Enumerable.Range(0, 12).Select(i => $"{i * 1.5},\"{i}\",{kinds[i % 2]}\n");
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes("alpha,beta,größe\n" + string.Concat(rows)),
            Encoding.UTF8.GetBytes("1;2;3\r\n4;5;6\r\n7;8;9\r\n-1;2e3;6\r\n1;1;3\r\n2;2;9\r\n"),
            "a,b\n1,x"u8.ToArray(),
        ];
        Run(3, seeds, Build, set => Assert.True(set.Train.Count > 0 && set.Test.Count > 0 && set.Features > 0));

        static DataSet Build(byte[] input) =>
            CsvDataSet.Build("fuzz", CsvTable.Parse(input, "fuzz", null), null, null, new DataRequest("fuzz"));
    }

    [Fact]
    public void CifarArchive_Mutated_IsReadOrRefused()
    {
        var set = (CifarDataSet)PublicDataSets.Find("cifar-10")!;
        var packed = Cifar.Archive(Cifar.Batches());
        Run(4, [packed, Idx.Zip(Unzip(packed)[..2000])], Read, _ => { });
        // The damage inside the archive, with a gzip around it that is whole.
        Run(5, [Unzip(packed)], input => Read(Idx.Zip(input)), _ => { });

        DataSet Read(byte[] input) => set.ReadArchive(new MemoryStream(input), "fuzz");
    }

    private static IdxArray ReadImages(byte[] input) => IdxReader.Read(new MemoryStream(input), "fuzz", 3);

    private static byte[] Unzip(byte[] zipped)
    {
        var content = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress);
        gzip.CopyTo(content);
        return content.ToArray();
    }

    private static void Check(IdxArray array) =>
        Assert.Equal(array.Dimensions.Aggregate(1, (product, size) => product * size), array.Values.Length);

    private static void Run<T>(int seed, byte[][] seeds, Func<byte[], T> read, Action<T> check)
    {
        var random = new RandomStream(new StreamKey(seed, Purpose.Simulation));
        var (valid, refused) = (0, 0);
        read(seeds[0]);
        for (var round = 0; round < s_rounds; round++)
        {
            var input = Mutate(seeds[random.NextInt(seeds.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            try
            {
                check(read(input));
                valid++;
            }
            catch (SweepsException error)
            {
                Assert.Equal(ErrorKind.Data, error.Kind);
                Assert.StartsWith("fuzz: ", error.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"round {round}: {error}\n{Convert.ToBase64String(input)}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(allocated, 0, BytesAlways + (BytesPerInputByte * input.Length));
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), $"round {round} hangs");
        }

        Assert.True(
            valid > 0 && refused > s_rounds / 10,
            $"{valid} valid, {refused} refused: the fuzzing finds nothing");
    }

    private static byte[] Mutate(byte[] original, RandomStream random)
    {
        var input = original.ToList();
        for (var changes = random.NextInt(4); changes >= 0 && input.Count > 0; changes--)
        {
            // Half of all changes hit the first bytes, where headers are.
            var at = random.NextInt(random.NextInt(2) == 0 ? Math.Min(20, input.Count) : input.Count);
            switch (random.NextInt(6))
            {
                case 0:
                    input[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    input[at] = (byte)random.NextInt(256);
                    break;
                case 2:
                    input.RemoveRange(at, Math.Min(input.Count - at, 1 + random.NextInt(8)));
                    break;
                case 3:
                    input.InsertRange(at, input.GetRange(at, Math.Min(input.Count - at, 1 + random.NextInt(16))));
                    break;
                case 4:
                    input.RemoveRange(at, input.Count - at);
                    break;
                default:
                    input[at] = "\",;\n\r.eE-\0\xff9"u8[random.NextInt(13)];
                    break;
            }
        }

        return [.. input];
    }
}

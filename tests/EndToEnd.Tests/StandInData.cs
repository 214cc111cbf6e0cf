using System.Buffers.Binary;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// Small files in the formats of the public data sets, for machines without them: bright blobs whose place depends on
/// the class, so that a network has something to learn.
/// </summary>
internal static class StandInData
{
    private const int Train = 600;
    private const int Test = 100;

    /// <summary>Writes mnist, fashion-mnist and cifar-10 below the folder.</summary>
    public static void Write(string folder)
    {
        foreach (var name in (string[])["mnist", "fashion-mnist"])
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            WriteIdx(place, "train", Train);
            WriteIdx(place, "t10k", Test);
        }

        var cifar = Directory.CreateDirectory(Path.Combine(folder, "cifar-10", "cifar-10-batches-bin")).FullName;
        for (var batch = 1; batch <= 5; batch++)
            File.WriteAllBytes(Path.Combine(cifar, $"data_batch_{batch}.bin"), Cifar(Train / 5));
        File.WriteAllBytes(Path.Combine(cifar, "test_batch.bin"), Cifar(Test));
        File.WriteAllText(
            Path.Combine(cifar, "batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n");
    }

    private static void WriteIdx(string folder, string part, int count)
    {
        var images = new byte[16 + (count * 28 * 28)];
        var labels = new byte[8 + count];
        Header(images, 0x803, count, 28, 28);
        Header(labels, 0x801, count);
        for (var index = 0; index < count; index++)
        {
            labels[8 + index] = (byte)(index % 10);
            Blob(images.AsSpan(16 + (index * 28 * 28), 28 * 28), 28, index % 10);
        }

        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), labels);
    }

    private static byte[] Cifar(int count)
    {
        const int Plane = 32 * 32;
        var bytes = new byte[count * (1 + (3 * Plane))];
        for (var index = 0; index < count; index++)
        {
            var sample = bytes.AsSpan(index * (1 + (3 * Plane)), 1 + (3 * Plane));
            sample[0] = (byte)(index % 10);
            for (var plane = 0; plane < 3; plane++)
                Blob(sample.Slice(1 + (plane * Plane), Plane), 32, index % 10);
        }

        return bytes;
    }

    private static void Blob(Span<byte> image, int side, int label)
    {
        var (top, left) = (4 + (label / 5 * 12), 2 + (label % 5 * 5));
        for (var row = 0; row < 6; row++)
            image.Slice(((top + row) * side) + left, 5).Fill(220);
    }

    private static void Header(byte[] bytes, params int[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
    }
}

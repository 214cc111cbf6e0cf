using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Pictures;

/// <summary>
/// The pictures of a data set, decoded, as one file: what lies in the cache, and what travels with a sweep. After a
/// line with its name and the length of the header comes the header (JSON), then the pixels of the training and of the
/// test part, then the labels of both as little-endian 32-bit numbers. Equal data give equal files.
/// </summary>
internal static class PicturePack
{
    /// <summary>How such files are called.</summary>
    public const string Extension = ".pictures";

    private const int HeaderMax = 16 << 20;

    private static ReadOnlySpan<byte> Mark => "sweeps pictures 1\n"u8;

    /// <summary>Writes a pack.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="form">The form, complete.</param>
    /// <param name="classes">The classes' names.</param>
    /// <param name="parts">Training and test part: where each sample begins in the pixels, and its label.</param>
    /// <param name="pixels">All samples.</param>
    public static void Write(
        Stream stream, PictureForm form, IReadOnlyList<string> classes,
        IReadOnlyList<IReadOnlyList<(int Sample, int Label)>> parts, byte[] pixels)
    {
        var channels = form.Color == PictureColor.Grey ? 1 : 3;
        var features = channels * form.Height!.Value * form.Width!.Value;
        WriteHeader(
            stream,
            new(channels, form.Height.Value, form.Width.Value, [.. classes], parts[0].Count, parts[1].Count));
        foreach (var (sample, _) in parts.SelectMany(part => part))
            stream.Write(pixels.AsSpan(checked(sample * features), features));
        WriteLabels(stream, parts.SelectMany(part => part).Select(sample => sample.Label));
    }

    /// <summary>Writes a data set of pictures with classes.</summary>
    public static void Write(Stream stream, DataSet set)
    {
        var shape = set.InputShape;
        WriteHeader(
            stream, new(shape[0], shape[1], shape[2], [.. set.ClassNames], set.Train.Count, set.Test.Count));
        DataPart[] parts = [set.Train, set.Test];
        foreach (var part in parts)
        {
            for (var sample = 0; sample < part.Count; sample++)
                stream.Write(part.BytesOf(sample));
        }

        WriteLabels(stream, parts.SelectMany(part => part.Labels.ToArray()));
    }

    /// <summary>SHA-256 of a pack, lower-case hex.</summary>
    public static string DigestOf(string path)
    {
        using var file = RegularFile.Open(path, 1 << 20);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void WriteHeader(Stream stream, Header header)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, bytes.Length);
        stream.Write(Mark);
        stream.Write(number);
        stream.Write(bytes);
    }

    private static void WriteLabels(Stream stream, IEnumerable<int> labels)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        foreach (var label in labels)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, label);
            stream.Write(number);
        }
    }

    /// <summary>Reads a pack as a data set.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What the data set is called.</param>
    /// <exception cref="SweepsException">It cannot be read, or is damaged.</exception>
    public static DataSet Read(string path, string name)
    {
        try
        {
            using var file = RegularFile.Open(path, 1 << 20);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            return Read(file, hash, path, name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException
            or OverflowException or ArgumentException)
        {
            throw PictureFolder.Wrong(
                $"The pictures '{path}' cannot be read: {error.Message.TrimEnd('.')}. Read the folder again.", error);
        }
    }

    private static DataSet Read(FileStream file, IncrementalHash hash, string path, string name)
    {
        var start = Take(file, hash, Mark.Length + sizeof(int));
        if (!start.AsSpan(0, Mark.Length).SequenceEqual(Mark))
            throw new ArgumentException("it is no file of pictures that this program wrote");
        var length = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Mark.Length));
        if (length is < 2 or > HeaderMax)
            throw new ArgumentException("its header is damaged");
        var header = JsonSerializer.Deserialize<Header>(Take(file, hash, length))
            ?? throw new ArgumentException("its header is damaged");
        Check(header, file.Length - file.Position);
        var features = header.Channels * header.Height * header.Width;
        var train = Take(file, hash, checked(header.Train * features));
        var test = Take(file, hash, checked(header.Test * features));
        var trainLabels = Labels(Take(file, hash, header.Train * sizeof(int)), header.Classes.Length);
        var testLabels = Labels(Take(file, hash, header.Test * sizeof(int)), header.Classes.Length);
        var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
        return new(
            name, [header.Channels, header.Height, header.Width], header.Classes,
            DataPart.OfBytes(train, trainLabels, features), DataPart.OfBytes(test, testLabels, features))
        {
            Source = path,
            Paths = [new(new DataFile($"{name}{Extension}", digest, file.Length), path)],
            Pictures = new(header.Height, header.Width, header.Channels == 1 ? PictureColor.Grey : PictureColor.Rgb),
        };
    }

    // What is announced is compared with the length of the file before memory is given.
    private static void Check(Header header, long rest)
    {
        if (header.Channels is not (1 or 3) || header.Height is < 1 or > PictureForm.SideMax
            || header.Width is < 1 or > PictureForm.SideMax || header.Train < 1 || header.Test < 1
            || header.Classes is not [_, _, ..])
            throw new ArgumentException("its header is damaged");
        var sample = ((long)header.Channels * header.Height * header.Width) + sizeof(int);
        if (((long)header.Train + header.Test) * sample != rest)
            throw new ArgumentException("its length is not what its header announces");
    }

    private static byte[] Take(FileStream file, IncrementalHash hash, int length)
    {
        if (length > file.Length - file.Position)
            throw new EndOfStreamException("it is cut off");
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        hash.AppendData(bytes);
        return bytes;
    }

    private static int[] Labels(byte[] bytes, int classes)
    {
        var labels = MemoryMarshal.Cast<byte, int>(bytes).ToArray();
        foreach (var label in labels)
        {
            if ((uint)label >= (uint)classes)
                throw new ArgumentException($"it has a label {label} for {classes} classes");
        }

        return labels;
    }

    private sealed record Header(int Channels, int Height, int Width, string[] Classes, int Train, int Test);
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Checkpoints;

/// <summary>
/// A checkpoint as bytes, little-endian: "SWEEPSCK", version, digest of the request, epoch reports, how many trained
/// together (by the version), optimizer steps, float arrays with their lengths, and the SHA-256 of everything before.
/// </summary>
internal static class CheckpointFormat
{
    /// <summary>Without best weights: what scores the last epoch, and all that the first version wrote.</summary>
    public const int Version = 1;

    /// <summary>The last two float arrays are weights and statistics after the best epoch.</summary>
    public const int VersionWithBest = 2;

    /// <summary>
    /// What a version is more by where epochs were trained together: how many trainings, after the reports.
    /// </summary>
    public const int Together = 2;

    private const int DigestLength = SHA256.HashSizeInBytes;
    private const int ReportLength = (2 * sizeof(int)) + (7 * sizeof(double));

    private static ReadOnlySpan<byte> Magic => "SWEEPSCK"u8;

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="request">Digest of the request.</param>
    /// <param name="epochs">The reports so far.</param>
    /// <param name="together">Most trainings that shared passes in any of these epochs; 1: it was alone.</param>
    /// <param name="optimizerSteps">Steps done.</param>
    /// <param name="hasBest">The last two buffers are the best weights and statistics.</param>
    /// <param name="buffers">Copied at once: weights, statistics, then the optimizer's states.</param>
    public static byte[] Write(
        ReadOnlySpan<byte> request,
        IReadOnlyList<EpochReport> epochs,
        int together,
        long optimizerSteps,
        bool hasBest,
        params ReadOnlyMemory<byte>[] buffers)
    {
        var length = Magic.Length + sizeof(int) + DigestLength + sizeof(int) + (epochs.Count * ReportLength)
            + (together > 1 ? sizeof(int) : 0) + sizeof(long) + sizeof(int)
            + buffers.Sum(buffer => sizeof(int) + (long)buffer.Length) + DigestLength;
        var bytes = new byte[checked((int)length)];
        var writer = new SpanWriter(bytes);
        writer.Write(Magic);
        writer.Write((hasBest ? VersionWithBest : Version) + (together > 1 ? Together : 0));
        writer.Write(request);
        writer.Write(epochs.Count);
        foreach (var epoch in epochs)
            WriteReport(ref writer, epoch);
        if (together > 1)
            writer.Write(together);
        writer.Write(optimizerSteps);
        writer.Write(buffers.Length);
        foreach (var buffer in buffers)
        {
            writer.Write(buffer.Length / sizeof(float));
            writer.Write(buffer.Span);
        }

        SHA256.HashData(bytes.AsSpan(0, bytes.Length - DigestLength), bytes.AsSpan(bytes.Length - DigestLength));
        return bytes;
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="TrainingException">It is not a checkpoint, damaged, or of another version.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + sizeof(int) + DigestLength || !bytes.StartsWith(Magic))
            throw Bad($"these {bytes.Length} bytes are not a checkpoint");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (version is < Version or > VersionWithBest + Together)
            throw Bad($"it has version {version}, this program reads {Version} to {VersionWithBest + Together}");
        if (!SHA256.HashData(bytes[..^DigestLength]).AsSpan().SequenceEqual(bytes[^DigestLength..]))
            throw Bad("its checksum does not match: it is damaged or cut off");
        var reader = new SpanReader(bytes[(Magic.Length + sizeof(int))..^DigestLength]);
        var request = reader.Read(DigestLength).ToArray();
        var epochs = new EpochReport[reader.ReadCount(ReportLength)];
        for (var i = 0; i < epochs.Length; i++)
            epochs[i] = ReadReport(ref reader);
        var together = version > Together ? reader.ReadInt32() : 1;
        var steps = reader.ReadInt64();
        var buffers = new float[reader.ReadCount(sizeof(int))][];
        for (var i = 0; i < buffers.Length; i++)
        {
            var length = checked(reader.ReadCount(sizeof(float)) * sizeof(float));
            buffers[i] = MemoryMarshal.Cast<byte, float>(reader.Read(length)).ToArray();
        }

        var hasBest = version is VersionWithBest or VersionWithBest + Together;
        if (buffers.Length < (hasBest ? 4 : 2))
            throw Bad("it has no weights");
        return hasBest
            ? new(request, buffers[0], buffers[1], steps, buffers[2..^2], epochs, (buffers[^2], buffers[^1]), together)
            : new(request, buffers[0], buffers[1], steps, buffers[2..], epochs, Together: together);
    }

    /// <summary>The error of a checkpoint that cannot be used.</summary>
    public static TrainingException Bad(string why) =>
        new(TrainingFailure.Checkpoint,
            $"The checkpoint cannot be used: {why}. Start this training from the beginning.");

    private static void WriteReport(ref SpanWriter writer, EpochReport report)
    {
        writer.Write(report.Epoch);
        writer.Write(report.Samples);
        writer.Write(report.TrainLoss);
        writer.Write(report.TrainMetric);
        writer.Write(report.ValidationLoss);
        writer.Write(report.ValidationMetric);
        writer.Write(report.TrainSeconds);
        writer.Write(report.EvaluationSeconds);
        writer.Write(report.CpuSeconds);
    }

    private static EpochReport ReadReport(ref SpanReader reader)
    {
        var (epoch, samples) = (reader.ReadInt32(), reader.ReadInt32());
        return new(
            epoch,
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            samples);
    }
}

/// <summary>Reads little-endian numbers one after the other, never past the end.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public ReadOnlySpan<byte> Read(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw CheckpointFormat.Bad($"{count} bytes were expected where {_rest.Length} are left");
        var part = _rest[..count];
        _rest = _rest[count..];
        return part;
    }

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Read(sizeof(long)));

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>A number of things of at least <paramref name="size"/> bytes each, bounded by what is left.</summary>
    public int ReadCount(int size)
    {
        var count = ReadInt32();
        if (count < 0 || (long)count * size > _rest.Length)
            throw CheckpointFormat.Bad($"a count of {count} does not fit the {_rest.Length} bytes left");
        return count;
    }
}

/// <summary>Writes little-endian numbers one after the other.</summary>
internal ref struct SpanWriter(Span<byte> bytes)
{
    private Span<byte> _rest = bytes;

    public void Write(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_rest);
        _rest = _rest[value.Length..];
    }

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_rest, value);
        _rest = _rest[sizeof(int)..];
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
        _rest = _rest[sizeof(long)..];
    }

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));
}

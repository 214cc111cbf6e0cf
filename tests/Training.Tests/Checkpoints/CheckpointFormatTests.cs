using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sweeps.Core.Trainings;
using Sweeps.Training.Checkpoints;

namespace Sweeps.Training.Tests.Checkpoints;

public sealed class CheckpointFormatTests
{
    private static readonly byte[] s_request = SHA256.HashData("request"u8);
    private static readonly EpochReport[] s_epochs =
        [new(1, 0.5, 0.9, double.NaN, 0.8, 1.5, 0.25, 1.25, 100), new(2, 0.25, 0.95, 0.3, 0.85, 1, 2, 3, 100)];
    private static readonly float[][] s_buffers = [[1, -2, float.Epsilon], [], [4, 5, 6], [7, 8, 9]];

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var checkpoint = CheckpointFormat.Read(Written());
        Assert.Equal(s_request, checkpoint.Request);
        Assert.Equal(s_epochs, checkpoint.Epochs);
        Assert.Equal(s_buffers[0], checkpoint.Weights);
        Assert.Equal(s_buffers[1], checkpoint.Statistics);
        Assert.Equal(12345678901, checkpoint.OptimizerSteps);
        Assert.Equal(s_buffers[2..], checkpoint.OptimizerStates);
    }

    [Fact]
    public void Read_WithBestWeights_GivesThemApart()
    {
        var checkpoint = CheckpointFormat.Read(CheckpointFormat.Write(
            s_request, s_epochs, 1, 7, hasBest: true, [.. s_buffers.Select(Bytes), Bytes([9, 8, 7]), Bytes([])]));
        Assert.Equal(s_buffers[2..], checkpoint.OptimizerStates);
        Assert.Equal([9, 8, 7], checkpoint.Best!.Value.Weights);
        Assert.Empty(checkpoint.Best.Value.Statistics);
        Assert.Null(CheckpointFormat.Read(Written()).Best);
    }

    /// <summary>What scores the last epoch is written as the first version wrote it.</summary>
    [Fact]
    public void Write_WithoutBestWeights_IsVersionOne() => Assert.Equal(1, Written()[8]);

    /// <summary>Beside the reports, whose seconds are shares; with best weights or without.</summary>
    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 4)]
    public void Read_TrainedTogether_SaysHowMany(bool hasBest, int version)
    {
        var bytes = CheckpointFormat.Write(s_request, s_epochs, 8, 7, hasBest, [.. s_buffers.Select(Bytes)]);
        var checkpoint = CheckpointFormat.Read(bytes);
        Assert.Equal((version, 8), (bytes[8], checkpoint.Together));
        Assert.Equal(s_epochs, checkpoint.Epochs);
        Assert.Equal((7, s_buffers[1]), (checkpoint.OptimizerSteps, checkpoint.Statistics));
        Assert.Equal(hasBest, checkpoint.Best is not null);
        Assert.Equal(1, CheckpointFormat.Read(Written()).Together);
    }

    [Fact]
    public void Read_AnyByteChanged_IsAClearError()
    {
        var bytes = Written();
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x40;
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void Read_CutOffAnywhere_IsAClearError()
    {
        var bytes = Written();
        for (var length = 0; length < bytes.Length; length++)
            AssertRefused(bytes[..length]);
    }

    [Fact]
    public void Read_AnotherVersion_NamesBoth()
    {
        var bytes = Written();
        bytes[8] = 9;
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32), bytes.AsSpan(bytes.Length - 32));
        var error = Assert.Throws<TrainingException>(() => CheckpointFormat.Read(bytes));
        Assert.Contains("version 9", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A checksum proves nothing about who wrote it: counts are bounded by what is there.</summary>
    [Fact]
    public void Read_HugeCountsUnderAValidChecksum_IsAClearError()
    {
        var bytes = Written();
        for (var i = 12 + 32; i + 4 < bytes.Length - 32; i += 4)
        {
            var forged = (byte[])bytes.Clone();
            forged.AsSpan(i, 4).Fill(0x7F);
            SHA256.HashData(forged.AsSpan(0, forged.Length - 32), forged.AsSpan(forged.Length - 32));
            try
            {
                CheckpointFormat.Read(forged);
            }
            catch (TrainingException error)
            {
                Assert.Equal(TrainingFailure.Checkpoint, error.Kind);
            }
        }
    }

    private static void AssertRefused(byte[] bytes)
    {
        var error = Assert.Throws<TrainingException>(() => CheckpointFormat.Read(bytes));
        Assert.Equal(TrainingFailure.Checkpoint, error.Kind);
    }

    private static byte[] Written() => CheckpointFormat.Write(
        s_request, s_epochs, 1, 12345678901, hasBest: false,
            [.. s_buffers.Select(Bytes)]);

    private static ReadOnlyMemory<byte> Bytes(float[] buffer) => MemoryMarshal.AsBytes(buffer.AsSpan()).ToArray();
}

using System.Runtime.InteropServices;
using Sweeps.Core.Log;
using Sweeps.Core.Space;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.State;

/// <summary>The bytes of states: nothing that was not written, and nothing that is slower than the log.</summary>
public sealed class SnapshotTests
{
    private static byte[] Written<T>(byte fill)
        where T : unmanaged
    {
        T value = default;
        MemoryMarshal.AsBytes(new Span<T>(ref value)).Fill(fill);
        using var stream = new MemoryStream();
        new SnapshotWriter(stream).Write(value);
        return stream.ToArray();
    }

    [Fact]
    public void Write_RowWithGaps_WritesZerosThere()
    {
        Assert.Equal(7, Written<(byte, long)>(0xAB).Count(value => value == 0));
        Assert.Equal(3, Written<(int?, long)>(0xAB).Count(value => value == 0));
        Assert.DoesNotContain((byte)0, Written<(long, double, TrialId)>(0xAB));
        Assert.Equal(Written<TrialCell>(0).Length, Written<TrialCell>(0xAB).Length);
        Assert.Contains((byte)0xAB, Written<TrialCell>(0xAB));
    }

    [Fact]
    public void Read_MoreItemsThanThereAreBytes_TakesNoMemory()
    {
        using var stream = new MemoryStream();
        new SnapshotWriter(stream).Write(int.MaxValue);
        foreach (var read in (Action<SnapshotReader>[])
        [
            reader => reader.ReadBytes(),
            reader => reader.ReadList(reader.Read<int>),
            reader => new ChunkedTable<TrialCell>().Load(reader),
        ])
        {
            stream.Position = 0;
            Assert.Throws<EndOfStreamException>(() => read(new(stream)));
        }
    }

    [Theory]
    [InlineData(10_000, 10_000, true)]
    [InlineData(10_001, 10_001, false)]
    [InlineData(10_001, 100_010, true)]
    public void Save_ConfigurationsOfManyKinds_IsLeft(int kinds, int configurations, bool isSaved)
    {
        var writer = new SnapshotWriter(new MemoryStream());
        var like = new Hyperparameters { Architecture = "linear", LearningRate = 0.1, BatchSize = 1, Epochs = 1 };
        var all = Enumerable.Range(0, configurations)
            .Select(index => like with { Architecture = $"mlp:{1 + (index % kinds)}" }).ToList();
        Assert.Equal(
            isSaved, SnapshotConfigurations.TrySave(writer, all, [.. all.Select(_ => (ParameterAssignment?)null)]));
    }
}

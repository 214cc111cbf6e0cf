using System.Text;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Grains.Tests.Coordination;

/// <summary>A long log, of which two threads decode a batch.</summary>
public sealed class SweepEventsTests : IAsyncDisposable
{
    private const int Events = 2_500;
    private readonly MemoryStore _store = new();

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Read_ALongLog_IsInItsOrder()
    {
        await WriteAsync([]);
        var read = new List<SweepEvent>();
        await foreach (var events in SweepEvents.ReadAsync(_store, "long", 0))
            read.AddRange(events);
        Assert.Equal(Enumerable.Range(0, Events), read.Select(item => ((PriorityChanged)item).Priority));
    }

    [Theory]
    [InlineData(100, 900)]
    [InlineData(900, 2_400)]
    [InlineData(2_300, 2_400)]
    public async Task Read_DamagedEvents_SaysWhatIsWrongWithTheFirst(int first, int second)
    {
        await WriteAsync([first, second]);
        var error = await Assert.ThrowsAsync<SweepsException>(async () =>
        {
            await foreach (var _ in SweepEvents.ReadAsync(_store, "long", 0))
            {
            }
        });
        Assert.Contains($"damaged-{first}", error.Message, StringComparison.Ordinal);
    }

    private async Task WriteAsync(int[] damaged)
    {
        var events = Enumerable.Range(0, Events).Select(index =>
        {
            var encoded = SweepEventCodec.Encode(new PriorityChanged(1, null, index));
            return damaged.Contains(index)
                ? new NewEvent($"damaged-{index}", Encoding.UTF8.GetBytes("{}"))
                : new NewEvent(encoded.Type, encoded.Payload);
        }).ToList();
        Assert.True((await _store.Log.AppendAsync("long", 0, events)).IsAppended);
    }
}

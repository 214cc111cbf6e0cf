using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Which block the n-th draw falls into, and how many draws fell into it before. Blocks race: the next point of a block
/// arrives after an exponential time whose rate is the block's weight, times the share of its points that are left.
/// </summary>
/// <param name="blocks">The blocks.</param>
/// <param name="seed">The sweep's seed.</param>
internal sealed class BlockRace(IReadOnlyList<SpaceBlock> blocks, long seed)
{
    private readonly Lock _lock = new();
    private readonly List<(int Block, int Rank)> _winners = [];
    private readonly PriorityQueue<(int Block, int Rank), (double Time, int Block)> _arrivals = new();
    private readonly RandomStream _stream = new(new(seed, Purpose.Search, Configuration: (ulong)SearchStream.Clocks));
    private bool _started;

    /// <summary>The block of draw <paramref name="n"/> and its rank within the block, both from 0.</summary>
    public (int Block, int Rank) WinnerAt(int n)
    {
        if (blocks.Count == 1)
            return (0, n);
        lock (_lock)
        {
            Start();
            while (_winners.Count <= n)
            {
                _arrivals.TryDequeue(out var winner, out var priority);
                _winners.Add(winner);
                Schedule(winner.Block, winner.Rank + 1, priority.Time);
            }

            return _winners[n];
        }
    }

    private void Start()
    {
        if (_started)
            return;
        _started = true;
        for (var block = 0; block < blocks.Count; block++)
            Schedule(block, 0, 0);
    }

    private void Schedule(int block, int rank, double now)
    {
        var size = blocks[block].Size;
        if (rank >= size)
            return;
        var left = size is { } all ? (double)(all - rank) / all : 1;
        // Two words a draw, at a place of its own: the stream can be read at any block and rank.
        _stream.Position = (((ulong)block << 32) | (uint)rank) * 2;
        var wait = -Math.Log(_stream.NextOpenDouble()) / (blocks[block].Weight * left);
        _arrivals.Enqueue((block, rank), (now + wait, block));
    }
}

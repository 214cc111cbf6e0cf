namespace Sweeps.Storage;

/// <summary>Copies payloads into shared blocks: a few large arrays in place of one small one per event.</summary>
internal sealed class PayloadBuffer
{
    private const int BlockMax = 64 * 1024;

    private byte[] _block = [];
    private int _used;
    private int _next = 512;

    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > BlockMax / 4)
            return payload.ToArray();
        if (_used + payload.Length > _block.Length)
        {
            _next = Math.Min(BlockMax, _next * 2);
            _block = new byte[Math.Max(_next, payload.Length)];
            _used = 0;
        }

        payload.CopyTo(_block.AsSpan(_used));
        var copy = _block.AsMemory(_used, payload.Length);
        _used += payload.Length;
        return copy;
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core.State;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep;

/// <summary>
/// The states of large sweeps beside the database of a folder (<c>sweeps.db.states</c>), so that their logs need not be
/// read from the beginning. Nothing depends on them: a file that is missing, damaged, of another build or of another
/// log than the store's is passed over, and whoever may not write here keeps none.
/// </summary>
internal static class KeptStates
{
    private const ulong Magic = 0x31_6574617473_7773; // "swstate1"
    private const int FilesMax = 32;
    private const int BufferSize = 1 << 17;
    private static readonly TimeSpan s_abandoned = TimeSpan.FromHours(1);

    /// <summary>The newest state that was kept of a sweep; null: none that is of use.</summary>
    /// <param name="store">The store.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="history">Takes the attempts; then a state that was kept without them is of no use.</param>
    /// <param name="cancellation">Cancels reading.</param>
    public static async Task<SweepState?> FindAsync(
        ISweepStore store, string sweep, TrialHistory? history, CancellationToken cancellation)
    {
        if (PathOf(store.Address, sweep) is not { } path || !File.Exists(path))
            return null;
        try
        {
            await using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
            if (!IsWhole(file))
                return null;
            var reader = new SnapshotReader(file);
            if (reader.Read<ulong>() != Magic || reader.ReadText() != SnapshotWriter.Key)
                return null;
            var (sequence, hasHistory) = (reader.Read<long>(), reader.Read<bool>());
            var anchor = reader.ReadText();
            if (history is not null && !hasHistory)
                return null;
            if (await AnchorAsync(store, sweep, sequence, cancellation) != anchor)
                return null;
            var state = SweepState.Load(file);
            history?.Load(new(file));
            return state;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a state that was read from the store's log, where that is possible.</summary>
    public static async Task KeepAsync(
        ISweepStore store, SweepState state, TrialHistory? history, CancellationToken cancellation)
    {
        if (PathOf(store.Address, state.Plan.Id) is not { } path
            || await AnchorAsync(store, state.Plan.Id, state.Sequence, cancellation) is not { } anchor)
            return;
        var folder = Path.GetDirectoryName(path)!;
        // Written beside and renamed: of two that keep one at once the later stays, whole.
        var written = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(folder);
            Tidy(folder, path);
            using (var file = new FileStream(
                written, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize))
            {
                Write(file, state, history, anchor);
            }

            File.Move(written, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Remove(written);
        }
    }

    /// <summary>Removes what was kept of a sweep that is deleted.</summary>
    public static void Forget(StoreAddress address, string sweep)
    {
        if (PathOf(address, sweep) is { } path)
            Remove(path);
    }

    /// <summary>Where a sweep's state is kept; null: a server's are not.</summary>
    public static string? PathOf(StoreAddress address, string sweep) => address.Kind != StoreKind.Sqlite ? null
        : Path.Combine(
            $"{address.Path}.states",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sweep)))[..32]);

    private static void Write(FileStream file, SweepState state, TrialHistory? history, string anchor)
    {
        var writer = new SnapshotWriter(file);
        writer.Write(Magic);
        writer.Write(SnapshotWriter.Key);
        writer.Write(state.Sequence);
        writer.Write(history is not null);
        writer.Write(anchor);
        state.Save(file);
        history?.Save(new(file));
        file.Flush();
        var end = file.Length;
        var check = CheckOf(file, end);
        file.Position = end;
        writer.Write(check);
    }

    // The event that the state ends with, as the store has it: another log under the same name, such as that of a copy
    // that was restored, has another.
    private static async Task<string?> AnchorAsync(
        ISweepStore store, string sweep, long sequence, CancellationToken cancellation)
    {
        if (await store.Log.ReadAsync(sweep, sequence - 1, 1, cancellation) is not [var last])
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"{sweep}\n{last.Sequence}\n{last.At.UtcTicks}\n{last.Type}\n")));
        hash.AppendData(last.Payload.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsWhole(FileStream file)
    {
        var end = file.Length - sizeof(uint);
        if (end <= 0)
            return false;
        var check = CheckOf(file, end);
        Span<byte> kept = stackalloc byte[sizeof(uint)];
        file.Position = end;
        file.ReadExactly(kept);
        file.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(kept) == check;
    }

    // CRC-32C of the file's beginning.
    private static uint CheckOf(FileStream file, long length)
    {
        var (crc, buffer) = (uint.MaxValue, new byte[BufferSize]);
        file.Position = 0;
        while (length > 0)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length));
            file.ReadExactly(bytes);
            length -= bytes.Length;
            for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
                crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            foreach (var value in bytes)
                crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    // What was written last stays, and what a process that was killed left goes.
    private static void Tidy(string folder, string path)
    {
        var files = new DirectoryInfo(folder).GetFiles();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (var file in files.Where(file => file.Extension == ".tmp" && now - file.LastWriteTimeUtc > s_abandoned)
            .Concat(files.Where(file => file.Extension != ".tmp" && file.FullName != path)
                .OrderByDescending(file => file.LastWriteTimeUtc).Skip(FilesMax - 1)))
        {
            Remove(file.FullName);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is of no use to anybody, and in nobody's way.
        }
    }
}

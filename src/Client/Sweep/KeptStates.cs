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
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan s_abandoned = TimeSpan.FromHours(1);

    // The attempts are laid out here and the state in Core, and either may be built anew without the other.
    private static readonly string s_key =
        $"{SnapshotWriter.Key} {typeof(KeptStates).Assembly.ManifestModule.ModuleVersionId:n}";

    /// <summary>The newest state that was kept of a sweep; null: none that is of use.</summary>
    /// <param name="store">The store.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="history">Takes the attempts; then a state that was kept without them is of no use.</param>
    /// <param name="cancellation">Cancels reading.</param>
    public static async Task<SweepState?> FindAsync(
        ISweepStore store, string sweep, TrialHistory? history, CancellationToken cancellation)
    {
        try
        {
            if (PathOf(store.Address, sweep) is not { } path || !File.Exists(path))
                return null;
            await using var file = Open(path);
            if (Header.Read(file) is not { } header || !IsWhole(file)
                || (history is not null && !header.HasAttempts)
                || await AnchorAsync(store, sweep, header.Sequence, cancellation) != header.Anchor)
                return null;
            var state = SweepState.Load(file);
            var reader = new SnapshotReader(file);
            if (reader.Read<ulong>() != Magic || state.Sequence != header.Sequence)
                return null;
            if (history is null)
                return state;
            var attempts = TrialHistory.Load(reader);
            if (file.Position != file.Length - sizeof(uint))
                return null;
            history.Take(attempts);
            return state;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whatever is wrong with it, the log has all of it.
            return null;
        }
    }

    /// <summary>Keeps a state that was read from the store's log, where that is possible.</summary>
    public static async Task KeepAsync(
        ISweepStore store, SweepState state, TrialHistory? history, CancellationToken cancellation)
    {
        string? written = null;
        try
        {
            if (PathOf(store.Address, state.Plan.Id) is not { } path
                || await AnchorAsync(store, state.Plan.Id, state.Sequence, cancellation) is not { } anchor
                || (history is null && await HasBetterAsync(path, store, state, cancellation)))
                return;
            CreateFolder(Path.GetDirectoryName(path)!);
            // Written beside and renamed: of two that keep one at once the later stays, whole.
            written = $"{path}.{Guid.NewGuid():n}.tmp";
            if (TryWrite(written, store.Address.Path, state, history, anchor))
            {
                File.Move(written, path, overwrite: true);
                // Deleted, or put in another's place, while this was written.
                if (await AnchorAsync(store, state.Plan.Id, state.Sequence, cancellation) != anchor)
                    Remove(path);
                Tidy(path, store.Address.Path);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whoever reads the sweep has read it.
        }
        finally
        {
            if (written is not null)
                Remove(written);
        }
    }

    /// <summary>Removes what was kept of a sweep that is deleted.</summary>
    /// <returns>What could not be removed; null: nothing is left.</returns>
    public static string? Forget(StoreAddress address, string sweep) =>
        PathOf(address, sweep) is not { } path || Remove(path) ? null : path;

    /// <summary>Where a sweep's state is kept; null: a server's are not.</summary>
    public static string? PathOf(StoreAddress address, string sweep) => address.Kind != StoreKind.Sqlite ? null
        : Path.Combine(
            $"{WithoutLinks(address.Path)}.states",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sweep)))[..32]);

    /// <summary>How much room the states of a folder's sweeps take, in bytes; null: a server's are not kept,
    /// another user's are not shown.</summary>
    public static long? BytesOf(StoreAddress address)
    {
        if (PathOf(address, string.Empty) is not { } path)
            return null;
        var folder = new DirectoryInfo(Path.GetDirectoryName(path)!);
        try
        {
            return folder.Exists ? folder.EnumerateFiles().Sum(file => file.Exists ? file.Length : 0) : 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Of two ways to one database there is one place, as its own files have.
    private static string WithoutLinks(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
            return path;
        path = Path.Combine(WithoutLinks(folder), Path.GetFileName(path));
        return Path.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target
            ? WithoutLinks(target.FullName) : path;
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);

    // Without the attempts it would cost the next who asks for them the whole log: so not before the log has doubled.
    private static async Task<bool> HasBetterAsync(
        string path, ISweepStore store, SweepState state, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return false;
        await using var file = Open(path);
        return Header.Read(file) is { HasAttempts: true } header && state.Sequence / 2 < header.Sequence
            && await AnchorAsync(store, state.Plan.Id, header.Sequence, cancellation) == header.Anchor
            && IsWhole(file);
    }

    // What is in it is in the database, and read by nobody else.
    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
    }

    private static bool TryWrite(
        string path, string database, SweepState state, TrialHistory? history, string anchor)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferSize,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File.GetUnixFileMode(database);
        using var file = new FileStream(path, options);
        var writer = new SnapshotWriter(file);
        new Header(state.Sequence, history is not null, anchor).Write(writer);
        if (!state.Save(file))
            return false;
        writer.Write(Magic);
        history?.Save(new(file));
        file.Flush();
        var end = file.Length;
        var check = CheckOf(file, end);
        file.Position = end;
        writer.Write(check);
        return true;
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

    // Leaves the position as it is.
    private static bool IsWhole(FileStream file)
    {
        var (end, begin) = (file.Length - sizeof(uint), file.Position);
        if (end <= begin)
            return false;
        var check = CheckOf(file, end);
        Span<byte> kept = stackalloc byte[sizeof(uint)];
        file.Position = end;
        file.ReadExactly(kept);
        file.Position = begin;
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

    // What was written last stays, as far as there is room; what a process that was killed left goes, and what only
    // another build can read.
    private static void Tidy(string path, string database)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var (kept, room) = (0, new FileInfo(database).Length);
        foreach (var file in new DirectoryInfo(Path.GetDirectoryName(path)!).GetFiles()
            .OrderByDescending(file => file.FullName == path).ThenByDescending(file => file.LastWriteTimeUtc))
        {
            if (file.Extension == ".tmp")
            {
                if (now - file.LastWriteTimeUtc > s_abandoned)
                    Remove(file.FullName);
                continue;
            }

            room -= file.Length;
            if (file.FullName != path && (kept >= FilesMax || room < 0 || !IsOfThisBuild(file.FullName)))
            {
                room += file.Length;
                Remove(file.FullName);
            }
            else
            {
                kept++;
            }
        }
    }

    private static bool IsOfThisBuild(string path)
    {
        try
        {
            using var file = Open(path);
            return Header.Read(file) is not null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return false;
        }
    }

    // True: it is gone.
    private static bool Remove(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed record Header(long Sequence, bool HasAttempts, string? Anchor)
    {
        public void Write(SnapshotWriter writer)
        {
            writer.Write(Magic);
            writer.Write(s_key);
            writer.Write(Sequence);
            writer.Write(HasAttempts);
            writer.Write(Anchor);
        }

        /// <summary>From the beginning of a file; null: another build wrote it.</summary>
        public static Header? Read(FileStream file)
        {
            var reader = new SnapshotReader(file);
            return reader.Read<ulong>() == Magic && reader.ReadText() == s_key
                ? new(reader.Read<long>(), reader.Read<bool>(), reader.ReadText()) : null;
        }
    }
}

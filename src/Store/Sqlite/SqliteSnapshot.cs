using SQLitePCL;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// How a store is read in a folder that this user may not write to. SQLite keeps an index of the write-ahead log beside
/// it, which it then cannot make. Without a log the file alone is the whole store; with a log and without its index
/// both are copied. Either is as of one moment: a store that changes is opened anew.
/// </summary>
internal sealed class SqliteSnapshot : IDisposable
{
    private readonly string _path;
    private readonly string? _copy;
    private readonly string _stamp;

    private SqliteSnapshot(string path, string? copy) => (_path, _copy, _stamp) = (path, copy, StampOf(path));

    /// <summary>Whether the store is still as it was when it was opened.</summary>
    public bool IsCurrent => _stamp == StampOf(_path);

    /// <summary>Opens a store that cannot be opened in the ordinary way.</summary>
    public static SqliteDatabase Open(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (!log.Exists || log.Length == 0)
        {
            var uri = $"file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1";
            return new(path, uri, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI)
            {
                Snapshot = new(path, copy: null),
            };
        }

        var snapshot = new SqliteSnapshot(path, Directory.CreateTempSubdirectory("sweeps-read-").FullName);
        try
        {
            var copy = Path.Combine(snapshot._copy!, "store.db");
            File.Copy(path, copy);
            File.Copy(log.FullName, copy + "-wal");
            // A copy of a read-only file is read-only, and the log's index must be made beside it.
            foreach (var file in (string[])[copy, copy + "-wal"])
                File.SetAttributes(file, FileAttributes.Normal);
            return new(path, copy, raw.SQLITE_OPEN_READWRITE) { Snapshot = snapshot };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            snapshot.Dispose();
            throw new StoreException(
                StoreReason.Other,
                $"The store {path} lies in a folder that you may not write to, and was left with a write-ahead log; "
                    + $"it cannot be copied to be read: {error.Message} Any command by its owner tidies it up, for "
                    + "example: sweeps pause ID",
                error);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            if (_copy is not null)
                Directory.Delete(_copy, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The system's folder for temporary files is cleared by others.
        }
    }

    private static string StampOf(string path) =>
        string.Join(' ', ((string[])["", "-wal", "-shm"]).Select(ending => Stamp(new FileInfo(path + ending))));

    private static string Stamp(FileInfo file) => file.Exists ? $"{file.Length}:{file.LastWriteTimeUtc.Ticks}" : "none";
}

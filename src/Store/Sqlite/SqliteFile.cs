using System.Runtime.InteropServices;
using SQLitePCL;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// Whether the file that was opened is still the one at its path. Deleted, it is read on as if nothing had happened,
/// while whoever comes anew finds nothing, or another store.
/// </summary>
internal sealed partial class SqliteFile(string path) : IDisposable
{
    private const int HasMovedCode = 20;

    private readonly Lock _lock = new();
    private SqliteDatabase? _database;
    private bool _isClosed;

    /// <summary>What became of it, in words; null: it is there.</summary>
    public string? Look()
    {
        lock (_lock)
        {
            if (_isClosed)
                return null;
            try
            {
                // Held from the first look on: what is opened later may be another file already.
                _database ??= SqliteOpening.OpenReader(path);
            }
            catch (StoreException error)
            {
                // What cannot be looked at for now is not lost.
                return error.Reason == StoreReason.Missing ? error.Message : null;
            }

            if (!HasMoved(_database))
                return null;
        }

        return File.Exists(path)
            ? $"The store {path} was replaced by another file since it was opened. Start this program again to use "
                + "that one."
            : $"The store {path} was deleted or moved since it was opened. Put it back, and start this program again.";
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _database?.Dispose();
        }
    }

    // Not known (on Windows): an open file cannot be deleted there.
    private static bool HasMoved(SqliteDatabase database) =>
        FileControl(database.Handle, "main", HasMovedCode, out var moved) == raw.SQLITE_OK && moved != 0;

    /// <summary>SQLITE_FCNTL_HAS_MOVED, which the package has no call for.</summary>
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(nint database, string name, int code, out int value);
}

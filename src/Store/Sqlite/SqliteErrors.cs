using SQLitePCL;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>Says what SQLite's codes mean for the user's store and what to do next.</summary>
internal static class SqliteErrors
{
    public static SqliteFailure Translate(SqliteDatabase database, int code)
    {
        var extended = database.LastExtendedCode;
        // The handle's code may be of another call; only a more precise form of this one is taken.
        if ((extended & 0xff) != (code & 0xff))
            extended = code;
        return new SqliteFailure(
            ReasonOf(extended), Describe(database.Path, extended, database.LastMessage), extended);
    }

    private static StoreReason ReasonOf(int code) => (code & 0xff) switch
    {
        raw.SQLITE_FULL => StoreReason.Full,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreReason.Damaged,
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => StoreReason.NotWritable,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StoreReason.InUse,
        _ => StoreReason.Other,
    };

    private static string Describe(string path, int code, string message) => (code & 0xff) switch
    {
        raw.SQLITE_FULL =>
            $"The disk that holds the store {path} is full. Everything acknowledged is safe; free some space on "
                + "it.",
        raw.SQLITE_CORRUPT =>
            $"The store {path} is damaged ({message}). Keep a copy of it; restore it from a backup, or save what can "
                + $"be read with: sqlite3 {path} .recover",
        raw.SQLITE_NOTADB =>
            $"The store {path} is not a database of Sweeps: the file is something else, or its first bytes are "
                + "damaged. Choose another place with --store.",
        raw.SQLITE_READONLY =>
            $"The store {path} cannot be written ({message}). Check the permissions of the file and its folder and "
                + "that the disk is not mounted read-only, or choose another place with --store.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
            $"The store {path} cannot be opened ({message}). Check that the folder exists and that you may read and "
                + "write it, or choose another place with --store.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            $"The store {path} is locked by another program that does not let go of it. Close programs that write to "
                + "it (a database browser?) and try again.",
        raw.SQLITE_IOERR =>
            $"The disk under the store {path} failed ({message}, code {code}). Everything acknowledged before is safe "
                + "as far as the disk kept it; check the disk.",
        raw.SQLITE_TOOBIG =>
            $"An entry is larger than the store {path} can hold (1 GB).",
        _ => $"The store {path} refused an operation: {message} (SQLite code {code}).",
    };
}

/// <summary>An error of SQLite in the user's words, with its extended code.</summary>
internal sealed class SqliteFailure(StoreReason reason, string message, int code) : StoreException(reason, message)
{
    /// <summary>SQLite's extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>The primary result code.</summary>
    public int Primary => Code & 0xff;
}

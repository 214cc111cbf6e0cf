using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>Opens a database file: creates it, brings it to this program's version, or says why not.</summary>
internal static class SqliteOpening
{
    /// <summary>"Swps": marks the file as ours, so that another program's database is never written to.</summary>
    private const long ApplicationId = 0x53777073;

    private static readonly IReadOnlyList<Migration> Migrations = Migration.Load("Sqlite");

    public static int Version => Migrations.Count;

    /// <summary>The writing connection of the process that holds the lock.</summary>
    public static SqliteDatabase OpenWriter(string path)
    {
        var database = new SqliteDatabase(path, readOnly: false);
        try
        {
            CheckOwner(database);
            database.Script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            database.Script("PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000;");
            // What a crash left in the write-ahead log goes into the file first: then its length can be judged.
            database.Query("PRAGMA wal_checkpoint(TRUNCATE)", row => row.Int64(0));
            CheckLength(database);
            Migrate(database);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads, beside the writer's.</summary>
    public static SqliteDatabase OpenReader(string path)
    {
        if (!File.Exists(path))
            throw new StoreException(StoreReason.Missing, $"There is no store {path}. Run a sweep first, or name the "
                + "place with --store.");
        var database = new SqliteDatabase(path, readOnly: true);
        try
        {
            CheckOwner(database);
            var version = database.Number("PRAGMA user_version") ?? 0;
            if (version < Version)
            {
                throw new StoreException(
                    StoreReason.OtherVersion,
                    $"The store {path} has version {version}, this program reads {Version}. Any command that writes "
                        + "brings it up to date, for example: sweeps run FILE");
            }

            database.Script("PRAGMA query_only = ON");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static void CheckOwner(SqliteDatabase database)
    {
        var owner = database.Number("PRAGMA application_id") ?? 0;
        var tables = database.Number("SELECT count(*) FROM sqlite_master") ?? 0;
        if (tables > 0 && owner != ApplicationId)
        {
            throw new StoreException(
                StoreReason.Other,
                $"The file {database.Path} is a database of another program. Choose another place with --store.");
        }

        var version = database.Number("PRAGMA user_version") ?? 0;
        if (version > Version)
        {
            throw new StoreException(
                StoreReason.OtherVersion,
                $"The store {database.Path} has version {version}, this program knows versions up to {Version}. "
                    + "Nothing was changed; use the newer program, or choose another place with --store.");
        }
    }

    private static void CheckLength(SqliteDatabase database)
    {
        var expected = (database.Number("PRAGMA page_count") ?? 0) * (database.Number("PRAGMA page_size") ?? 0);
        var actual = new FileInfo(database.Path).Length;
        if (actual < expected)
        {
            throw new StoreException(
                StoreReason.Damaged,
                $"The store {database.Path} is cut off: {actual} of {expected} bytes are there. Restore it from a "
                    + $"backup, or save what can be read with: sqlite3 {database.Path} .recover");
        }
    }

    private static void Migrate(SqliteDatabase database)
    {
        var version = (int)(database.Number("PRAGMA user_version") ?? 0);
        foreach (var migration in Migrations.Skip(version))
        {
            database.Script("BEGIN IMMEDIATE");
            try
            {
                database.Script(migration.Sql);
                database.Script($"PRAGMA application_id = {ApplicationId}");
                database.Script($"PRAGMA user_version = {migration.Version}; COMMIT");
            }
            catch
            {
                if (database.IsInTransaction)
                    database.Script("ROLLBACK");
                throw;
            }
        }
    }
}

using SQLitePCL;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>Opens a database file: creates it, brings it to this program's version, or says why not.</summary>
internal static class SqliteOpening
{
    /// <summary>"Swps": marks the file as ours, so that another program's database is never written to.</summary>
    private const long ApplicationId = 0x53777073;

    private static readonly IReadOnlyList<Migration> Migrations = Migration.Load("Sqlite");

    /// <summary>Older versions are read as they are, since who reads may have no right to write.</summary>
    private const int VersionRead = 1;

    public static int Version => Migrations.Count;

    /// <summary>The writing connection of a process, behind the gate.</summary>
    /// <param name="path">The file.</param>
    /// <param name="others">The other processes that have the store open for writing.</param>
    public static SqliteDatabase OpenWriter(string path, IReadOnlyList<SqliteProcess> others)
    {
        var database = new SqliteDatabase(path, readOnly: false);
        try
        {
            CheckOwner(database);
            database.Script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            database.Script("PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000;");
            if (others.Count > 0)
            {
                CheckVersion(database, others);
                return database;
            }

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

    /// <summary>A connection that only reads, beside the writers'; it needs no right to write.</summary>
    public static SqliteDatabase OpenReader(string path)
    {
        CheckExists(path);
        try
        {
            return Checked(new SqliteDatabase(path, readOnly: true));
        }
        catch (SqliteFailure failure) when (failure.Primary is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
        {
            return Checked(SqliteSnapshot.Open(path));
        }
    }

    /// <summary>Opening a file for writing would make it.</summary>
    public static void CheckExists(string path)
    {
        if (!File.Exists(path))
            throw new StoreException(StoreReason.Missing, $"There is no store {path}. Run a sweep first, or name the "
                + "place with --store.");
    }

    /// <summary>Refuses to write what a newer program has changed meanwhile; within a transaction.</summary>
    public static void CheckUnchanged(SqliteDatabase database)
    {
        if ((database.Number("PRAGMA user_version") ?? 0) > Version)
            throw new StoreException(
                StoreReason.OtherVersion, StoreRules.ChangedMeanwhile(database.Path, Version));
    }

    private static SqliteDatabase Checked(SqliteDatabase database)
    {
        try
        {
            CheckOwner(database);
            if ((database.Number("PRAGMA user_version") ?? 0) < VersionRead)
            {
                throw new StoreException(
                    StoreReason.OtherVersion,
                    $"The store {database.Path} has no tables yet. Any command that writes makes them, for example: "
                        + "sweeps run FILE");
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

    private static void CheckVersion(SqliteDatabase database, IReadOnlyList<SqliteProcess> others)
    {
        var version = database.Number("PRAGMA user_version") ?? 0;
        if (version >= Version)
            return;
        throw new StoreException(
            StoreReason.InUse,
            $"The store {database.Path} has version {version} and must be brought to version {Version}, for which "
                + $"nobody else may have it open: it is in use by {string.Join(", ", others)}. Wait for it to end or "
                + "stop it, then run the same command again.");
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

using Sweeps.Core;

namespace Sweeps.Storage;

/// <summary>What the parts of an open store share.</summary>
internal sealed class SqliteSession(
    string path, SqliteWriter? writer, SqliteReaders readers, ChangeSignal changes, TimeProvider time)
{
    public string Path => path;

    public DateTimeOffset Now => StoreClock.Now(time);

    public Task<T> ReadAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken) =>
        readers.ReadAsync(work, cancellationToken);

    public Task<T> WriteAsync<T>(int rows, Func<SqliteDatabase, T> work, CancellationToken cancellationToken) =>
        writer?.WriteAsync(rows, work, cancellationToken)
        ?? throw new SweepsException(ErrorKind.Store, $"The store {path} was opened for reading only.");

    public void Raise(string topic) => changes.Raise(topic);

    /// <summary>The sweep's number in the tables.</summary>
    public long Key(SqliteDatabase database, string sweep) =>
        database.Number("SELECT key FROM sweeps WHERE id = ?", sweep) ?? throw StoreRules.NoSweep(sweep, path);
}

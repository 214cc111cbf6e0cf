using SQLitePCL;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// A connection, used by one thread at a time. It speaks to SQLite's own functions: a row costs a fifth of what it
/// costs through ADO.NET, and errors keep their extended codes.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>How long a statement waits for a lock, unless told otherwise.</summary>
    public static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    static SqliteDatabase() => Batteries_V2.Init();

    public SqliteDatabase(string path, bool readOnly)
        : this(path, path, raw.SQLITE_OPEN_READWRITE | (readOnly ? 0 : raw.SQLITE_OPEN_CREATE))
    {
    }

    /// <summary>Opens a file, or what a URI says of it, with flags of SQLite.</summary>
    /// <param name="path">The store's file, for messages.</param>
    /// <param name="opened">What SQLite opens.</param>
    /// <param name="flags">SQLITE_OPEN_...</param>
    public SqliteDatabase(string path, string opened, int flags)
    {
        Path = path;
        var code = raw.sqlite3_open_v2(opened, out _handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            var error = SqliteErrors.Translate(this, code);
            _handle.Dispose();
            throw error;
        }

        _ = raw.sqlite3_extended_result_codes(_handle, 1);
        WaitForLocks(LockPatience);
    }

    public string Path { get; }

    /// <summary>SQLite's own, for calls that the package lacks.</summary>
    public nint Handle => _handle.DangerousGetHandle();

    /// <summary>Set where the file was opened without a right to write: what of it may have changed since.</summary>
    public SqliteSnapshot? Snapshot { get; init; }

    /// <summary>False between BEGIN and its end; SQLite itself ends a transaction on some errors.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public long LastInsertedKey => raw.sqlite3_last_insert_rowid(_handle);

    public string LastMessage => raw.sqlite3_errmsg(_handle).utf8_to_string();

    public int LastExtendedCode => raw.sqlite3_extended_errcode(_handle);

    /// <summary>The prepared statement of a text, reset and ready for new values.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
            _statements[sql] = statement = new SqliteStatement(this, handle);
        }

        statement.Reset();
        return statement;
    }

    /// <summary>How long a statement waits for another process's lock.</summary>
    public void WaitForLocks(TimeSpan patience) =>
        _ = raw.sqlite3_busy_timeout(_handle, (int)Math.Min(patience.TotalMilliseconds, int.MaxValue));

    /// <summary>Runs one or more statements without values.</summary>
    public void Script(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Runs a statement; returns the rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql).Bind(values);
        while (statement.Step())
        {
        }

        statement.Reset();
        return Changes;
    }

    /// <summary>Reads all rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteStatement, T> map, params ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql).Bind(values);
        try
        {
            var rows = new List<T>();
            while (statement.Step())
                rows.Add(map(statement));
            return rows;
        }
        finally
        {
            // Also when a row cannot be read: an open statement holds its transaction.
            statement.Reset();
        }
    }

    /// <summary>The first row's first column as a number; null: no row, or NULL.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql).Bind(values);
        long? number = statement.Step() && !statement.IsNull(0) ? statement.Int64(0) : null;
        statement.Reset();
        return number;
    }

    /// <exception cref="SqliteFailure">The code is an error.</exception>
    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw SqliteErrors.Translate(this, code);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        _handle.Dispose();
        Snapshot?.Dispose();
    }
}

/// <summary>A prepared statement. Values are numbered from 1, columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public SqliteStatement Bind(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
            BindAny(index + 1, values[index]);
        return this;
    }

    public void Bind(int index, long value) => database.Check(raw.sqlite3_bind_int64(handle, index, value));

    /// <summary>NaN becomes NULL: SQLite has no NaN.</summary>
    public void Bind(int index, double value) => database.Check(raw.sqlite3_bind_double(handle, index, value));

    public void Bind(int index, string value) => database.Check(raw.sqlite3_bind_text(handle, index, value));

    /// <summary>An empty blob is not NULL, though its pointer is.</summary>
    public void Bind(int index, ReadOnlySpan<byte> value) => database.Check(
        value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));

    public void BindNull(int index) => database.Check(raw.sqlite3_bind_null(handle, index));

    /// <summary>Goes to the next row; false: there is none.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code == raw.SQLITE_DONE)
            return false;
        var error = SqliteErrors.Translate(database, code);
        Reset();
        throw error;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public double Double(int column) => IsNull(column) ? double.NaN : raw.sqlite3_column_double(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public DateTimeOffset Time(int column) => StoreClock.FromMicroseconds(Int64(column));

    public void Dispose() => handle.Dispose();

    private void BindAny(int index, object? value)
    {
        switch (value)
        {
            case null:
                BindNull(index);
                break;
            case bool flag:
                Bind(index, flag ? 1L : 0L);
                break;
            case int number:
                Bind(index, (long)number);
                break;
            case long number:
                Bind(index, number);
                break;
            case double number:
                Bind(index, number);
                break;
            case string text:
                Bind(index, text);
                break;
            case byte[] blob:
                Bind(index, blob);
                break;
            case DateTimeOffset at:
                Bind(index, StoreClock.ToMicroseconds(at));
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType().Name} is not bound.", nameof(value));
        }
    }
}

using SQLitePCL;

namespace Sweeps.Storage;

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
            case DateTimeOffset at:
                Bind(index, StoreClock.ToMicroseconds(at));
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType().Name} is not bound.", nameof(value));
        }
    }
}

using System.Text;
using SQLitePCL;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>A prepared statement. Parameters count from 1 and columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 512;

    /// <summary>Valid as long as the handle, which this object owns, is not closed.</summary>
    private nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(handle.IsClosed, this);
            return handle.DangerousGetHandle();
        }
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        database.Check(SqliteBinding.BindInt64(Pointer, parameter, value));
        return this;
    }

    public SqliteStatement BindNull(int parameter)
    {
        database.Check(SqliteBinding.BindNull(Pointer, parameter));
        return this;
    }

    /// <summary>Binds bytes; an empty span is an empty blob, not NULL.</summary>
    public SqliteStatement BindBlob(int parameter, ReadOnlySpan<byte> value)
    {
        database.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    public SqliteStatement BindText(int parameter, ReadOnlySpan<char> value)
    {
        var mostBytes = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = mostBytes <= StackBytes ? stackalloc byte[StackBytes] : new byte[mostBytes];
        var length = Encoding.UTF8.GetBytes(value, bytes);
        database.Check(raw.sqlite3_bind_text(handle, parameter, bytes[..length]));
        return this;
    }

    /// <summary>Moves to the next row. False at the end, when the statement is ready to run again.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
            return true;

        try
        {
            database.Check(result);
            return false;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Execute()
    {
        if (Step())
            Reset();
    }

    /// <summary>Gives up the rows that were not read, and with them the hold on the database's state.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    /// <summary>Lets go of large values that were bound.</summary>
    public void ClearBindings() => raw.sqlite3_clear_bindings(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>A blob's bytes, valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => handle.Dispose();
}

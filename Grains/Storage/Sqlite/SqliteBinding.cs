using System.Runtime.InteropServices;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The binding of a number, called directly: a checkpoint does that fourteen times a row, and SQLitePCL's way of calling, which guards the
/// handle each time and tells the garbage collector where the thread is, took a fifth of what the row took.
/// Nothing here waits or calls back: the connections are without mutexes.
/// </summary>
internal static partial class SqliteBinding
{
    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int BindInt64(nint statement, int parameter, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int parameter);
}

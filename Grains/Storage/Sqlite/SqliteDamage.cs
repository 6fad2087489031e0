using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Tells a damaged file from other errors, and says so to whoever reads the message.</summary>
internal static class SqliteDamage
{
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    public static LogCorruptedException InLog(string path, SqliteException exception) =>
        new($"The transaction log {path} is damaged and cannot be read: {exception.Message}");

    public static InvalidDataException InStore(string path, SqliteException exception) =>
        new($"The znode tables in {path} are damaged and cannot be read: {exception.Message}", exception);
}

using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>A transaction log in a folder.</summary>
internal sealed class SqliteLogFixture : LogFixture
{
    private readonly RecordingLogger<SqliteTransactionLog> _logger = new();
    private readonly DataDirectory _directory;
    private readonly SqliteTransactionLog _log;

    /// <param name="folder">Where its files are.</param>
    /// <param name="openSync">Opens what syncs the write-ahead log, if that is not as usual.</param>
    public SqliteLogFixture(string folder, Func<string, IDataSync>? openSync = null)
    {
        _directory = new DataDirectory(folder);
        try
        {
            _log = new SqliteTransactionLog(_directory, _logger, openSync ?? DataSync.Open);
        }
        catch
        {
            _directory.Dispose();
            throw;
        }
    }

    public override ITransactionLog Log => _log;

    public override IReadOnlyCollection<string> Warnings => _logger.Warnings;

    /// <summary>What a crash at this moment would leave.</summary>
    public static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var name in new[] { "log.db", "log.db-wal" })
            File.Copy(Path.Combine(from, name), Path.Combine(to, name));
    }

    public override void Dispose()
    {
        _log.Dispose();
        _directory.Dispose();
    }
}

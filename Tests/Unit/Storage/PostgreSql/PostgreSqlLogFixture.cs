using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.PostgreSql;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

/// <summary>A transaction log in a schema, as a silo has it.</summary>
internal sealed class PostgreSqlLogFixture : LogFixture
{
    private readonly RecordingLogger<PostgreSqlDatabase> _logger = new();
    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlTransactionLog _log;

    public PostgreSqlLogFixture(TestSchema schema, TimeSpan? patience = null, int? port = null)
    {
        _database = schema.Open(patience, port, _logger);
        _log = new PostgreSqlTransactionLog(_database, TimeProvider.System);
    }

    public override ITransactionLog Log => _log;

    public override IReadOnlyCollection<string> Warnings => _logger.Warnings;

    public override void Dispose()
    {
        _log.Dispose();
        _database.Dispose();
    }
}

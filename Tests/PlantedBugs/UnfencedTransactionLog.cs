using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.PostgreSql;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>
/// Against rule R3: an append does not check that the ledger still holds the writer's epoch, connection and last zxid, so that a sequencer
/// which does not know yet that it is deposed goes on appending and answering.
/// </summary>
internal sealed class UnfencedTransactionLog(
    [FromKeyedServices(ServiceReplacement.Sound)] ITransactionLog log, PostgreSqlDatabase database) : FaultyTransactionLog(log)
{
    private const string AppendAnyhow =
        """
        WITH tail AS
        (
          UPDATE ledger SET last_zxid = $2 WHERE id = 1 RETURNING id
        )
        INSERT INTO transaction_log (first_zxid, last_zxid, checksum, payload) SELECT $1, $2, $3, $4 FROM tail
        """;

    public override AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        failure = null;
        try
        {
            using var command = database.DataSource.CreateCommand(AppendAnyhow);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = batch.FirstZxid });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = batch.LastZxid });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = IdentifiedBatch.Of(batch).Checksum });
            command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { NpgsqlDbType = NpgsqlDbType.Bytea, TypedValue = batch.Payload });
            command.ExecuteNonQuery();
            return AppendOutcome.Appended;
        }
        catch (NpgsqlException exception)
        {
            failure = exception;
            return AppendOutcome.Failed;
        }
    }
}

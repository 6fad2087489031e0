using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// Reads the log's rows in order, in pieces of bounded size, and checks each row against its checksum and its predecessor.
/// It holds no connection and no snapshot between two pieces.
/// </summary>
internal sealed class LogReader(PostgreSqlDatabase database, long zxid)
{
    private const int PieceBytes = 4 << 20;
    private const int PieceRows = 4096;

    private static readonly string Piece =
        $"""
        SELECT first_zxid, last_zxid, checksum, payload
        FROM
        (
          SELECT *, sum(octet_length(payload)) OVER (ORDER BY last_zxid) - octet_length(payload) AS bytes_before
          FROM (SELECT * FROM transaction_log WHERE last_zxid > $1 ORDER BY last_zxid LIMIT {PieceRows}) AS some
        ) AS sized
        WHERE bytes_before < {PieceBytes}
        ORDER BY last_zxid
        """;

    private readonly string _log = $"The transaction log in {database.Name}";
    private long? _previousZxid;

    /// <summary>The next batches; none at the end of the log.</summary>
    public async Task<List<LogBatch>> ReadPieceAsync(CancellationToken cancellationToken)
    {
        var previousZxid = _previousZxid ??= await FindPreviousAsync(cancellationToken).ConfigureAwait(false);
        var batches = new List<LogBatch>();
        await using var command = Command(Piece, Math.Max(previousZxid, zxid));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var batch = new LogBatch(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(3));
            if (!ZxidOrder.Follows(batch.FirstZxid, previousZxid))
                await DemandNotTrimmedAsync(previousZxid, cancellationToken).ConfigureAwait(false);
            LogChecksum.Verify(_log, batch, reader.GetInt64(2), previousZxid);
            batches.Add(batch);
            _previousZxid = previousZxid = batch.LastZxid;
        }

        if (batches.Count == 0)
            await DemandEndAsync(previousZxid, cancellationToken).ConfigureAwait(false);
        return batches;
    }

    /// <summary>The end of the batch before the one that has the first transaction to be read.</summary>
    private async Task<long> FindPreviousAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT coalesce(
              (SELECT last_zxid FROM transaction_log WHERE last_zxid <= $1 ORDER BY last_zxid DESC LIMIT 1),
              (SELECT trimmed_zxid FROM log_trim WHERE id = 1))
            """,
            zxid);
        var previousZxid = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as long? ?? 0;
        return previousZxid <= zxid ? previousZxid : throw new LogTrimmedException(_log, previousZxid, zxid);
    }

    private async Task DemandNotTrimmedAsync(long previousZxid, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT trimmed_zxid FROM log_trim WHERE id = 1 AND trimmed_zxid > $1", previousZxid);
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long trimmedZxid)
            throw new LogTrimmedException(_log, trimmedZxid, previousZxid);
    }

    /// <summary>Where no rows come any more the ledger has to say so too.</summary>
    private async Task DemandEndAsync(long previousZxid, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT last_zxid
            FROM ledger
            WHERE id = 1 AND last_zxid > $1 AND NOT EXISTS (SELECT 1 FROM transaction_log WHERE last_zxid > $1)
            """,
            Math.Max(previousZxid, zxid));
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long lastZxid)
        {
            throw new LogCorruptedException(
                $"{_log} is damaged: it ends with zxid 0x{previousZxid:x}, but zxid 0x{lastZxid:x} was the last one that was appended.");
        }
    }

    private NpgsqlCommand Command(string sql, long parameter)
    {
        var command = database.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = parameter });
        return command;
    }
}
